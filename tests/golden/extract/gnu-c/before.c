#include "env.h"

typedef int quad __attribute__((__vector_size__(16)));

static quad weights = { 1, 2, 3, 4 };
static long total;
static const void *volatile seen;

#define kind(x) _Generic((x), long: 'l', int: 'i', default: '?')
#define max_of(a, b) ({ __auto_type _a = (a); typeof(b) _b = (b); _a > _b ? _a : _b; })

static int same(int a)
{
	__asm__ goto("jmp %l[other]" : : "r"(a), "i"(&total) : : other);
	return a;
other:
	return -a;
}

/* Labels as values: the tables are this code's own, though one's address is kept. */
int target(int a)
{
	static const void *const table[] = { [0 ... 2] = &&none, [1] = &&one };
	static void *plain[] = { &&none, &&one };
	union {
		struct {
			int low, high;
		};
		long whole;
	} parts = { .whole = total };
	quad sum = weights + weights;

	seen = table;
	switch (a) {
	case -9 ... -1:
		return parts.low + kind(total) + kind(a);
	case 0:
		goto *plain[a & 1];
	}
	goto *table[a & 3];
one: {
	__label__ inner;

	if (a > 2)
		goto inner;
	total += max_of(a, (int)sizeof(parts)) + sum[a & 3];
inner:
	return __builtin_choose_expr(sizeof(total) == 8, a, total);
}
none:
	return same(a) + 1;
}

const void *other(int a)
{
	weights[a & 3] = a;
	return seen;
}
