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

struct ops {
	int (*helper)(int);
	int count;
};

/* of the running kernel, not copied */
extern int klpe_helper(int a);
extern int klpe_count;

int klpp_target(struct ops *ops, int a);

/* x.c:15, patched: changed by the fix */
#line 15 "x.c"
int klpp_target(struct ops *ops, int a)
{
	struct ops mine = { .helper = klpe_helper, .count = klpe_count };
	int ret = ops->helper(a) + klpe_helper(ops->count) + mine.count;

	{
		int count = ret;
		int (*helper)(int) = mine.helper;

		ret += count + helper(count);
	}
	return ret + 2;
}
