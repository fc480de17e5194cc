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

/* x.c:9 */
struct retry {
	int out;
};

/* of the running kernel, not copied */
extern int klpe_retry(int a);
extern int klpe_out;

int klpp_target(int a, struct retry *err);

/* x.c:13, patched: changed by the fix */
#line 13 "x.c"
int klpp_target(int a, struct retry *err)
{
	int i;

	for (i = 0; i < a; i++) {
		if (exported(i))
			goto out;
	}
retry:
	if (err->out++)
		goto retry;
	return klpe_retry(klpe_out);
out:
	return ({ int out = a; out; }) + 2;
}
