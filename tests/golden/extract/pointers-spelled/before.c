#include "env.h"
#include "x.h"

static int count;
static int said;

int bump(int a)
{
	count += a;
	said += a;
	return hidden(a);
}

int target(int a)
{
	show(said);
	return COUNTED(a) + SUM(a) + said + 1;
}
