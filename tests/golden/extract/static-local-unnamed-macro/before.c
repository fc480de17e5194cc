#include "env.h"

#define PAIR struct { int a, b; }

int target(int a)
{
	static PAIR pair;

	pair.a += a;
	return pair.a + pair.b++;
}
