#include "env.h"


static struct mutex first, second;
static struct mutex *const all[] = { &first, &second };
static const char greeting[] = "hello";

int target(int a)
{
	mutex_lock(all[a]);
	printk("%s\n", greeting);
	return sizeof(greeting) + 1;
}

const void *other(int a)
{
	return a ? (const void *)all[a] : greeting;
}
