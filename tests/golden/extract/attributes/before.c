#include "env.h"


__printf(1, 2) static noinline int
say(const char *fmt, ...)
{
	return hidden(fmt[0]);
}

static int __read_mostly
tuned = 3;

__attribute__((__used__))
int target(int a) __attribute__((__cold__));

static __attribute__((__always_inline__)) inline int quick(int a)
{
	return exported(a) + tuned;
}

__attribute__((__used__)) noinline int __attribute__((__cold__))
target(int a)
{
	return say("%d", quick(a)) + 1;
}

int other(int a)
{
	tuned = a;
	return say("x") + say("%d", a);
}
