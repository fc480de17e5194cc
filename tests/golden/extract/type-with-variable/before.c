#include "env.h"

static struct config {
	int limit;
	enum mode { SLOW, FAST } mode;
} config = { 3, SLOW };

int target(struct config *c)
{
	return c->limit + (c->mode == FAST) + 1;
}

int other(int a)
{
	config.mode = a;
	return config.limit;
}
