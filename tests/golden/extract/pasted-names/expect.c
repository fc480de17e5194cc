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

/* x.c:5 */
#define VALUE(n) value_##n
#define GET(n) (VALUE(n) + 1)

/* of the running kernel, not copied */
extern int value_one __asm__("klpe_value_one");
extern int value_two __asm__("klpe_value_two");

int klpp_target(int a);

/* x.c:8, patched: changed by the fix */
#line 8 "x.c"
int klpp_target(int a)
{
	return VALUE(one) + GET(two) + a + 2;
}
