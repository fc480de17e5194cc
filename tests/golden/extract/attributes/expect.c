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
extern int klpe_tuned;

/* x.c:16, copied: inline */
#line 16 "x.c"
static __attribute__((__always_inline__)) inline int quick(int a)
{
	return exported(a) + klpe_tuned;
}

/* of the running kernel, not copied */
extern __printf(1, 2) int klpe_say(const char *fmt, ...);

__attribute__((__used__)) int klpp_target(int a) __attribute__((__cold__));

/* x.c:21, patched: changed by the fix */
#line 21 "x.c"
__attribute__((__used__)) noinline int __attribute__((__cold__))
klpp_target(int a)
{
	return klpe_say("%d", quick(a)) + 2;
}
