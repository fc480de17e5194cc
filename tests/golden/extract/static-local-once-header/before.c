#include "env.h"
#include "once.h"

int target(int a)
{
	return locked() + a;
}
