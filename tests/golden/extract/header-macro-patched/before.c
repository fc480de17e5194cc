#include "env.h"
#include "private.h"

static noinline int target(int a)
{
	exported(a);
	return a ? CALL(a - 1) : 1;
}

int other(int a)
{
	return target(a);
}
