#include "env.h"

static noinline int special(int a, int b)
{
	printk("%d\n", a);
	return a + b;
}

int target(int a)
{
	return special(a, 7) + 1;
}
