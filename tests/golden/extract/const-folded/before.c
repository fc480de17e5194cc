#include "env.h"

static const int limit = 42;
static int never_written = 3;

int target(int a)
{
	return a * limit + 1;
}

int other(int a)
{
	return a * limit + never_written;
}
