#include "env.h"


static int users;

static noinline __used void put(int *p)
{
	users -= *p;
}

int target(int a)
{
	int held __cleanup(put) = a;

	users += held;
	return exported(held) + 1;
}

void other(int *p)
{
	put(p);
	put(p + 1);
}
