#include "env.h"
#include "x.h"

static struct state state;

int target(int a)
{
	return first(&state) + second(&state) + a + 1;
}

static noinline int first(struct state *s)
{
	return s->count++;
}

/* Says its name. */
static noinline int second(struct state *s)
{
	printk("%s\n", __func__);
	return third(s) + 1;
}

static noinline int third(struct state *s)
{
	return s->count-- + fourth(s) + 1;
}

static int fourth(struct state *s)
{
	return s->count * 2;
}
