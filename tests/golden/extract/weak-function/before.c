#include "env.h"


int __weak tunable(int a)
{
	return exported(a);
}

int target(int a)
{
	return tunable(a) + 1;
}
