#include "env.h"


struct ops {
	int (*helper)(int);
	int count;
};

static int count;
static noinline int helper(int a)
{
	return hidden(a);
}

int target(struct ops *ops, int a)
{
	struct ops mine = { .helper = helper, .count = count };
	int ret = ops->helper(a) + helper(ops->count) + mine.count;

	{
		int count = ret;
		int (*helper)(int) = mine.helper;

		ret += count + helper(count);
	}
	return ret + 1;
}

int other(int a)
{
	count = a;
	return helper(a) + helper(count);
}
