// SPDX-License-Identifier: GPL-2.0
/*
 * fix: what is to be done besides the redirection of functions: data to set up
 * before the new code runs, and to put back when it is gone. Skeletons for each object: fill in
 * what you need. `klp-prep --callbacks=FILE` takes this file, and wires what is left in it.
 *
 * When the kernel calls them, for an object that is loaded (vmlinux always is):
 *
 *	pre_patch	before any task runs the new code; with an error the livepatch is not
 *			loaded. Allocate and check here: nothing later can refuse.
 *	post_patch	every task runs the new code: what old code must never see is set here
 *	pre_unpatch	it is to be disabled; every task still runs the new code: what old
 *			code must never see is taken back here
 *	post_unpatch	no task runs the new code: free here what pre_patch allocated
 *
 * Transitions can be turned round. When one is that loads the livepatch, or when the pre_patch of a later
 * object fails, post_unpatch follows pre_patch, without the two between them. When one is that disables
 * it, post_patch follows pre_unpatch, once more.
 *
 * A module that comes later has its pre_patch and post_patch called while it is loaded (with an
 * error it isn't), and one that goes pre_unpatch and post_unpatch.
 *
 * When a livepatch replaces others, only its own callbacks are called, none of theirs. So
 * whatever an older one of yours set up has to be found and taken over by pre_patch or
 * post_patch, or be taken back there. klp_get_prev_state(ID) gives the older one's klp_state, whose
 * `version` and `data` say that and how it was set up; klp_get_state(&livepatch, ID) this one's own.
 * The former may be asked only while livepatches are loaded or disabled, not in a callback of a
 * module that comes later. In post_unpatch an older state that is still there means that the replacement was
 * turned round: the older livepatch goes on, so leave it what was taken over from it.
 *
 * Sleeping is allowed. The symbols of a module are there when the callbacks of its object run
 * (but a module that comes later hasn't run its init function then, nor read its parameters).
 * Only what is exported can be called by its name; how to get at the rest, statics among it,
 * callbacks.h says.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/livepatch.h>
#include <linux/module.h>

/* vmlinux */

int pre_patch_vmlinux(struct klp_object *obj)
{
	return 0;
}

void post_patch_vmlinux(struct klp_object *obj)
{
}

void pre_unpatch_vmlinux(struct klp_object *obj)
{
}

void post_unpatch_vmlinux(struct klp_object *obj)
{
}
