// SPDX-License-Identifier: GPL-2.0
/*
 * Livepatch fix: the functions of x.c that it replaces.
 *
 * Made by klp-prep from the kernel's source with the fix applied. klpp_ names a
 * replacement, klpe_ a symbol of the running kernel that is not copied but resolved
 * by a livepatch relocation.
 */
#undef KBUILD_MODNAME
#define KBUILD_MODNAME "x"
#undef KBUILD_BASENAME
#define KBUILD_BASENAME "x"

#include "env.h"
#include "linux/jump_label.h"

/*
 * Static keys of a module are asked at run time: the branches of a livepatch
 * are set up before its references to a module are known.
 */
#include <linux/jump_label.h>
#define static_key_false(key) static_key_enabled(key)
#define static_key_true(key) static_key_enabled(key)
#include "trace.h"
#undef static_key_false
#undef static_key_true

#pragma push_macro("static_branch_likely")
#pragma push_macro("static_branch_unlikely")
#undef static_branch_likely
#undef static_branch_unlikely
#define static_branch_likely(key) static_key_enabled(key)
#define static_branch_unlikely(key) static_key_enabled(key)
#include "bonus.h"
#pragma pop_macro("static_branch_likely")
#pragma pop_macro("static_branch_unlikely")

/* of the running kernel, not copied */
extern typeof(bonus_key) bonus_key __asm__("klpe_bonus_key");
extern typeof(__tracepoint_target) __tracepoint_target __asm__("klpe___tracepoint_target");

/* x.c:13 */
#define is_quick() static_key_enabled(&klpe_quick_key)

/* of the running kernel, not copied */
extern struct static_key_false klpe_slow_key;
extern struct static_key_true klpe_quick_key;
extern struct static_key_true klpe_maybe_key;
extern struct static_key klpe_old_keys[2];

int klpp_target(int a);

/* x.c:22, patched: changed by the fix */
#line 22 "x.c"
int klpp_target(int a)
{
	if (static_key_enabled(&klpe_slow_key))
		a += 1;
	if (is_quick())
		a += 2;
	if (static_key_enabled(&klpe_maybe_key))
		a += 4;
	if (static_key_enabled(&klpe_old_keys[1]))
		a += 8;
	a += bonus();
	trace_target(a);
	return -a;
}
