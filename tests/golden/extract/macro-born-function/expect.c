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
#include "sys.h"

/* of the running kernel, not copied */
extern int klpe_count;

extern typeof(long (int, int)) call_open __asm__("klpp_call_open");

/* x.c:6, patched: changed by the fix */
#line 6 "x.c"
DEFINE_CALL(open, int, a,
	    int, b)
{
	klpe_count++;
	return a + b + 2;
}
