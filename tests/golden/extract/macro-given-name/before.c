#include "env.h"
#include "call.h"

static int count;

CALL_1(target, int, a)
{
	count++;
	return a + 1;
}

int other(int a)
{
	return count + target(a);
}
