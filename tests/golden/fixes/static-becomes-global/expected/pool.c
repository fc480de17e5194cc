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
extern int pool_room(int limit);

/* pool.h:3, new with the fix */
extern int pool_twice(int n);

/* of the running kernel, not copied */
extern int klpe_used;

/* pool.c:5, changed by the fix, copied: no symbol left to call */
#line 5 "pool.c"
__attribute__((noinline)) int pool_room(int limit)
{
	return limit - klpe_used;
}

/* pool.c:10, changed by the fix, copied: no symbol left to call */
#line 10 "pool.c"
int pool_twice(int n)
{
	return 2 * n;
}

int klpp_pool_get(int n);

/* pool.c:15, patched: its machine code relies on pool_room.constprop.0() */
#line 15 "pool.c"
int klpp_pool_get(int n)
{
	if (pool_room(1000) < pool_twice(n))
		return -1;
	klpe_used += n;
	return klpe_used;
}
