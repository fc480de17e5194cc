#include "limits.h"

int is_small(int x);
int is_small(int x)
{
	return x < LIMIT(SMALL);
}

int is_large(int x);
int is_large(int x)
{
	return x > LIMIT(LARGE);
}
