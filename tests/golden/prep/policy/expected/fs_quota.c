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

/* wanted by the policy */
#include <linux/string.h>

/* fs/quota.c:7 */
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

/* fs/quota.c:35, patched: changed by the fix */
#line 35 "fs/quota.c"
int klpp_quota_charge(u32 owner, size_t bytes)
{
	struct quota *quota = quota_of(owner);

	if (!quota_fits(quota, bytes)) {
		log_line("quota: exceeded");
		quota_release(owner, 0);
		return -ENOSPC;
	}
	quota->used += bytes;
	return 0;
}

/* fs/quota.c:48, copied: asked for */
#line 48 "fs/quota.c"
void quota_release(u32 owner, size_t bytes)
{
	struct quota *quota = quota_of(owner);

	quota->used -= bytes < quota->used ? bytes : quota->used;
}
