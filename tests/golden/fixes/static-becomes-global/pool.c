#include "pool.h"

static int used;

static __attribute__((noinline)) int pool_room(int limit)
{
	return limit - used;
}

static int pool_twice(int n)
{
	return 2 * n;
}

int pool_get(int n)
{
	if (pool_room(1000) < pool_twice(n))
		return -1;
	used += n;
	return used;
}
