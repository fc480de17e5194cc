#include "env.h"

static int only_written;
static int asked;

int set(int a)
{
	only_written = a;
	return a;
}

int target(int a)
{
	static int often;

	often++;
	return a + 1;
}
