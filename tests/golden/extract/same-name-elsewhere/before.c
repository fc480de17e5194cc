#include "env.h"


static noinline int twin(int a)
{
	return exported(a);
}

int target(int a)
{
	return twin(a) + 1;
}

int other(int a)
{
	return twin(a) + twin(a + 1);
}
