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

/* x.c:4, changed by the fix, copied: what is left was specialised to its old callers */
#line 4 "x.c"
static noinline int helper(int a, int b)
{
	exported(a);
	return hidden(a) + b;
}

int klpp_target(int a);

/* x.c:10, patched: changed by the fix */
#line 10 "x.c"
int klpp_target(int a)
{
	return helper(a, 1) + helper(a + 1, 2);
}

int klpp_other(int a);

/* x.c:15, patched: changed by the fix */
#line 15 "x.c"
int klpp_other(int a)
{
	return helper(a, 3) + 3;
}
