#include "env.h"

/* The fix changes code beside them, so that theirs lies elsewhere. */
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
