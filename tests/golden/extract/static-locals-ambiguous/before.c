#include "env.h"

/* Declarators into which no label can be put by rule: nothing is guessed. */
int target(int (*f)(int), int a)
{
	if (a) {
		static int (*last)(int);
		int changed = last != f;

		last = f;
		return changed;
	} else {
		static int (*last)(int);

		if (last)
			a = last(a);
		last = f;
		return a;
	}
}
