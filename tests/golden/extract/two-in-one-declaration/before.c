#include "env.h"

static int first = 1, *second = &first, third[3];

int target(int a)
{
	*second = a;
	return third[a] + 1;
}

void other(int a, int *p)
{
	first = a;
	second = p;
	third[a] = first;
}
