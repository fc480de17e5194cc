#include "env.h"

static int count;

int target(int a)
{
	count++;
	return a + 1;
}

void other(int a)
{
	count = a;
}
