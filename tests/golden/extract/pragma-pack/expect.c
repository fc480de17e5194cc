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
#pragma pack(push, 1)

struct packed {
	char a;
	long b;
};
#pragma pack(pop)

struct not_packed {
	char a;
	long b;
};

int klpp_target(struct packed *p, struct not_packed *n);

/* x.c:16, patched: changed by the fix */
#line 16 "x.c"
int klpp_target(struct packed *p, struct not_packed *n)
{
	return sizeof(*p) + sizeof(*n) + p->b + n->b + 2;
}
