#include "env.h"

/* One `n` a size, one that starts with another value, and one of a function that comes in. */
static inline int helper(int a)
{
	static int n = 7;

	return a + n++;
}

int outside(int a)
{
	return helper(a) * 3;
}

int target(int a)
{
	if (a > 3) {
		static size_t n;

		return (int)n++;
	} else {
		static int n;

		n += a;
		return n + helper(a);
	}
}
