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
	int (*fn)(int);
};

/* x.c:10, copied: no symbol left to call */
#line 10 "x.c"
static noinline void set(struct ops *o, int (*fn)(int))
{
	o->fn = fn;
}

/* of the running kernel, not copied */
extern int klpe_target(int a);
extern struct ops klpe_ops;

int klpp_target(int a);

/* x.c:15, patched: changed by the fix */
#line 15 "x.c"
noinline int klpp_target(int a)
{
	if (klpe_ops.fn == klpe_target)
		set(&klpe_ops, klpe_target);
	return a ? klpp_target(a - 1) : 2;
}
