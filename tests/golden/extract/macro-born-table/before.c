#include "env.h"
#include "make.h"

MAKE(target)
{
	return a + 1;
}
