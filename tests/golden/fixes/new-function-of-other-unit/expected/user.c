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

#include "pool.h"

/* pool.h:2, new with the fix */
extern int pool_try(int n, int limit);

int klpp_user(int n);

/* user.c:4, patched: changed by the fix */
#line 4 "user.c"
int klpp_user(int n)
{
	return pool_try(n, 100);
}
