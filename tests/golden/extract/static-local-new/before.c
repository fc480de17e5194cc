#include "env.h"

int target(int a)
{
	static int calls;

	return calls++ + a;
}
