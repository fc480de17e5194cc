#include "env.h"

struct entry {
	int key;
	const char *name;
};

static struct entry table[] = {
	{ 1, "one" },
	{ 2, "two" },
};

int target(int key)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (table[i].key == key)
			table[i].key += sizeof(table);
	return 1;
}

void other(int i)
{
	table[i].key++;
}
