// SPDX-License-Identifier: GPL-2.0
/*
 * Livepatch fix: the functions of fs/quota.c that it replaces.
 *
 * Made by klp-prep from the kernel's source with the fix applied. klpp_ names a
 * replacement, klpe_ a symbol of the running kernel that is not copied but resolved
 * by a livepatch relocation.
 */
#undef MODULE
#undef KBUILD_MODNAME
#define KBUILD_MODNAME "quota"
#undef KBUILD_BASENAME
#define KBUILD_BASENAME "quota"

#include <linux/kernel.h>
#include "notes.h"

/* fs/notes.h:16, new with the fix */
struct quota;

/* fs/notes.h:17, new with the fix */
struct quota *quota_of(u32 owner);

/* fs/quota.c:7 */
#define OWNERS 8

#line 9
struct quota {
	u32 owner;
	size_t used, limit;
};

/* of the running kernel, not copied */
extern struct quota klpe_quotas[8];

/* fs/quota.c:22, changed by the fix, copied: no symbol left to call */
#line 22 "fs/quota.c"
struct quota *quota_of(u32 owner)
{
	static const size_t default_limit = 512;
	struct quota *quota = &klpe_quotas[owner % OWNERS];

	if (quota->owner != owner) {
		quota->owner = owner;
		quota->used = 0;
		quota->limit = default_limit;
	}
	return quota;
}
