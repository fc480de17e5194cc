#include "limits.h"

int nested(int x);
int nested(int x)
{
	return CLAMP(x);
}
