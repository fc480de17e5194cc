#include "env.h"

/* Kept as it is. */
static noinline int helper(int a, const char *what)
{
	printk("%s\n", what);
	return hidden(a);
}

int target(int a)
{
	return helper(a, "one") + 1;
}

int other(const char *what)
{
	return helper(3, what);
}
