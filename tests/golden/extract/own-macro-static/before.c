#include "env.h"


static int level = 1;
static struct mutex lock;

/* Both are edited in the copies of the macros. */
#define LEVEL() (level + 1)
#define WITH_LOCK(x) do { mutex_lock(&lock); (x); mutex_unlock(&lock); } while (0)
#define UNUSED() (level + 3)

int target(int a)
{
	WITH_LOCK(exported(LEVEL()));
	return a + 1;
}

void other(int a)
{
	level = a;
	mutex_lock(&lock);
}
