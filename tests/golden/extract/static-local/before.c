#include "env.h"

int other(int a)
{
	static int calls = 3;

	return calls++ + a;
}

int target(int a)
{
	static int calls;
	static const char *const names[] = { "a", "b" };
	static int weights[] = {
		1,
		2,
	};
	static struct {
		int x;
	} box;

	if (WARN_ON_ONCE(a < 0))
		return 0;
	printk("%s\n", names[a & 1]);
	box.x++;
	return calls++ + box.x + weights[a]++ + 1;
}
