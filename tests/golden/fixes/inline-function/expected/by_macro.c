// SPDX-License-Identifier: GPL-2.0
/*
 * Livepatch fix: the functions of by_macro.c that it replaces.
 *
 * Made by klp-prep from the kernel's source with the fix applied. klpp_ names a
 * replacement, klpe_ a symbol of the running kernel that is not copied but resolved
 * by a livepatch relocation.
 */
#undef MODULE
#undef KBUILD_MODNAME
#define KBUILD_MODNAME "by_macro"
#undef KBUILD_BASENAME
#define KBUILD_BASENAME "by_macro"

#include "shape.h"

/* shape.h:18, as the fix has it */
#undef DOUBLE_PADDED
#define DOUBLE_PADDED(x) (2 * klpp_padded(x))

/* shape.h:7, as the fix has it; the kernel's headers have the old padded() */
#line 7 "shape.h"
static inline int klpp_padded(int side)
{
	return measure(side) + 2;
}

/* by_macro.c:3 */
#define OWN(x) klpp_padded(x)

int klpp_by_macro(int x);

/* by_macro.c:6, patched: contains an inlined copy of padded() */
#line 6 "by_macro.c"
int klpp_by_macro(int x)
{
	return DOUBLE_PADDED(x) - OWN(x);
}
