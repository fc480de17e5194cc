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
#define LOCAL static noinline
#define ONE_FILE static

/* of the running kernel, not copied */
extern int klpe_count;

/* x.c:8, patched: changed by the fix */
#line 8 "x.c"
LOCAL int target(int a)
{
	return a - klpe_count++;
}
typeof(target) klpp_target __attribute__((__alias__("target")));

/* x.c:13, patched: changed by the fix */
#line 13 "x.c"
/* A word in a comment: static. */
ONE_FILE __attribute__((__noinline__)) int
second(int a)
{
	return a ? second(a - klpe_count) : 2;
}
typeof(second) klpp_second __attribute__((__alias__("second")));
