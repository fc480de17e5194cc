#include "env.h"
#include "private.h"

int target(int a)
{
	return seen++ + a + limits[1] + 1;
}
