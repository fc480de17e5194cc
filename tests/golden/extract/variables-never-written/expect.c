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
extern int klpe_level;

/* x.c:5 */
static int *where = &klpe_level;

/* x.c:9, copied: inline */
#line 9 "x.c"
static int enabled(void)
{
	return 0;
}

/* of the running kernel, not copied */
extern int klpe_only_written;
extern const char *klpe_words[2];

int klpp_target(int a);

/* x.c:21, patched: changed by the fix */
#line 21 "x.c"
int klpp_target(int a)
{
	if (enabled() && klpe_only_written)
		return 7;
	if (!klpe_words[a & 1] || sizeof(klpe_words) != 2 * sizeof(klpe_words[0]))
		return 1;
	return (where == &klpe_level && a == (klpe_level)) + 2;
}
