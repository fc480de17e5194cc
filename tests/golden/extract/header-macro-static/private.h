#define LEVEL() (level + 1)
#define CALL(x) helper(x)
