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
#define PREFIX 3

/* of the running kernel, not copied */
extern int klpe_shared;
extern int klpe_in_part;

int klpp_part(int a);

/* part.c:4, patched: changed by the fix */
#line 4 "part.c"
noinline int klpp_part(int a)
{
	return exported(a) + klpe_shared + klpe_in_part++ + PREFIX + 2;
}
