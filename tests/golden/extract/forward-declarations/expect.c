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

struct later;

/* x.c:10 */
struct later {
	int a;
};

/* of the running kernel, not copied */
extern int klpe_helper(struct later *l);
extern int klpe_gone(struct later *l, int depth);

int klpp_target(struct later *l);

/* x.c:14, patched: changed by the fix */
#line 14 "x.c"
int klpp_target(struct later *l)
{
	return klpe_helper(l) + klpe_gone(l, 3) + 2;
}
