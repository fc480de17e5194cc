#include "shape.h"

/* Reads the header, and has no code of what the fix changes. */
int reader(int x);
int reader(int x)
{
	return plain(x) + 3;
}
