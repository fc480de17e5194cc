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
#include "linux/jump_label.h"
#include "trace.h"
#include "bonus.h"

/* x.c:13 */
#define is_quick() static_branch_likely(&(*klpe_quick_key))

/* of the running kernel, not copied */
extern struct static_key_false *klpe_slow_key;
extern struct static_key_true *klpe_quick_key;
extern struct static_key_true *klpe_maybe_key;
extern struct static_key (*klpe_old_keys)[2];

int klpp_target(int a);

/* x.c:22, patched: changed by the fix */
#line 22 "x.c"
int klpp_target(int a)
{
	if (static_branch_unlikely(&(*klpe_slow_key)))
		a += 1;
	if (is_quick())
		a += 2;
	if (static_branch_maybe(1, &(*klpe_maybe_key)))
		a += 4;
	if (static_key_false(&(*klpe_old_keys)[1]))
		a += 8;
	a += bonus();
	trace_target(a);
	return -a;
}
