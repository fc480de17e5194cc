#include "env.h"


#define STEP 1

static int first(int a)
{
	return exported(a) + STEP;
}

#undef STEP
#define STEP 2

int target(int a)
{
	return first(a) + STEP + 1;
}
