#include "flags.h"

int thing_size(const struct thing *t);
int thing_size(const struct thing *t)
{
	return t->flags & FLAG_B ? 0 : t->size;
}

int thing_ok(const struct thing *t);
int thing_ok(const struct thing *t)
{
	return t->flags & FLAG_A;
}
