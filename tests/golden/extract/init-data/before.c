#include "env.h"


static const int table[] __initconst = { 1, 2 };

int target(int a)
{
	return table[1] + a + 1;
}
