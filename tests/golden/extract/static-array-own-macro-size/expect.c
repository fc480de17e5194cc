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
#define NSLOTS 4
#define SLOT_FREE ((struct slot *)NULL)

struct slot {
	u32 id;
	struct slot *next;
};

/* of the running kernel, not copied */
extern struct slot *klpe_slots[4][2];
extern struct slot klpe_pool[8];

int klpp_target(u32 id);

/* x.c:14, patched: changed by the fix */
#line 14 "x.c"
int klpp_target(u32 id)
{
	int i;

	for (i = 0; i < NSLOTS; i++)
		if (klpe_slots[i][0] == SLOT_FREE) {
			klpe_slots[i][1] = &klpe_pool[sizeof(klpe_slots) / sizeof(klpe_slots[0])];
			return i;
		}
	return -2;
}
