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

/* x.c:3, changed by the fix, copied: inline */
#line 3 "x.c"
static inline __attribute__((__always_inline__)) int middle(int a)
{
	extern int klpe_middle_n; /* static: the original's */

	klpe_middle_n += a + 1;
	return klpe_middle_n;
}

/* x.c:11, changed by the fix, copied: inline */
#line 11 "x.c"
static inline __attribute__((__always_inline__)) int upper(int a)
{
	extern int klpe_upper_limit; /* static: the original's */

	klpe_upper_limit += 2 * a;
	return middle(a) + klpe_upper_limit;
}

int klpp_target(int a);

/* x.c:19, patched: contains an inlined copy of upper() */
#line 19 "x.c"
int klpp_target(int a)
{
	return upper(a) + 1;
}
