#include "env.h"

int other(int a)
{
	return a + 1;
}

int target(int a)
{
	return a + 2;
}
