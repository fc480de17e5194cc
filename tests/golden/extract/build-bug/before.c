#include "env.h"

/* A call that optimisation removes, or the compiler complains; without inlining it stays. */
#define paste_(a, b) a##b
#define paste(a, b) paste_(a, b)
#define check_(condition, fn)                                          \
	do {                                                           \
		extern void fn(void) __attribute__((__error__("it"))); \
		if (!(condition))                                      \
			fn();                                          \
	} while (0)
#define check(condition) check_(condition, paste(__compiletime_assert_, __COUNTER__))

static inline int half_of(int x)
{
	return x / 2;
}

int other(int a)
{
	check(half_of(16) == 8);
	return a;
}

int target(int a)
{
	check(half_of(12) == 6);
	return a + 1;
}
