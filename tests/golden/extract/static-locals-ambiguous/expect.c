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

int klpp_target(int (*f)(int), int a);

/* x.c:3, patched: changed by the fix */
#line 3 "x.c"
/* Declarators into which no label can be put by rule: nothing is guessed. */
int klpp_target(int (*f)(int), int a)
{
	if (a) {
		extern int (*klpe_target_last)(int); /* static: the original's */
		int changed = klpe_target_last != f;

		klpe_target_last = f;
		return changed;
	} else {
		extern int (*klpe_target_last_2)(int); /* static: the original's */

		if (klpe_target_last_2)
			a = klpe_target_last_2(a + 1);
		klpe_target_last_2 = f;
		return a;
	}
}
