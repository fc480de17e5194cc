#include "env.h"

static int level;
static noinline int helper(int a)
{
	return hidden(a);
}

#define ADJUST(a) helper((a) + level)

void set(int a)
{
	level = ADJUST(a);
}

int target(int a)
{
	return ADJUST(a) + 1;
}
