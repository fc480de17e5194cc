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
#define DEPTH 4
#define TWICE(a) ((a) * 2)

int klpp_target(int a);

/* x.c:10, patched: changed by the fix */
#line 10 "x.c"
int klpp_target(int a)
{
	extern int klpe_target_limit; /* static: the original's */
	extern char klpe_target_buf[4096]; /* static: the original's */
	extern size_t klpe_target_wide; /* static: the original's */
	extern int klpe_target_depth; /* static: the original's */
	extern struct {
		int high, low;
	} klpe_target_range; /* static: the original's */
	extern int *klpe_target_where; extern int klpe_target_same; /* static: the original's */
	static const int factor = 4;

	klpe_target_limit += a;
	klpe_target_buf[a & 15]++;
	klpe_target_wide += a;
	klpe_target_depth++;
	klpe_target_range.low++;
	klpe_target_where += a;
	klpe_target_same++;
	return klpe_target_limit + klpe_target_buf[a & 7] + klpe_target_wide + klpe_target_depth + klpe_target_range.high + *klpe_target_where + klpe_target_same + factor;
}
