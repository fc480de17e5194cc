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
#include "knob.h"

/* x.c:4, changed by the fix, copied: no symbol left to call */
#line 4 "x.c"
static int knob_scale(int a, int by)
{
	return a * by + 2;
}

/* of the running kernel, not copied */
extern int knob __asm__("klpe_knob");

extern typeof(int (int)) knob_get __asm__("klpp_knob_get");

/* made beside the function, not used */
static int *__param_knob __attribute__((__unused__));

/* x.c:10, patched: contains an inlined copy of knob_scale() */
#line 10 "x.c"
KNOB(knob)
