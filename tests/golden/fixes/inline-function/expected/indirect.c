// SPDX-License-Identifier: GPL-2.0
/*
 * Livepatch fix: the functions of indirect.c that it replaces.
 *
 * Made by klp-prep from the kernel's source with the fix applied. klpp_ names a
 * replacement, klpe_ a symbol of the running kernel that is not copied but resolved
 * by a livepatch relocation.
 */
#undef MODULE
#undef KBUILD_MODNAME
#define KBUILD_MODNAME "indirect"
#undef KBUILD_BASENAME
#define KBUILD_BASENAME "indirect"

#include "shape.h"

/* shape.h:7, as the fix has it; the kernel's headers have the old padded() */
#line 7 "shape.h"
static inline int klpp_padded(int side)
{
	return measure(side) + 2;
}

/* shape.h:13, copied: it uses what the fix changes */
#line 13 "shape.h"
static inline int klpp_area(int width, int height)
{
	return klpp_padded(width) * klpp_padded(height);
}

int klpp_indirect(int x);

/* indirect.c:4, patched: contains an inlined copy of area() */
#line 4 "indirect.c"
int klpp_indirect(int x)
{
	return klpp_area(x, x + 1);
}
