#include "env.h"


static int __init setup(int a)
{
	return exported(a) + exported(a);
}

int target(int a)
{
	return a ? setup(a) : 1;
}
