#include "env.h"

#define PREFIX 3
static int shared = 1;

#include "part.c"

int other(int a)
{
	shared = a;
	return part(a) + part(shared);
}
