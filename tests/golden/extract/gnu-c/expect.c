// SPDX-License-Identifier: GPL-2.0
/*
 * Livepatch fix: the functions of x.c that it replaces.
 *
 * Made by klp-prep from the kernel's source with the fix applied. klpp_ names a
 * replacement, klpe_ a symbol of the running kernel that is not copied but resolved
 * by a livepatch relocation.
 */
#undef MODULE
#undef KBUILD_MODNAME
#define KBUILD_MODNAME "x"
#undef KBUILD_BASENAME
#define KBUILD_BASENAME "x"

#include "env.h"

typedef int quad __attribute__((__vector_size__(16)));

/* x.c:9 */
#define kind(x) _Generic((x), long: 'l', int: 'i', default: '?')
#define max_of(a, b) ({ __auto_type _a = (a); typeof(b) _b = (b); _a > _b ? _a : _b; })

/* of the running kernel, not copied */
extern long klpe_total;

/* x.c:12, copied: no symbol left to call */
#line 12 "x.c"
static int same(int a)
{
	__asm__ goto("jmp %l[other]" : : "r"(a), "i"(&klpe_total) : : other);
	return a;
other:
	return -a;
}

/* of the running kernel, not copied */
extern quad klpe_weights;
extern const void *volatile klpe_seen;

int klpp_target(int a);

/* x.c:20, patched: changed by the fix */
#line 20 "x.c"
/* Labels as values: the tables are this code's own, though one's address is kept. */
int klpp_target(int a)
{
	static const void *const table[] = { [0 ... 2] = &&none, [1] = &&one };
	static void *plain[] = { &&none, &&one };
	union {
		struct {
			int low, high;
		};
		long whole;
	} parts = { .whole = klpe_total };
	quad sum = klpe_weights + klpe_weights;

	klpe_seen = table;
	switch (a) {
	case -9 ... -1:
		return parts.low + kind(klpe_total) + kind(a);
	case 0:
		goto *plain[a & 1];
	}
	goto *table[a & 3];
one: {
	__label__ inner;

	if (a > 2)
		goto inner;
	klpe_total += max_of(a, (int)sizeof(parts)) + sum[a & 3];
inner:
	return __builtin_choose_expr(sizeof(klpe_total) == 8, a, klpe_total);
}
none:
	return same(a) + 2;
}
