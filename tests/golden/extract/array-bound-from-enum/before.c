#include "env.h"


enum { NONE, ONE, NKINDS };
struct kind {
	char name[NKINDS * 4];
};

static struct kind kinds[NKINDS] = { [ONE] = { "one" } };
static char buffer[sizeof(struct kind)];

int target(int a)
{
	buffer[0] = kinds[a].name[0];
	return buffer[a] + 1;
}

void other(int a)
{
	kinds[a].name[0] = buffer[a];
}
