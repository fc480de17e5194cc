#include "env.h"

struct unused {
	int a;
};

static int unused_count;
#define UNUSED 3

int unused(void)
{
	return unused_count++ + UNUSED;
}

/* Adds up. */
int target(int a)
{
	printk("%d\n", a);
	return exported(a) + in_header(exported_count) + 1;
}
