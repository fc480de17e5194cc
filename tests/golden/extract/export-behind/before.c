#include "env.h"


int target(int a)
{
	return exported(a) + 1;
}
EXPORT_SYMBOL(target);

int other(int a)
{
	return target(a);
}
EXPORT_SYMBOL(other);
