// SPDX-License-Identifier: GPL-2.0
/*
 * Seconds become milliseconds when the last task has left the old code, and seconds again before
 * the first one comes back to it. The lock is the one under which both read and write them.
 */
#include <linux/kernel.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/mutex.h>

#define STATE 14 /* as given to --state */

extern struct mutex lease_lock KLP_RELOC_SYMBOL_POS(lease, lease, lease_lock, 0);
extern unsigned int lease_time[4] KLP_RELOC_SYMBOL_POS(lease, lease, lease_time, 0);
extern bool lease_in_ms; /* of the fix */

int pre_patch_lease(struct klp_object *obj)
{
	/*
	 * An earlier livepatch, which this one replaces, has turned them already: nobody calls its
	 * pre_unpatch. A module that comes later has nothing stored yet (and the question may be
	 * asked during a transition only).
	 */
	lease_in_ms = obj->mod->state == MODULE_STATE_LIVE && klp_get_prev_state(STATE);
	return 0;
}

void post_patch_lease(struct klp_object *obj)
{
	if (lease_in_ms)
		return;
	mutex_lock(&lease_lock);
	for (int i = 0; i < ARRAY_SIZE(lease_time); i++)
		lease_time[i] *= 1000;
	lease_in_ms = true;
	mutex_unlock(&lease_lock);
}

void pre_unpatch_lease(struct klp_object *obj)
{
	mutex_lock(&lease_lock);
	for (int i = 0; i < ARRAY_SIZE(lease_time); i++)
		lease_time[i] = DIV_ROUND_UP(lease_time[i], 1000);
	lease_in_ms = false;
	mutex_unlock(&lease_lock);
}
