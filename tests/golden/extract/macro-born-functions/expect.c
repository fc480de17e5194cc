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

/* x.c:3, changed by the fix, copied: no symbol left to call */
#line 3 "x.c"
static int helper(int a)
{
	return a * 4;
}
#define STEP(name, by) static int name(int a) { return helper(a) + by; }
#define STEPS(a, b, c) STEP(a, 1) STEP(b, 2) STEP(c, 3)

/* made beside the function, not used */
static typeof(int (int)) first
	__attribute__((__unused__));
static typeof(int (int)) third
	__attribute__((__unused__));

/* x.c:10, patched: contains an inlined copy of helper() */
#line 10 "x.c"
STEPS(first, second, third)
typeof(second) klpp_second __attribute__((__alias__("second")));
