#include "env.h"
#include "private.h"

static int level = 1;
static noinline int helper(int a)
{
	return hidden(a);
}

int target(int a)
{
	return LEVEL() + level + CALL(a) + 1;
}

int other(int a)
{
	level = a;
	return helper(a) + CALL(3);
}
