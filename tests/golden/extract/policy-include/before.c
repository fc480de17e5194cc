#include "env.h"

static int calls;

/* emitted, for its address is taken */
static inline int counted(int a)
{
	calls++;
	return a * 3;
}

int (*const counting)(int) = counted;

static noinline int helper(int a)
{
	static int last;

	printk("%d after %d\n", a, last);
	last = a;
	return a + hidden(a);
}

int other(int a)
{
	return helper(a) + 1;
}

int target(int a)
{
	return helper(a) + counted(a);
}
