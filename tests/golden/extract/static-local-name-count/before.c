#include "env.h"

int target(int a)
{
	if (a > 3) {
		static int n;

		return n++;
	}
	return a;
}
