#include "env.h"

static noinline int kept(int a)
{
	printk("%d\n", a);
	return a;
}

/* Gone: has one caller. */
static int gone(int a)
{
	return kept(a) * 3;
}

int target(int a)
{
	return gone(a) + 1;
}

int other(int a)
{
	return kept(a);
}
