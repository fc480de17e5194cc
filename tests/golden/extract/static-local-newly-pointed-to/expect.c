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

/* of the running kernel, not copied */
extern const int *kept;

int klpp_target(int a);

/* x.c:5, patched: changed by the fix */
#line 5 "x.c"
/* Folded into the code, until somebody wants its address. */
int klpp_target(int a)
{
	static const int limit = 8;

	kept = &limit;
	return a + limit;
}
