#include "limits.h"

int glued(int x);
int glued(int x)
{
	return x < GLUE(LIMIT_, SMALL);
}
