// SPDX-License-Identifier: GPL-2.0
/*
 * Livepatch fix: the functions of pool.c that it replaces.
 *
 * Made by klp-prep from the kernel's source with the fix applied. klpp_ names a
 * replacement, klpe_ a symbol of the running kernel that is not copied but resolved
 * by a livepatch relocation.
 */
#undef MODULE
#undef KBUILD_MODNAME
#define KBUILD_MODNAME "pool"
#undef KBUILD_BASENAME
#define KBUILD_BASENAME "pool"

#include "pool.h"

/* pool.h:2, new with the fix */
extern int pool_try(int n, int limit);

/* of the running kernel, not copied */
extern int klpe_used;

/* pool.c:11, new with the fix */
#line 11 "pool.c"
/* Used by another file, and by nobody here. */
int pool_try(int n, int limit)
{
	if (klpe_used + n > limit)
		return -1;
	return pool_get(n);
}
