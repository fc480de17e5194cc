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
	extern int klpe_target_calls; /* static: the original's */
	struct point {
		int x;
	}; extern struct point klpe_target_point; extern struct point *klpe_target_points[2]; /* static: the original's */
	extern int (*klpe_target_hook)(int (*)(int), char); extern int (*(*klpe_target_get)(int))(void); /* static: the original's */

	if (a)
		klpe_target_hook = NULL, klpe_target_point.x++, klpe_target_points[1] = &klpe_target_point, klpe_target_get = NULL;
	return klpe_target_calls++ + klpe_target_hook(NULL, 1) + klpe_target_points[0]->x + klpe_target_get(1)() + 2;
}
