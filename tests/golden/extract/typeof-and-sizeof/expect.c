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
extern struct { int a[4]; } klpe_big;
extern long klpe_helper(int a);
extern int (*klpe_hook)(int);

int klpp_target(int a);

/* x.c:11, patched: changed by the fix */
#line 11 "x.c"
int klpp_target(int a)
{
	typeof(klpe_big.a[0]) x = a;
	typeof(klpe_helper(1)) y = sizeof(klpe_big) + sizeof(klpe_hook);
	typeof(&klpe_hook) p = &klpe_hook;

	_Static_assert(sizeof(klpe_big) == 16, "size");
	return (*p)(x) + y + 2;
}
