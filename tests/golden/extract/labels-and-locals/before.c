#include "env.h"


static int out;
static noinline int retry(int a)
{
	return hidden(a);
}
struct retry {
	int out;
};

int target(int a, struct retry *err)
{
	int i;

	for (i = 0; i < a; i++) {
		if (exported(i))
			goto out;
	}
retry:
	if (err->out++)
		goto retry;
	return retry(out);
out:
	return ({ int out = a; out; }) + 1;
}

int other(int a)
{
	out = a;
	return retry(a) + retry(out);
}
