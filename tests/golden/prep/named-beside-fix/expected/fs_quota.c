// SPDX-License-Identifier: GPL-2.0
/*
 * Livepatch fix: the functions of fs/quota.c that it replaces.
 *
 * Made by klp-prep from the kernel's source, unchanged. klpp_ names a
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
#define OWNERS 8

struct quota {
	u32 owner;
	size_t used, limit;
};

/* fs/quota.c:16, copied: no symbol left to call */
#line 16 "fs/quota.c"
/* GCC sees that only used and limit are read, and passes those two: quota_fits.isra.0. */
static noinline bool quota_fits(const struct quota *quota, size_t bytes)
{
	return bytes <= quota->limit && quota->used <= quota->limit - bytes;
}

/* of the running kernel, not copied */
extern struct quota klpe_quotas[8];

/* fs/quota.c:22, copied: no symbol left to call */
#line 22 "fs/quota.c"
static struct quota *quota_of(u32 owner)
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

int klpp_quota_charge(u32 owner, size_t bytes);

/* fs/quota.c:35, patched: asked for */
#line 35 "fs/quota.c"
int klpp_quota_charge(u32 owner, size_t bytes)
{
	struct quota *quota = quota_of(owner);

	if (!quota_fits(quota, bytes)) {
		log_line("quota: exceeded");
		return -ENOSPC;
	}
	quota->used += bytes;
	return 0;
}
