#include "env.h"

static int even(int a);

static noinline int odd(int a)
{
	exported(a);
	return a ? even(a - 1) : 0;
}

static noinline int even(int a)
{
	exported(a);
	return a ? odd(a - 1) : 1;
}

int use(int a)
{
	return even(a);
}
