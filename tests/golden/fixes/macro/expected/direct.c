// SPDX-License-Identifier: GPL-2.0
/*
 * Livepatch fix: the functions of direct.c that it replaces.
 *
 * Made by klp-prep from the kernel's source with the fix applied. klpp_ names a
 * replacement, klpe_ a symbol of the running kernel that is not copied but resolved
 * by a livepatch relocation.
 */
#undef MODULE
#undef KBUILD_MODNAME
#define KBUILD_MODNAME "direct"
#undef KBUILD_BASENAME
#define KBUILD_BASENAME "direct"

#include "limits.h"

/* limits.h:1, as the fix has it */
#undef LIMIT
#define LIMIT 64

int klpp_direct(int x);

/* direct.c:4, patched: changed by the fix */
#line 4 "direct.c"
int klpp_direct(int x)
{
	return x < LIMIT;
}
