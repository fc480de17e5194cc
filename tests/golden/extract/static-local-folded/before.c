#include "env.h"

int other(int a)
{
	static int calls;

	return a + calls++;
}

int target(int a)
{
	static int calls = 3;

	return a * calls + other(a + 1);
}
