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
#define FEATURE 1

/* of the running kernel, not copied */
extern int klpe_feature(int a);

int klpp_target(int a);

/* x.c:21, patched: changed by the fix */
#line 21 "x.c"
int klpp_target(int a)
{
#ifdef FEATURE
	a += klpe_feature(a);
#else
	a = nothing;
#endif
#if defined(OTHER) || \
	defined(MORE)
	a = no_feature(a);
#elif FEATURE > 0
	a++;
#endif
	return a + 2;
}
