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

struct book {
	int number;
};

/* beside.h:1, new with the fix */
struct beside {
	int lent;
};

/* beside.h:5, new with the fix */
#line 5 "beside.h"
static inline int beside_lend(struct book *b, struct beside *s)
{
	return exported(b->number) + s->lent++;
}

int klpp_target(struct book *b);

/* x.c:9, patched: changed by the fix */
#line 9 "x.c"
int klpp_target(struct book *b)
{
	struct beside s = { 1 };

	return beside_lend(b, &s);
}
