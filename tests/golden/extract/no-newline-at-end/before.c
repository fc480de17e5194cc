#include "env.h"

int target(int a)
{
	return a + 1;
}
static int tail;
int other(int a) { return tail += a; }
void more(int a) { tail = a; }