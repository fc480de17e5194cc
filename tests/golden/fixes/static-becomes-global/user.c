#include "pool.h"

int user(int n);
int user(int n)
{
	return pool_get(n);
}
