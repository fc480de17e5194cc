// SPDX-License-Identifier: GPL-2.0
/*
 * Livepatch fix: the functions of x.c that it replaces.
 *
 * Made by klp-prep from the kernel's source with the fix applied. klpp_ names a
 * replacement, klpe_ a symbol of the running kernel that is not copied but resolved
 * by a livepatch relocation.
 */
#undef KBUILD_MODNAME
#define KBUILD_MODNAME "x"
#undef KBUILD_BASENAME
#define KBUILD_BASENAME "x"

#include "env.h"

int other_export(int a);

/* of the running kernel, not copied */
extern int klpe_x_global;
extern int klpe_x_function(int a);
extern int klpe_helper(int a);
extern typeof(other_export) klpe_other_export;
extern int klpe_x_static;

int klpp_target(int a);

/* x.c:19, patched: changed by the fix */
#line 19 "x.c"
int klpp_target(int a)
{
	extern int klpe_target_calls; /* static: the original's */

	klpe_x_global = a;
	return klpe_x_function(a) + klpe_helper(a) + klpe_other_export(a) + klpe_target_calls++ + klpe_x_static + 2;
}
