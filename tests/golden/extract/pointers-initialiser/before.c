#include "env.h"

static int count;
static noinline int helper(int a)
{
	return hidden(a);
}

int bump(int a)
{
	count += a;
	return helper(a);
}

int target(int a)
{
	return count + a + 1;
}
