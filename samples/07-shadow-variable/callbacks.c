// SPDX-License-Identifier: GPL-2.0
/* The livepatch goes: nobody is left who knows of the counts, or would free them with their objects. */
#include <linux/livepatch.h>

/* SHADOW_KERNFS_OPEN_NODE_OPENS_ID of the header that the fix adds */
#define OPENS_ID 0x667fe849ada84c53UL

void post_unpatch_vmlinux(struct klp_object *obj)
{
	klp_shadow_free_all(OPENS_ID, NULL);
}
