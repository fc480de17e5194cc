#include "limits.h"

extern void complain(int x);

int inlined(int x);
int inlined(int x)
{
	if (is_over(x))
		complain(x);
	return x;
}
