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

/* x.c:21 */
int thunk(int a);

int klpp_target(int a);

/* x.c:23, patched: changed by the fix */
#line 23 "x.c"
/* Names that no declaration can change. */
int klpp_target(int a)
{
	int b = a;

	__asm__ volatile("call helper" : "+D"(a) : : "memory", "ax");
	__asm__ volatile("call x_global\n\taddl count(%%rip), %0" : "+D"(b) : : "memory", "ax");
	return thunk(a) + b + 2;
}
