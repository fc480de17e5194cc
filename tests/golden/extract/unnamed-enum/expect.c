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

enum klpe_state_type {
	STATE_EMPTY = 0, /* nothing yet */
	STATE_READY = 1,
};

/* x.c:8 */
struct pair {
	char a;
	int b;
} __attribute__((__packed__));

/* of the running kernel, not copied */
extern enum klpe_state_type klpe_state;

int klpp_target(struct pair *p);

/* x.c:20, patched: changed by the fix */
#line 20 "x.c"
int klpp_target(struct pair *p)
{
	if (klpe_state == STATE_READY)
		return sizeof(*p);
	return STATE_READY + 2;
}
