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

/* x.c:3, copied: inline */
#line 3 "x.c"
static inline int gone(int a)
{
	return a + 7;
}

/* x.c:8, changed by the fix, copied: inline */
#line 8 "x.c"
static inline int changed(int a)
{
	return a * 4;
}

/* x.c:15, copied: what is left was specialised to its old callers */
#line 15 "x.c"
static noinline int special(int a, int b)
{
	printk("%d\n", a);
	return a + b;
}

int klpp_target(int a);

/* x.c:21, patched: changed by the fix */
#line 21 "x.c"
int klpp_target(int a)
{
	return special(a, 7) + gone(a) + changed(a) + 2;
}
