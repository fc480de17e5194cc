#include "env.h"


struct later;
static int helper(struct later *l);
static int unused_one(void);
int target(struct later *l);
static int gone(struct later *l, int depth);

struct later {
	int a;
};

int target(struct later *l)
{
	return helper(l) + gone(l, 3) + 1;
}

static int __attribute__((__unused__)) unused_one(void)
{
	return 3;
}

static int gone(struct later *l, int depth)
{
	return depth ? gone(l, depth - 1) + exported(depth) : l->a;
}

static noinline __used int helper(struct later *l)
{
	return hidden(l->a);
}

int other(struct later *l)
{
	return helper(l) + helper(l + 1);
}
