#include "env.h"

static const char *words[] = { "one", "two" };
static int level = 2;
static int *where = &level;
static int only_written;
static int asked;

static int enabled(void)
{
	return 0;
}

int set(int a)
{
	only_written = a;
	asked++;
	return a;
}

int target(int a)
{
	if (enabled() && only_written)
		return 7;
	if (!words[a & 1] || sizeof(words) != 2 * sizeof(words[0]))
		return 1;
	return (where == &level && a == (level)) + 1;
}
