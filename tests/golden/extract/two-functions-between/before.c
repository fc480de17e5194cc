#include "env.h"


static int count;

int first(int a)
{
	return count++ + a + 1;
}

/* stays */
int middle(int a)
{
	count = a;
	return first(a);
}

int second(int a)
{
	printk("%d\n", __LINE__);
	return count-- + middle(a) + 1;
}
