#include "env.h"


static struct { int a[4]; } big;
static int (*hook)(int);
static noinline long helper(int a)
{
	return hidden(a);
}

int target(int a)
{
	typeof(big.a[0]) x = a;
	typeof(helper(1)) y = sizeof(big) + sizeof(hook);
	typeof(&hook) p = &hook;

	_Static_assert(sizeof(big) == 16, "size");
	return (*p)(x) + y + 1;
}

long other(int a)
{
	big.a[a] = a;
	hook = NULL;
	return helper(a) + helper(big.a[0]);
}
