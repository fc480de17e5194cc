#include "shape.h"

#define OWN(x) padded(x)

int by_macro(int x);
int by_macro(int x)
{
	return DOUBLE_PADDED(x) - OWN(x);
}
