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
#define pure_size(a) (sizeof(a) / sizeof((a)[0]))

struct ops {
	int (*call)(int);
	int flags;
};

/* of the running kernel, not copied */
extern const struct ops *current_ops;

int klpp_target(int a);

/* x.c:12, patched: changed by the fix */
#line 12 "x.c"
int klpp_target(int a)
{
	extern const struct ops klpe_target_ops; /* static: the original's */
	static const int table[] = { 1, 2, 3, 5 };
	extern const char klpe_target_name[7]; /* static: the original's */
	extern const struct ops klpe_target_marker; /* static: the original's */

	if (current_ops == &klpe_target_marker)
		return 1;
	current_ops = &klpe_target_ops;
	printk(klpe_target_name);
	return table[a & 3] + (int)pure_size(table);
}
