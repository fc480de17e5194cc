/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stage 1: which functions does the fix change? Both versions of every touched file are
 * preprocessed by the recorded compiler and parsed by libclang, and each declaration's tokens
 * are compared. Hunk headers and line numbers play no part.
 */
#ifndef KLP_DETECT_DETECT_H
#define KLP_DETECT_DETECT_H

#include <stdbool.h>

#include "base/error.h"
#include "base/log.h"
#include "cc/cc.h"
#include "model/change.h"
#include "model/finding.h"
#include "model/review.h"
#include "model/shadow.h"
#include "tree/tree.h"
#include "tu/view.h"

struct klp_detect_opts {
	struct klp_strs patches; /* paths of the diffs, in order */
	unsigned int jobs;
	const char *workdir; /* private directory */
	const struct klp_log *log;
	struct klp_strs shadows; /* "note.seen": added members that are to be shadow variables */
	bool unpatched; /* the unit without the fix will be extracted, too, and is parsed in
			   any case */
};

struct klp_detect_result {
	struct klp_changes changes;
	struct klp_fixes fixes;		  /* the diffs as they were read */
	struct klp_overlay before, after; /* the touched files in both versions */
	struct klp_units units;		  /* those that compile touched files or hold what was
					     asked for */
	struct klp_views views;		  /* each of them as patched, for extract */
	struct klp_shadows shadows;	  /* of opts->shadows, those that can be */
};

int klp_detect(struct klp_arena *arena, struct klp_tree *tree, const struct klp_detect_opts *opts,
	       struct klp_detect_result *ret, struct klp_findings *findings, struct klp_error *err);

/*
 * Functions that were asked for by name (ask/ask.h found them) join those that the fix changes,
 * as KLP_NAMED, unless they are among them. Units that the fix doesn't touch are viewed as they
 * are, in one version. ret is what klp_detect() gave, or zeroed when there is no fix.
 */
int klp_detect_named(struct klp_arena *arena, const struct klp_changes *asked,
		     const struct klp_detect_opts *opts, struct klp_detect_result *ret,
		     struct klp_findings *findings, struct klp_error *err);

/* By file, line, function and unit. */
void klp_detect_sort(struct klp_changes *changes);

#endif
