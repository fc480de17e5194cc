#include "env.h"

#define say(thing) printk("%s: %s is %d\n", __func__, #thing, (int)(thing))
#define name_of(thing) #thing
#define call(f, a) (printk("calling %s\n", #f), f(a))

static int shared;
static DEFINE_PER_CPU(int, counter);
static int silent;
static struct ops {
	int (*run)(int a);
} ops;

/* Prints its own name, is called by the other one, and has its address taken. */
static noinline __used int target(int a)
{
	static int calls;

	say(shared);
	say(calls++);
	silent += a;
	ops.run = target;
	return a + 1;
}

/* Its name is printed by its caller. */
noinline int named(int a)
{
	counter += a;
	printk("%s\n", name_of(counter));
	return a + 1;
}

int run(int a)
{
	return ops.run(a);
}

int caller(int a)
{
	printk("%s %s\n", name_of(shared), name_of(&counter));
	shared = silent;
	return call(named, a) + target(a) + 1;
}
