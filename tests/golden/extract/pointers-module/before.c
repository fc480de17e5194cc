#include "env.h"

int other_export(int a);

static int count;

int of_module(int a)
{
	return a + count;
}

static noinline int helper(int a)
{
	count += a;
	return of_module(a);
}

int bump(int a)
{
	return helper(a);
}

int target(int a)
{
	return helper(a) + of_module(a) + other_export(a) + exported(a) + 1;
}
