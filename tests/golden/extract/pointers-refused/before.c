#include "env.h"
#include "x.h"

static int count;
static int said;

static noinline int helper(int a)
{
	return hidden(a + said);
}

int bump(int a)
{
	count += a;
	said += a;
	return helper(a);
}

int target(int a)
{
	show(said);
	return COUNTED(a) + by_header(a) + 1;
}
