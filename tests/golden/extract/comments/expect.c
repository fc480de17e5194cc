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

/* x.c:8 */
/* One line. */
struct thing {
	int a; /* a */
};

/* x.c:14 */
/* of limit */
static const int limit = 3;

/* x.c:18, copied: no symbol left to call */
#line 18 "x.c"
static int gone(int a)
{
	/* inside */
	return exported(a) + limit; // at the end
}

int klpp_target(struct thing *t);

/* x.c:24, patched: changed by the fix */
#line 24 "x.c"
/**
 * target - with a kernel-doc comment
 * @t: "quoted" and it's
 */
int klpp_target(struct thing *t)
{
	return gone(t->a) + 2;
}
