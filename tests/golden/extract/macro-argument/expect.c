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

/* x.c:9 */
#define TWICE(x) ((x) + (x))
#define APPLY(f, x) f(x)
#define SHOW(x) printk(#x " %d\n", (int)(x))

/* of the running kernel, not copied */
extern int count __asm__("klpe_count");
extern int klpe_helper(int a);

int klpp_target(int a);

/* x.c:13, patched: changed by the fix */
#line 13 "x.c"
int klpp_target(int a)
{
	SHOW(count);
	return TWICE(count) + APPLY(klpe_helper, a) + (a ? APPLY(klpp_target, a - 1) : 0) + 2;
}
