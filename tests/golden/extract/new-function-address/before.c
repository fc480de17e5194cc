#include "env.h"


int target(int (*hook(int (*)(int)))(int))
{
	return 1;
}
