#include "env.h"

static inline int gone(int a)
{
	return a + 7;
}

static inline int changed(int a)
{
	return a * 3;
}

int (*const changing)(int) = changed;

static noinline int special(int a, int b)
{
	printk("%d\n", a);
	return a + b;
}

int target(int a)
{
	return special(a, 7) + gone(a) + changed(a) + 1;
}
