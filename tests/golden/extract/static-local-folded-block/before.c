#include "env.h"

int target(int a)
{
	if (a > 3) {
		static int n = 7;

		exported(n);
	} else {
		static int n = 7;

		return n++;
	}
	return a;
}
