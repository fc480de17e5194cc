// SPDX-License-Identifier: GPL-2.0
/*
 * Livepatch fix: the functions of x.c that it replaces.
 *
 * Made by klp-prep from the kernel's source with the fix applied. klpp_ names a
 * replacement, klpe_ a symbol of the running kernel that is not copied but resolved
 * by a livepatch relocation.
 */
#undef KBUILD_MODNAME
#define KBUILD_MODNAME "x"
#undef KBUILD_BASENAME
#define KBUILD_BASENAME "x"

#include "env.h"
#include "static_call.h"

/* of the running kernel, not copied */
extern struct static_call_key __SCK__chosen __asm__("klpe___SCK__chosen");
extern typeof(int (int)) __SCT__chosen __asm__("klpe___SCT__chosen");

int klpp_target(int a);

/* x.c:10, patched: changed by the fix */
#line 10 "x.c"
int klpp_target(int a)
{
	return static_call(chosen)(a) + 2;
}
