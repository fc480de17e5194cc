#include "env.h"


static int count;
static noinline int helper(int a)
{
	return hidden(a);
}
#define next(x) ({ int __n = helper(x); count += __n; __n; })

int target(int a)
{
	int b = ({
		int c = next(a);

		c + count;
	});

	return b + 1;
}

int other(int a)
{
	return helper(a) + helper(count);
}
