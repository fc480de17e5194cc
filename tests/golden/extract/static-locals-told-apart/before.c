#include "env.h"

void use(int *p);

noinline void use(int *p)
{
	*p += 1;
}

/* Three of one name, type and size: the compiler's numbers follow no order that is written down. */
int target(int a)
{
	switch (a) {
	case 0: {
		static int seen[2][3], n = 1;

		use(seen[a]);
		return n++;
	}
	case 1: {
		static int n = 1, seen[2][3];

		use(seen[a]);
		n *= 3;
		return n;
	}
	default: {
		static int n = 1;
		static int seen[2][3] __attribute__((aligned(4)));

		use(seen[1]);
		return n--;
	}
	}
}
