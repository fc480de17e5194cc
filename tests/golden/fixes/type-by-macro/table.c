#include "table.h"

int table_used(const struct table *t);
int table_used(const struct table *t)
{
	return t->used;
}
