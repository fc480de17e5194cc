#include "env.h"


static noinline int helper(int a)
{
	exported(a);
	return hidden(a);
}

int target(int a)
{
	return helper(a) + helper(a + 1);
}

int other(int a)
{
	return helper(a) + 3;
}
