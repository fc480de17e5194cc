#include "clock.h"

int in_range(struct range *r, int x);
int in_range(struct range *r, int x)
{
	int after = r->after;

	if (before(x, r->before))
		goto before;
	return after;
before:
	return before(after, r->before) + r->before;
}

int has_local(int before);
int has_local(int before)
{
	return before + now();
}
