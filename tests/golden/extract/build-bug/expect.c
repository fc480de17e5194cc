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
/* A call that optimisation removes, or the compiler complains; without inlining it stays. */
#define paste_(a, b) a##b
#define paste(a, b) paste_(a, b)
#define check_(condition, fn)                                          \
	do {                                                           \
		extern void fn(void) __attribute__((__error__("it"))); \
		if (!(condition))                                      \
			fn();                                          \
	} while (0)
#define check(condition) check_(condition, paste(__compiletime_assert_, __COUNTER__))

/* x.c:14, copied: inline */
#line 14 "x.c"
static inline int half_of(int x)
{
	return x / 2;
}

int klpp_target(int a);

/* x.c:25, patched: changed by the fix */
#line 25 "x.c"
int klpp_target(int a)
{
	check(half_of(12) == 6);
	return a + 2;
}
