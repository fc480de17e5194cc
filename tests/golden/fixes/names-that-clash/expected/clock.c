// SPDX-License-Identifier: GPL-2.0
/*
 * Livepatch fix: the functions of clock.c that it replaces.
 *
 * Made by klp-prep from the kernel's source with the fix applied. klpp_ names a
 * replacement, klpe_ a symbol of the running kernel that is not copied but resolved
 * by a livepatch relocation.
 */
#undef MODULE
#undef KBUILD_MODNAME
#define KBUILD_MODNAME "clock"
#undef KBUILD_BASENAME
#define KBUILD_BASENAME "clock"

#include "clock.h"

/* clock.h:7, as the fix has it; the kernel's headers have the old before() */
#line 7 "clock.h"
static inline int klpp_before(int a, int b)
{
	return a - b <= now();
}

int klpp_in_range(struct range *r, int x);

/* clock.c:4, patched: contains an inlined copy of before() */
#line 4 "clock.c"
int klpp_in_range(struct range *r, int x)
{
	int after = r->after;

	if (klpp_before(x, r->before))
		goto before;
	return after;
before:
	return klpp_before(after, r->before) + r->before;
}
