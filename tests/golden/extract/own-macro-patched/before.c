#include "env.h"


static int target(int a);
#define AGAIN(a) target(a)
#define HOOK target

static int (*hook)(int);

static noinline int target(int a)
{
	if (a > 3)
		return AGAIN(a - 1);
	a += exported(HOOK == hook);
	return a ? HOOK(a - 1) : 1;
}

int other(int a)
{
	hook = a ? HOOK : NULL;
	return AGAIN(a);
}
