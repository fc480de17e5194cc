// SPDX-License-Identifier: GPL-2.0
/*
 * Livepatch fix: the functions of halves.c that it replaces.
 *
 * Made by klp-prep from the kernel's source with the fix applied. klpp_ names a
 * replacement, klpe_ a symbol of the running kernel that is not copied but resolved
 * by a livepatch relocation.
 */
#undef MODULE
#undef KBUILD_MODNAME
#define KBUILD_MODNAME "halves"
#undef KBUILD_BASENAME
#define KBUILD_BASENAME "halves"

#include "limits.h"

/* limits.h:1, as the fix has it */
#undef LIMIT_SMALL
#define LIMIT_SMALL 8

int klpp_glued(int x);

/* halves.c:4, patched: changed by the fix */
#line 4 "halves.c"
int klpp_glued(int x)
{
	return x < GLUE(LIMIT_, SMALL);
}
