#include "env.h"


struct list {
	int n;
	int items[];
};

static struct list list = { 2, { 10, 20 } };
static struct list empty;

int target(int i)
{
	return list.items[i]++ + list.n + empty.n + 1;
}

void other(int i)
{
	list.n = empty.n = i;
}
