#include "env.h"
#include "private.h"

int target(int a)
{
	return count() + a + 1;
}
