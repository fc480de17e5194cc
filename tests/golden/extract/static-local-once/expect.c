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
#include "once.h"

/* of the running kernel, not copied */
extern struct mutex klpe_state;

int klpp_target(int a);

/* x.c:6, patched: changed by the fix */
#line 6 "x.c"
/* The call stays: it would run again. */
int klpp_target(int a)
{
	/* ONCE(), with the original's variables */ ({
	extern _Bool klpe_target____done;
	extern struct mutex klpe_target____once_key;
	if (klpe_target____once_key.locked && !klpe_target____done) {
		mutex_lock(&klpe_state);
		klpe_target____done = 1;
		klpe_target____once_key.locked = 0;
	}
});
#line 10
	return klpe_state.locked + a + 1;
}

int klpp_fresh(int a);

/* x.c:13, patched: changed by the fix */
#line 13 "x.c"
/* The fix adds the call. */
int klpp_fresh(int a)
{
	ONCE(mutex_lock, &klpe_state);
	return klpe_state.locked - a;
}

int klpp_written(int a);

/* x.c:20, patched: changed by the fix */
#line 20 "x.c"
/* The fix writes the macro out: the variables are the original's. */
int klpp_written(int a)
{
	extern _Bool klpe_written____done; /* static: the original's */
	extern struct mutex klpe_written____once_key; /* static: the original's */

	if (klpe_written____once_key.locked && !klpe_written____done) {
		mutex_unlock(&klpe_state);
		klpe_written____done = 1;
		klpe_written____once_key.locked = 0;
	}
	return klpe_state.locked * a;
}

int klpp_left_out(int a);

/* x.c:34, patched: changed by the fix */
#line 34 "x.c"
/* The fix leaves it out. */
int klpp_left_out(int a)
{
	return klpe_state.locked / a;
}

int klpp_within(int a);

/* x.c:40, patched: changed by the fix */
#line 40 "x.c"
/* Inside of an expression. */
int klpp_within(int a)
{
	if (a > 3 && (/* ONCE_FOR(), with the original's variables */ ({ extern _Bool klpe_within____done; extern struct mutex klpe_within____once_key; if (klpe_within____once_key.locked && !klpe_within____done) { mutex_lock((&klpe_state)); klpe_within____done = 1; klpe_within____once_key.locked = 0; } }), a))
		return 2;
	return klpe_state.locked + 1;
}
