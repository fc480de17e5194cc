#include "env.h"

static int changed(int a)
{
	return exported(a) + 1;
}

int target(int a)
{
	return changed(a) * 3;
}
