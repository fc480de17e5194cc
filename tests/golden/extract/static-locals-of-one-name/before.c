#include "env.h"

int target(int a)
{
	if (a) {
		static int n;

		return n++;
	} else {
		static int n;

		return n-- + 1;
	}
}
