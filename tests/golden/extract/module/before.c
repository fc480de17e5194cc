#include "env.h"


int other_export(int a);

int x_global;
static int x_static;

int x_function(int a)
{
	return a + x_static++;
}

static noinline __used int helper(int a)
{
	return exported(a);
}

int target(int a)
{
	static int calls;

	x_global = a;
	return x_function(a) + helper(a) + other_export(a) + calls++ + x_static + 1;
}
