#include "env.h"

static inline __attribute__((__always_inline__)) int middle(int a)
{
	static int n;

	n += a;
	return n;
}

static inline __attribute__((__always_inline__)) int upper(int a)
{
	static int limit;

	limit += a;
	return middle(a) + limit;
}

int target(int a)
{
	return upper(a) + 1;
}
