#include "env.h"

struct ops {
	int (*call)(int);
	int flags;
};

const struct ops *current_ops;

int target(int a)
{
	static const struct ops ops = { exported, 1 };
	static const struct ops one = { exported, 1 }, two = { exported, 2 };

	current_ops = a > 3 ? &one : a > 2 ? &two : &ops;
	return a;
}
