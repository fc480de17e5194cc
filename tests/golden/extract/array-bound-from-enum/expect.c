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

enum { NONE, ONE, NKINDS };

struct kind {
	char name[NKINDS * 4];
};

/* of the running kernel, not copied */
extern char klpe_buffer[8];
extern struct kind klpe_kinds[2];

int klpp_target(int a);

/* x.c:12, patched: changed by the fix */
#line 12 "x.c"
int klpp_target(int a)
{
	klpe_buffer[0] = klpe_kinds[a].name[0];
	return klpe_buffer[a] + 2;
}
