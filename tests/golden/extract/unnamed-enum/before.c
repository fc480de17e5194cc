#include "env.h"

static enum {
	STATE_EMPTY = 0, /* nothing yet */
	STATE_READY = 1,
} state __read_mostly = STATE_EMPTY;

static struct pair {
	char a;
	int b;
} __attribute__((__packed__)) pair;

int set_state(int a)
{
	state = a;
	pair.b = a;
	return 0;
}

int target(struct pair *p)
{
	if (state == STATE_READY)
		return sizeof(*p);
	return STATE_READY + 1;
}
