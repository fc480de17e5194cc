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
#include "new.h"
#define LIMIT 7

struct fresh {
	int a;
};

static struct fresh fresh = { .a = LIMIT };

/* x.c:13, copied: no symbol left to call */
#line 13 "x.c"
static int old(int a)
{
	return exported(a);
}

/* x.c:20, new with the fix */
#line 20 "x.c"
static int check(int a, struct fresh *f)
{
	return a > NEW_LIMIT ? old(f->a++) : 0;
}

int klpp_target(int a);

/* x.c:25, patched: changed by the fix */
#line 25 "x.c"
int klpp_target(int a)
{
	return check(a, &fresh) + 1;
}
