// SPDX-License-Identifier: GPL-2.0
/*
 * Livepatch fix: the functions of x.c that it replaces.
 *
 * Made by klp-prep from the kernel's source with the fix applied. klpp_ names a
 * replacement, klpe_ a pointer to a symbol of the running kernel that is not copied; it
 * is set when the livepatch is loaded.
 */
#undef KBUILD_MODNAME
#define KBUILD_MODNAME "x"
#undef KBUILD_BASENAME
#define KBUILD_BASENAME "x"

#include "env.h"

int other_export(int a);

/* of the running kernel, not copied */
extern int (*klpe_helper)(int a);
extern int (*klpe_of_module)(int a);
extern typeof(other_export) *klpe_other_export;

int klpp_target(int a);

/* x.c:23, patched: changed by the fix */
#line 23 "x.c"
int klpp_target(int a)
{
	return (*klpe_helper)(a) + (*klpe_of_module)(a) + (*klpe_other_export)(a) + exported(a) + 2;
}
