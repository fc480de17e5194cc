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

struct list {
	int n;
	int items[];
};

/* of the running kernel, not copied */
extern struct list klpe_list;
extern struct list klpe_empty;

int klpp_target(int i);

/* x.c:12, patched: changed by the fix */
#line 12 "x.c"
int klpp_target(int i)
{
	return klpe_list.items[i]++ + klpe_list.n + klpe_empty.n + 2;
}
