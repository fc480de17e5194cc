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

/* of the running kernel, not copied */
extern int (*klpe_helper)(int a, const char *what);

int klpp_target(int a);

/* x.c:10, patched: changed by the fix */
#line 10 "x.c"
int klpp_target(int a)
{
	return (*klpe_helper)(a, "one") + 2;
}
