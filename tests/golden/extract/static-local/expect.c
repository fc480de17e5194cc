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

int klpp_target(int a);

/* x.c:10, patched: changed by the fix */
#line 10 "x.c"
int klpp_target(int a)
{
	extern int klpe_target_calls; /* static: the original's */
	static const char *const names[] = { "a", "b" };
	extern int klpe_target_weights[2]; /* static: the original's */



	extern struct {
		int x;
	} klpe_target_box; /* static: the original's */

	if (WARN_ON_ONCE(a < 0))
		return 0;
	printk("%s\n", names[a & 1]);
	klpe_target_box.x++;
	return klpe_target_calls++ + klpe_target_box.x + klpe_target_weights[a]++ + 2;
}
