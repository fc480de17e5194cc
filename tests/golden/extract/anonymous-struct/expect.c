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

/* x.c:10 */
struct klpe_chosen_type {
	const char *name;
} __attribute__((__packed__));

/* x.c:15 */
struct klpe_spare_type {
	int c;
};

/* of the running kernel, not copied */
extern struct klpe_spare_type klpe_core;
extern struct klpe_spare_type klpe_spare;
extern const struct klpe_chosen_type *klpe_chosen;
extern struct {
	int a;
	struct {
		int b;
	} in;
} klpe_state;
extern const struct klpe_chosen_type klpe_strings[2];

int klpp_target(int a);

/* x.c:19, patched: changed by the fix */
#line 19 "x.c"
int klpp_target(int a)
{
	klpe_core.c += klpe_spare.c;
	if (a)
		printk("%s\n", klpe_chosen->name);
	klpe_state.in.b += sizeof(klpe_state.in) + a;
	printk("%s\n", klpe_strings[a & 1].name);
	return klpe_state.a + 2;
}
