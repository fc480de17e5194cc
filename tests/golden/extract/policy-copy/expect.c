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
extern int klpe_calls;

/* x.c:5, copied: inline */
#line 5 "x.c"
/* emitted, for its address is taken */
static inline int counted(int a)
{
	klpe_calls++;
	return a * 3;
}

/* x.c:14, copied: asked for */
#line 14 "x.c"
static noinline int helper(int a)
{
	extern int klpe_helper_last; /* static: the original's */

	printk("%d after %d\n", a, klpe_helper_last);
	klpe_helper_last = a;
	return a + hidden(a);
}

int klpp_target(int a);

/* x.c:28, patched: changed by the fix */
#line 28 "x.c"
int klpp_target(int a)
{
	return helper(a) + counted(a + 1);
}
