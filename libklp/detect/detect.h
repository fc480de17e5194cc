/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stage 1: which functions does the fix change? Both versions of every touched file are
 * preprocessed by the recorded compiler and parsed by libclang, and each declaration's tokens
 * are compared. Hunk headers and line numbers play no part.
 */
#ifndef KLP_DETECT_DETECT_H
#define KLP_DETECT_DETECT_H

#include "base/error.h"
#include "base/log.h"
#include "cc/cc.h"
#include "model/change.h"
#include "model/finding.h"
#include "tree/tree.h"
#include "tu/view.h"

struct klp_detect_opts {
	struct klp_strs patches; /* paths of the diffs, in order */
	unsigned int jobs;
	const char *workdir;     /* private directory */
	const struct klp_log *log;
};

struct klp_detect_result {
	struct klp_changes changes;
	struct klp_overlay before, after; /* the touched files in both versions */
	struct klp_units units;           /* the units that compile touched files */
	struct klp_views views;           /* each of them as patched, for extract */
};

int klp_detect(struct klp_arena *arena, struct klp_tree *tree,
	       const struct klp_detect_opts *opts, struct klp_detect_result *ret,
	       struct klp_findings *findings, struct klp_error *err);

#endif
