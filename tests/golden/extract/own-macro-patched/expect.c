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

/* x.c:5 */
#define AGAIN(a) klpp_target(a)
#define HOOK klpe_target

/* of the running kernel, not copied */
extern int klpe_target(int a);
extern int (*klpe_hook)(int);

int klpp_target(int a);

/* x.c:10, patched: changed by the fix */
#line 10 "x.c"
noinline int klpp_target(int a)
{
	if (a > 3)
		return AGAIN(a - 1);
	a += exported(HOOK == klpe_hook);
	return a ? HOOK(a - 1) : 2;
}
