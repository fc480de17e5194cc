#include "env.h"
#include "x.h"

struct log {
	int said;
};

static int count;
static int said;

int bump(int a)
{
	count += a;
	said += a;
	return hidden(a);
}

int target(int a, struct log *log)
{
	int n = 0;

	if (a > 1) {
		int count = a;

		n += count;
	}
	show(said);
	log->said = n;
	return COUNTED(a) + 1;
}
