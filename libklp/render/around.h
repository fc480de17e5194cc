/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stage 5, first half: what stands around the functions of a livepatch, which no fix says and
 * its author has to: whether it replaces others, what it does before and after, which states it
 * has.
 *
 * A callback is a function called by its kind and its object, "pre_patch_vmlinux" or
 * "post_unpatch_ext4", that isn't static.
 */
#ifndef KLP_RENDER_AROUND_H
#define KLP_RENDER_AROUND_H

#include "base/error.h"
#include "model/finding.h"
#include "model/plan.h"

struct klp_around_opts {
	bool no_replace;
	const struct klp_table_states *states;
	bool callbacks;		    /* there are callbacks: skeletons, unless... */
	const char *callbacks_text; /* ... the author has written them; borrowed */
	const char *callbacks_file; /* what messages call that text */
};

/*
 * Fills in the plan; with references that are pointers, what sets them, too. Findings:
 * KLP-CALLBACKS, functions of the author's that look like callbacks and can't be, or that nothing
 * will call; KLP-NO-STATE, more than code is changed, and no state says so to the kernel.
 */
int klp_around(struct klp_arena *arena, const struct klp_around_opts *opts, struct klp_plan *plan,
	       struct klp_findings *findings, struct klp_error *err);

/*
 * Of the plain module that was built by the plan: each callback is there, and nothing else is one
 * by its name: what a macro makes, or a file that is included, isn't seen in the author's text.
 * KLP-CALLBACKS.
 */
int klp_around_built(struct klp_arena *arena, const struct klp_plan *plan, const char *module,
		     struct klp_findings *findings, struct klp_error *err);

#endif
