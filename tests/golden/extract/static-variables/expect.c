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
extern struct mutex klpe_lock;
extern struct mutex *klpe_held;
extern const char *const klpe_names[3];
extern int (*klpe_hook)(int, const char *);
extern int *klpe_last;
extern int klpe_count;

int klpp_target(int a);

/* x.c:9, patched: changed by the fix */
#line 9 "x.c"
int klpp_target(int a)
{
	size_t i;

	mutex_lock(&klpe_lock);
	klpe_held = &klpe_lock;
	for (i = 0; i < ARRAY_SIZE(klpe_names) && i < sizeof(klpe_names); i++)
		printk("%s %zu\n", klpe_names[i], i);
	if (klpe_hook)
		a = klpe_hook(a, klpe_names[a]);
	*klpe_last = klpe_count++;
	mutex_unlock(&klpe_lock);
	return a + 2;
}
