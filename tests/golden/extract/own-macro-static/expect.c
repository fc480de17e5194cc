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

/* x.c:7 */
/* Both are edited in the copies of the macros. */
#define LEVEL() (klpe_level + 1)
#define WITH_LOCK(x) do { mutex_lock(&klpe_lock); (x); mutex_unlock(&klpe_lock); } while (0)

/* of the running kernel, not copied */
extern struct mutex klpe_lock;
extern int klpe_level;

int klpp_target(int a);

/* x.c:12, patched: changed by the fix */
#line 12 "x.c"
int klpp_target(int a)
{
	WITH_LOCK(exported(LEVEL()));
	return a + 2;
}
