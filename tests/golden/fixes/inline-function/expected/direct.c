// SPDX-License-Identifier: GPL-2.0
/*
 * Livepatch fix: the functions of direct.c that it replaces.
 *
 * Made by klp-prep from the kernel's source with the fix applied. klpp_ names a
 * replacement, klpe_ a symbol of the running kernel that is not copied but resolved
 * by a livepatch relocation.
 */
#undef MODULE
#undef KBUILD_MODNAME
#define KBUILD_MODNAME "direct"
#undef KBUILD_BASENAME
#define KBUILD_BASENAME "direct"

#include "shape.h"

/* shape.h:7, as the fix has it; the kernel's headers have the old padded() */
#line 7 "shape.h"
static inline int klpp_padded(int side)
{
	return measure(side) + 2;
}

int klpp_direct(int x);

/* direct.c:4, patched: contains an inlined copy of padded() */
#line 4 "direct.c"
int klpp_direct(int x)
{
	int total = klpp_padded(x);

	return total + plain(x);
}
