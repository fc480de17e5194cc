#include "env.h"

int target(int a)
{
	static int calls, errors;

	if (a)
		errors++;
	return calls++ + errors + 1;
}
