#include "env.h"

static struct {
	int a;
	struct {
		int b;
	} in;
} state = { 1, { 2 } };

static const struct {
	const char *name;
} __attribute__((__packed__)) strings[] = { { "a" }, { "b" } }, *chosen;

#define aligned __attribute__((__aligned__(64)))
static struct {
	int c;
} core aligned = { 3 }, __attribute__((__packed__)) spare;

int target(int a)
{
	core.c += spare.c;
	if (a)
		printk("%s\n", chosen->name);
	state.in.b += sizeof(state.in) + a;
	printk("%s\n", strings[a & 1].name);
	return state.a + 1;
}

void other(int a)
{
	state.a = core.c = spare.c = a;
	chosen = &strings[a];
}
