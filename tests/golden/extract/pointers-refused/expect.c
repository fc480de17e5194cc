// SPDX-License-Identifier: GPL-2.0
/*
 * Livepatch fix: the functions of x.c that it replaces.
 *
 * Made by klp-prep from the kernel's source with the fix applied. klpp_ names a
 * replacement, klpe_ a pointer to a symbol of the running kernel that is not copied; it
 * is set when the livepatch is loaded.
 */
#undef MODULE
#undef KBUILD_MODNAME
#define KBUILD_MODNAME "x"
#undef KBUILD_BASENAME
#define KBUILD_BASENAME "x"

#include "env.h"
#include "x.h"

struct log {
	int said;
};

/* of the running kernel, not copied */
extern int *klpe_said;
extern int *klpe_count;

int klpp_target(int a, struct log *log);

/* x.c:18, patched: changed by the fix */
#line 18 "x.c"
int klpp_target(int a, struct log *log)
{
	int n = 0;

	if (a > 1) {
		int count = a;

		n += count;
	}
	show((*klpe_said));
	log->said = n;
	return COUNTED(a) + 2;
}
