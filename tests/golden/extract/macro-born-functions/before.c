#include "env.h"

static int helper(int a)
{
	return a * 2;
}

#define STEP(name, by) static int name(int a) { return helper(a) + by; }
#define STEPS(a, b, c) STEP(a, 1) STEP(b, 2) STEP(c, 3)
STEPS(first, second, third)

int (*const table[])(int) = { first, second, third };
