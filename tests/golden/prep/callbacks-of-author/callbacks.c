// SPDX-License-Identifier: GPL-2.0
/* Two of the four: the others stay empty. */
#include <linux/livepatch.h>

static int ready;

int pre_patch_vmlinux(struct klp_object *obj)
{
	ready = 1;
	return 0;
}

void post_unpatch_vmlinux(struct klp_object *obj)
{
	ready = 0;
}
