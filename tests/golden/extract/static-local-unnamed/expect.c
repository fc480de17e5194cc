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

int klpp_target(int a);

/* x.c:3, patched: changed by the fix */
#line 3 "x.c"
int klpp_target(int a)
{
	extern struct {
		int x;
		struct {
			char c[4];
		} in;
	} klpe_target_one; /* static: the original's */
	struct klpe_target_two_type {
		int y;
	} __attribute__((__aligned__(16))); extern struct klpe_target_two_type klpe_target_two[2]; extern struct klpe_target_two_type *klpe_target_current; /* static: the original's */
	extern union {
		int i;
		char c;
	} *klpe_target_either; /* static: the original's */
	extern enum { LOW, HIGH } klpe_target_level; /* static: the original's */

	if (!klpe_target_current)
		klpe_target_current = &klpe_target_two[a & 1];
	if (klpe_target_level == LOW)
		klpe_target_level = a ? LOW : HIGH;
	if (a)
		klpe_target_either = (void *)&klpe_target_one;
	klpe_target_one.in.c[a & 3]++;
	return klpe_target_one.x++ + klpe_target_current->y++ + klpe_target_either->i + klpe_target_level;
}
