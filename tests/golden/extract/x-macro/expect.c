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

enum kind {
#define KIND(name) KIND_##name,
#include "kinds.h"
#undef KIND
	KINDS
};

/* x.c:16 */
#define COLOURS(x) x(RED) x(GREEN)
#define AS_ENUM(name) COLOUR_##name,

enum colour { COLOURS(AS_ENUM) };

/* of the running kernel, not copied */
extern const char *const klpe_names[2];

int klpp_target(enum kind kind, enum colour colour);

/* x.c:20, patched: changed by the fix */
#line 20 "x.c"
int klpp_target(enum kind kind, enum colour colour)
{
	printk("%s\n", klpe_names[kind]);
	return kind == KIND_A && colour == COLOUR_RED;
}
