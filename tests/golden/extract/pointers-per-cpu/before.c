#include "env.h"


static DEFINE_PER_CPU(int, counter);
static DEFINE_PER_CPU(struct mutex, locks);

int target(int a)
{
	mutex_lock(&locks);
	return counter++ + a + 1;
}

int other(int a)
{
	counter = a;
	locks.locked = a;
	return a;
}
