// SPDX-License-Identifier: GPL-2.0
/* The livepatch goes, or the module: nobody is left who knows of the values. */
#include <linux/livepatch.h>

void post_unpatch_shelf(struct klp_object *obj)
{
	klp_shadow_free_all(0x5fd675143ab53627UL, NULL);
}
