#include "env.h"

static noinline int one(int a)
{
	return hidden(a);
}

static noinline int two(int a)
{
	return exported(a);
}

static int (*const table[])(int) = { one, two };

int target(int a)
{
	return table[a](a) + 1;
}
