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
extern int klpe_calls;

/* x.c:5, copied: inline */
#line 5 "x.c"
/* emitted, for its address is taken */
static inline int counted(int a)
{
	klpe_calls++;
	return a * 3;
}

/* of the running kernel, not copied */
extern int klpe_helper(int a);

int klpp_other(int a);

/* x.c:23, patched: contains an inlined copy of helper() */
#line 23 "x.c"
int klpp_other(int a)
{
	return klpe_helper(a) + 1;
}

int klpp_target_checked(int a);

/* x.c:28, patched: changed by the fix */
#line 28 "x.c"
int klpp_target_checked(int a)
{
	return klpe_helper(a) + counted(a + 1);
}
