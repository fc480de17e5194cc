// SPDX-License-Identifier: GPL-2.0
/*
 * Livepatch fix: the functions of thing.c that it replaces.
 *
 * Made by klp-prep from the kernel's source with the fix applied. klpp_ names a
 * replacement, klpe_ a symbol of the running kernel that is not copied but resolved
 * by a livepatch relocation.
 */
#undef MODULE
#undef KBUILD_MODNAME
#define KBUILD_MODNAME "thing"
#undef KBUILD_BASENAME
#define KBUILD_BASENAME "thing"

#include "flags.h"

/* flags.h:1, what the fix adds to the enum, or changes in it */
#pragma GCC diagnostic ignored "-Wenum-compare"
#pragma GCC diagnostic ignored "-Wenum-conversion"
#pragma GCC diagnostic ignored "-Wswitch"
enum {
	FLAG_C = FLAG_B << 1,
	FLAG_D = FLAG_C + 1,
};

int klpp_thing_size(const struct thing *t);

/* thing.c:4, patched: changed by the fix */
#line 4 "thing.c"
int klpp_thing_size(const struct thing *t)
{
	return t->flags & (FLAG_B | FLAG_D) ? 0 : t->size;
}
