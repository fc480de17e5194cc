// SPDX-License-Identifier: GPL-2.0
/*
 * Livepatch fix: the functions of inlined.c that it replaces.
 *
 * Made by klp-prep from the kernel's source with the fix applied. klpp_ names a
 * replacement, klpe_ a symbol of the running kernel that is not copied but resolved
 * by a livepatch relocation.
 */
#undef MODULE
#undef KBUILD_MODNAME
#define KBUILD_MODNAME "inlined"
#undef KBUILD_BASENAME
#define KBUILD_BASENAME "inlined"

#include "limits.h"

/* limits.h:1, as the fix has it */
#undef LIMIT
#define LIMIT 64

/* limits.h:6, as the fix has it; the kernel's headers have the old is_over() */
#line 6 "limits.h"
static inline int klpp_is_over(int x)
{
	return x > LIMIT;
}

/* inlined.c:3 */
#line 3 "inlined.c"
extern void complain(int x);

int klpp_inlined(int x);

/* inlined.c:6, patched: contains an inlined copy of is_over() */
#line 6 "inlined.c"
int klpp_inlined(int x)
{
	if (klpp_is_over(x))
		complain(x);
	return x;
}
