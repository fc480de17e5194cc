#include "env.h"


static int count;
static noinline int helper(int a)
{
	return hidden(a);
}
#define TWICE(x) ((x) + (x))
#define APPLY(f, x) f(x)
#define SHOW(x) printk(#x " %d\n", (int)(x))

int target(int a)
{
	SHOW(count);
	return TWICE(count) + APPLY(helper, a) + (a ? APPLY(target, a - 1) : 0) + 1;
}

int other(int a)
{
	count = a;
	return helper(a) + helper(count);
}
