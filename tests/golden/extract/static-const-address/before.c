#include "env.h"

#define pure_size(a) (sizeof(a) / sizeof((a)[0]))

struct ops {
	int (*call)(int);
	int flags;
};

const struct ops *current_ops;

int target(int a)
{
	static const struct ops ops = { exported, 1 };
	static const int table[] = { 1, 2, 3, 5 };
	static const char name[] = "target";
	static const struct ops marker;

	if (current_ops == &marker)
		return 0;
	current_ops = &ops;
	printk(name);
	return table[a & 3] + (int)pure_size(table);
}
