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
#include "private.h"

/* the text says this name: it stays, the symbol is another */
int target(int a) __asm__("klpp_target");

/* x.c:4, patched: changed by the fix */
#line 4 "x.c"
noinline int target(int a)
{
	exported(a);
	return a ? CALL(a - 1) : 2;
}
