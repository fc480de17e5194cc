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

enum { FIRST = 1, SECOND };

enum named { THIRD = SECOND + 1, FOURTH };

/* x.c:7 */
typedef enum { SIXTH = 6 } six_t;

struct holder {
	enum { INNER_A, INNER_B } inner;
};

int klpp_target(int a);

/* x.c:12, patched: changed by the fix */
#line 12 "x.c"
int klpp_target(int a)
{
	switch (a) {
	case FIRST:
		return FOURTH;
	case SIXTH:
		return INNER_B;
	}
	return 2;
}
