#define CALL(x) target(x)
