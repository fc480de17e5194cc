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

/* of the running kernel, not copied */
extern int *klpe_said;
extern int *klpe_count;
extern typeof(hidden) *klpe_hidden;
extern typeof(hidden_count) *klpe_hidden_count;

int klpp_target(int a);

/* macros in the function below spell it */
#define said (*klpe_said)
#define count (*klpe_count)
#define hidden (*klpe_hidden)
#define hidden_count (*klpe_hidden_count)

/* x.c:14, patched: changed by the fix */
#line 14 "x.c"
int klpp_target(int a)
{
	show(said);
	return COUNTED(a) + SUM(a) + said + 2;
}
#undef said
#undef count
#undef hidden
#undef hidden_count
