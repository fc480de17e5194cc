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
	int (*call)(int);
	int flags;
};

/* of the running kernel, not copied */
extern const struct ops *current_ops;

int klpp_target(int a);

/* x.c:10, patched: changed by the fix */
#line 10 "x.c"
int klpp_target(int a)
{
	static const struct ops ops = { exported, 3 };
	static const struct ops one = { exported, 1 }, two = { exported, 2 };

	current_ops = a > 3 ? &one : a > 2 ? &two : &ops;
	return a;
}
