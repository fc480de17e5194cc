#include "env.h"

#define LOCAL static noinline
#define ONE_FILE static

static int count;

LOCAL int target(int a)
{
	return a + count++;
}

/* A word in a comment: static. */
ONE_FILE __attribute__((__noinline__)) int
second(int a)
{
	return a ? second(a - count) : 1;
}

int other(int a)
{
	return target(a) + second(a + 1) + target(a + 2) + second(count);
}
