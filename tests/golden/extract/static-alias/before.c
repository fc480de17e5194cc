#include "env.h"


static noinline __used int real(int a)
{
	return hidden(a);
}
static int also(int a) __attribute__((__alias__("real")));

int target(int a)
{
	return also(a) + 1;
}
