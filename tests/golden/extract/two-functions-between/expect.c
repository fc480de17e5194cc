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
extern int klpe_count;

int klpp_first(int a);

/* x.c:6, patched: changed by the fix */
#line 6 "x.c"
int klpp_first(int a)
{
	return klpe_count++ + a + 2;
}

/* of the running kernel, not copied */
extern int middle(int a);

int klpp_second(int a);

/* x.c:18, patched: changed by the fix */
#line 18 "x.c"
int klpp_second(int a)
{
	printk("%d\n", __LINE__);
	return klpe_count-- + middle(a) + 2;
}
