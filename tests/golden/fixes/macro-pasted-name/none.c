#include "limits.h"

int none(int x);
int none(int x)
{
	return x < GLUE(LIMIT_, LARGE);
}
