// SPDX-License-Identifier: GPL-2.0-or-later
/* How many bytes of notes each owner may keep. */
#include <linux/kernel.h>

#include "notes.h"

#define OWNERS 8

struct quota {
	u32 owner;
	size_t used, limit;
};

static struct quota quotas[OWNERS];

/* GCC sees that only used and limit are read, and passes those two: quota_fits.isra.0. */
static noinline bool quota_fits(const struct quota *quota, size_t bytes)
{
	return bytes <= quota->limit && quota->used <= quota->limit - bytes;
}

static struct quota *quota_of(u32 owner)
{
	static const size_t default_limit = 512;
	struct quota *quota = &quotas[owner % OWNERS];

	if (quota->owner != owner) {
		quota->owner = owner;
		quota->used = 0;
		quota->limit = default_limit;
	}
	return quota;
}

int quota_charge(u32 owner, size_t bytes)
{
	struct quota *quota = quota_of(owner);

	if (!quota_fits(quota, bytes)) {
		log_line("quota: exceeded");
		return -ENOSPC;
	}
	quota->used += bytes;
	return 0;
}

void quota_release(u32 owner, size_t bytes)
{
	struct quota *quota = quota_of(owner);

	quota->used -= bytes < quota->used ? bytes : quota->used;
}
