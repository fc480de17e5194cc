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

int klpp_both(int a);

/* x.c:3, patched: changed by the fix */
#line 3 "x.c"
int klpp_both(int a)
{
	return a + 3;
}

int klpp_target(int a);

/* x.c:8, patched: changed by the fix */
#line 8 "x.c"
int klpp_target(int a)
{
	return a + 4;
}
