#include "env.h"

#define OTHER(name)
static union {
	struct convert {
#define KIND(name) long name;
#include "kinds.h"
#undef KIND
	} *as;
	const char *text;
} convert;

static unsigned char map[] = {
#define KIND(name) __builtin_offsetof(struct convert, name),
#include "kinds.h"
#undef KIND
};
#undef OTHER

int target(int i)
{
	if (!convert.text)
		return 0;
	return map[i];
}

void other(struct convert *as)
{
	convert.as = as;
	map[0]++;
}
