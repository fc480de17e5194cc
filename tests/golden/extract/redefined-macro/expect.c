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
#define STEP 1

/* x.c:6, copied: no symbol left to call */
#line 6 "x.c"
static int first(int a)
{
	return exported(a) + STEP;
}
#undef STEP
#define STEP 2

int klpp_target(int a);

/* x.c:14, patched: changed by the fix */
#line 14 "x.c"
int klpp_target(int a)
{
	return first(a) + STEP + 2;
}
