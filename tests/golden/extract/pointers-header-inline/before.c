#include "env.h"
#include "x.h"

int target(int a)
{
	return COUNTED(a) + by_header(a) + 1;
}
