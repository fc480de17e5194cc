#include "env.h"
#include "sys.h"

static int count;

DEFINE_CALL(open, int, a,
	    int, b)
{
	count++;
	return a + b + 1;
}

static DEFINE_SHOW(count)
{
	return count;
}

int other(int a)
{
	count = a;
	return show_count(a);
}
