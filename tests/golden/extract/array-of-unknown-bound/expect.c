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

struct entry {
	int key;
	const char *name;
};

/* of the running kernel, not copied */
extern struct entry klpe_table[2];

int klpp_target(int key);

/* x.c:13, patched: changed by the fix */
#line 13 "x.c"
int klpp_target(int key)
{
	for (size_t i = 0; i < ARRAY_SIZE(klpe_table); i++)
		if (klpe_table[i].key == key)
			klpe_table[i].key += sizeof(klpe_table);
	return 2;
}
