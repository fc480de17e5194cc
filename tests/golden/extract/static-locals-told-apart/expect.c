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

/* of the running kernel, not copied */
extern void use(int *p);

int klpp_target(int a);

/* x.c:10, patched: changed by the fix */
#line 10 "x.c"
/* Three of one name, type and size: the compiler's numbers follow no order that is written down. */
int klpp_target(int a)
{
	switch (a) {
	case 0: {
		extern int klpe_target_seen[2][3]; extern int klpe_target_n; /* static: the original's */

		use(klpe_target_seen[a]);
		return klpe_target_n++;
	}
	case 1: {
		extern int klpe_target_n_2; extern int klpe_target_seen_2[2][3]; /* static: the original's */

		use(klpe_target_seen_2[a]);
		klpe_target_n_2 *= 5;
		return klpe_target_n_2;
	}
	default: {
		extern int klpe_target_n_3; /* static: the original's */
		extern int klpe_target_seen_3[2][3]; /* static: the original's */

		use(klpe_target_seen_3[1]);
		return klpe_target_n_3--;
	}
	}
}
