#include "env.h"

const int *kept;

/* Folded into the code, until somebody wants its address. */
int target(int a)
{
	static const int limit = 8;

	return a + limit;
}
