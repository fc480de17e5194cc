#define LIMIT_SMALL 10
#define LIMIT_LARGE 1000
#define LIMIT(size) LIMIT_##size
#define GLUE(a, b) a##b
