/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stage 2: from changed functions to the symbols that must be redirected, by the compiler's
 * own account of what it inlined and cloned (the .ipa-clones dumps) and by the relocations
 * of the original unit.
 */
#ifndef KLP_CLOSURE_STAGE_H
#define KLP_CLOSURE_STAGE_H

#include "base/error.h"
#include "base/log.h"
#include "model/change.h"
#include "model/closure.h"
#include "model/finding.h"
#include "parsers/policy.h"
#include "tree/tree.h"
#include "tu/view.h"

struct klp_closure_opts {
	unsigned int jobs;
	const char *workdir;	       /* private directory for the sectioned objects */
	const struct klp_views *views; /* the touched units as patched, or NULL */
	bool no_proof;		   /* don't compile the touched units before and after the fix */
	struct klp_policy *policy; /* callers that its author leaves out; NULL for none */
	const struct klp_log *log;
	/*
	 * For a fix of one unit: called when that is compiled as it is and with the fix, by
	 * whatever thread. One core is free from then on, and klp_cc_lean() gives what it will
	 * give. Not called where one of the two doesn't compile, or isn't the shipped object. NULL
	 * for none.
	 */
	void (*compiled)(void *ctx, struct klp_unit *unit);
	void *ctx;
};

int klp_closure_run(struct klp_arena *arena, struct klp_tree *tree,
		    const struct klp_changes *changes, const struct klp_closure_opts *opts,
		    struct klp_closure *ret, struct klp_findings *findings, struct klp_error *err);

#endif
