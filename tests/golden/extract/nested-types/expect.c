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

struct inner {
	int a;
};

typedef struct inner inner_t;

union both {
	inner_t in;
	struct {
		u32 raw[2];
	};
};

struct outer {
	union both *both;
	int (*fn)(struct outer *o, const inner_t *i);
};

/* of the running kernel, not copied */
extern struct outer *klpe_current_outer;

int klpp_target(void);

/* x.c:24, patched: changed by the fix */
#line 24 "x.c"
int klpp_target(void)
{
	return klpe_current_outer->fn(klpe_current_outer, &klpe_current_outer->both->in) + 2;
}
