#include "env.h"


static int old(int a)
{
	return exported(a);
}

int target(int a)
{
	return old(a) + 1;
}
