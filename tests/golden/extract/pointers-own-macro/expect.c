// SPDX-License-Identifier: GPL-2.0
/*
 * Livepatch fix: the functions of x.c that it replaces.
 *
 * Made by klp-prep from the kernel's source with the fix applied. klpp_ names a
 * replacement, klpe_ a pointer to a symbol of the running kernel that is not copied; it
 * is set when the livepatch is loaded.
 */
#undef MODULE
#undef KBUILD_MODNAME
#define KBUILD_MODNAME "x"
#undef KBUILD_BASENAME
#define KBUILD_BASENAME "x"

#include "env.h"

/* x.c:9 */
#define ADJUST(a) (*klpe_helper)((a) + (*klpe_level))

/* of the running kernel, not copied */
extern int (*klpe_helper)(int a);
extern int *klpe_level;

int klpp_target(int a);

/* x.c:16, patched: changed by the fix */
#line 16 "x.c"
int klpp_target(int a)
{
	return ADJUST(a) + 2;
}
