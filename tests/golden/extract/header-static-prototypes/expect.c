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
#include "x.h"

/* of the running kernel, not copied */
extern struct state klpe_state;

int klpp_target(int a);

/* x.c:6, patched: changed by the fix */
#line 6 "x.c"
int klpp_target(int a)
{
	return first(&klpe_state) + second(&klpe_state) + a + 2;
}

/* x.c:11, copied: no symbol left to call */
#line 11 "x.c"
static noinline int first(struct state *s)
{
	return s->count++;
}

int klpp_third(struct state *s);

/* x.c:16, patched: changed by the fix */
#line 16 "x.c"
/* Says its name. */
static noinline int second(struct state *s)
{
	printk("%s\n", __func__);
	return klpp_third(s) + 2;
}
typeof(second) klpp_second __attribute__((__alias__("second")));

/* x.c:23, patched: changed by the fix */
#line 23 "x.c"
noinline int klpp_third(struct state *s)
{
	return s->count-- + fourth(s) + 2;
}

/* x.c:28, copied: no symbol left to call */
#line 28 "x.c"
static int fourth(struct state *s)
{
	return s->count * 2;
}

/* headers declare static functions that are not copied */
#pragma GCC diagnostic ignored "-Wunused-function"
