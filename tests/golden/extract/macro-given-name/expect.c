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
#include "call.h"

/* of the running kernel, not copied */
extern int klpe_count;

extern typeof(int (long)) target __asm__("klpp_target");

/* x.c:6, patched: contains an inlined copy of ____target() */
#line 6 "x.c"
CALL_1(target, int, a)
{
	klpe_count++;
	return a + 2;
}

int klpp_other(int a);

/* x.c:12, patched: changed by the fix */
#line 12 "x.c"
int klpp_other(int a)
{
	return klpe_count + target(a) + 1;
}
