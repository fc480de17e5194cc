// SPDX-License-Identifier: GPL-2.0
/*
 * Livepatch fix: the functions of user.c that it replaces.
 *
 * Made by klp-prep from the kernel's source with the fix applied. klpp_ names a
 * replacement, klpe_ a symbol of the running kernel that is not copied but resolved
 * by a livepatch relocation.
 */
#undef MODULE
#undef KBUILD_MODNAME
#define KBUILD_MODNAME "user"
#undef KBUILD_BASENAME
#define KBUILD_BASENAME "user"

#include "lib.h"
#include "extra.h" /* new in lib.h */

/* lib.h:16, new with the fix */
#define LIB_RANGE(a, b) { .from = (a), .to = (b) }

/* lib.h:7, new with the fix */
struct lib_range {
	int from, to;
};

/* lib.h:11, new with the fix */
#line 11 "lib.h"
static inline int lib_in(const struct lib_range *range, int key)
{
	return key >= range->from && key < extra(range->to);
}

int klpp_user(int key);

/* user.c:4, patched: changed by the fix */
#line 4 "user.c"
int klpp_user(int key)
{
	const struct lib_range range = LIB_RANGE(2, 9);

	return lib_in(&range, key) ? lib_get(key) : 0;
}
