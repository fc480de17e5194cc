/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stage 4: one reviewable C file per unit that holds the patched functions and just what
 * they need, and the plan by which its references are resolved.
 */
#ifndef KLP_EXTRACT_EXTRACT_H
#define KLP_EXTRACT_EXTRACT_H

#include "base/error.h"
#include "base/log.h"
#include "cc/cc.h"
#include "elf/symtab.h"
#include "elf/symtabs.h"
#include "model/closure.h"
#include "model/finding.h"
#include "model/plan.h"
#include "parsers/policy.h"
#include "tree/tree.h"
#include "tu/view.h"

struct klp_extract_opts {
	const char *name; /* of the module */
	const struct klp_overlay *after; /* the patched files */
	struct klp_views *views; /* units already parsed with `after`; the rest is parsed here,
				    and added */
	bool unpatched;		 /* the same functions as the kernel was built from them: for
				    comparison with it, never to be loaded. What loading makes
				    necessary, and changes the code, is left out. */
	bool data;		 /* unpatched: with the unit's static variables and constants, not
				    references to the kernel's */
	bool pointers;		 /* what isn't exported is referred to through pointers that the
				    module sets (KLP_HOW_KALLSYMS), not by livepatch relocations */
	const char *link_prefix; /* what link names begin with; NULL: "klpe" */
	struct klp_symtabs *symtabs; /* of the tree's files */
	struct klp_policy *policy;   /* what its author decides otherwise; NULL for nothing */
	const char *workdir;
	/* said of each text when it lies at source->path, and when it is about to be compiled; it
	   may come to be written anew. Or NULL. */
	void (*written)(void *ctx, const struct klp_plan_source *source);
	void (*ready)(void *ctx, const struct klp_plan_source *source);
	void *ctx; /* of both */
	unsigned int jobs;
	const struct klp_log *log;
};

/* Adds to closure->copied what it has to copy. With opts->unpatched, findings are of that text. */
int klp_extract(struct klp_arena *arena, struct klp_tree *tree, struct klp_closure *closure,
		const struct klp_extract_opts *opts, struct klp_plan *ret,
		struct klp_findings *findings, struct klp_error *err);

#endif
