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

int target(int a)
{
	if (a)
		printk("%s\n", chosen->name);
	state.in.b += sizeof(state.in) + a;
	printk("%s\n", strings[a & 1].name);
	return state.a + 1;
}

void other(int a)
{
	state.a = a;
	chosen = &strings[a];
}
