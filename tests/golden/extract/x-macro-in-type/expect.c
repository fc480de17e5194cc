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
#define OTHER(name)

/* of the running kernel, not copied */
extern union {
	struct convert {
#define KIND(name) long name;
#include "kinds.h"
#undef KIND
	} *as;
	const char *text;
} klpe_convert;

/* x.c:18 */
#undef OTHER

/* of the running kernel, not copied */
extern unsigned char klpe_map[2];

int klpp_target(int i);

/* x.c:20, patched: changed by the fix */
#line 20 "x.c"
int klpp_target(int i)
{
	if (!klpe_convert.text)
		return 0;
	return klpe_map[i & 1];
}
