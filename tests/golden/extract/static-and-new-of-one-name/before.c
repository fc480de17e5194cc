#include "env.h"


static noinline __used int helper(int a)
{
	return hidden(a);
}

int target(int a)
{
	return helper(a) + 1;
}
