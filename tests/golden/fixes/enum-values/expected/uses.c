// SPDX-License-Identifier: GPL-2.0
/*
 * Livepatch fix: the functions of uses.c that it replaces.
 *
 * Made by klp-prep from the kernel's source with the fix applied. klpp_ names a
 * replacement, klpe_ a symbol of the running kernel that is not copied but resolved
 * by a livepatch relocation.
 */
#undef MODULE
#undef KBUILD_MODNAME
#define KBUILD_MODNAME "uses"
#undef KBUILD_BASENAME
#define KBUILD_BASENAME "uses"

#include "state.h"

/* state.h:1, what the fix adds to the enum, or changes in it */
#pragma GCC diagnostic ignored "-Wenum-compare"
#pragma GCC diagnostic ignored "-Wenum-conversion"
#pragma GCC diagnostic ignored "-Wswitch"
enum {
	STATE_READY = STATE_NEW + 1,
	klpp_STATE_DONE = STATE_READY + 1,
};
#define STATE_DONE klpp_STATE_DONE

int klpp_is_done(enum state s);

/* uses.c:4, patched: changed by the fix */
#line 4 "uses.c"
int klpp_is_done(enum state s)
{
	return IS_DONE(s);
}
