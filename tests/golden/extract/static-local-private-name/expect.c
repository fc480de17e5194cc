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

/* x.c:3, patched: changed by the fix */
#line 3 "x.c"
int klpp_target(int a)
{
	extern int klpe_target_descriptor; /* static: the original's */
	extern int klpe_target___warned; extern int klpe_target__rs; /* static: the original's */

	if (!klpe_target___warned)
		klpe_target___warned = a;
	if (WARN_ON_ONCE(a < 0))
		return klpe_target__rs++;
	return klpe_target_descriptor++ - klpe_target___warned;
}
