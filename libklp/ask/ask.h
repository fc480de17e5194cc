/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a question ("tcp_write_xmit", "step_into@fs/namei.c") to a function of the build: what
 * stage detect is for a diff. Needs no source: the dumps and the objects know every function.
 */
#ifndef KLP_ASK_ASK_H
#define KLP_ASK_ASK_H

#include "base/error.h"
#include "base/log.h"
#include "model/change.h"
#include "model/finding.h"
#include "tree/tree.h"

struct klp_ask_opts {
	struct klp_strs questions; /* FUNCTION or FUNCTION@FILE: FILE, which may be the end
				      of a path, is where it stands or the unit's source */
	unsigned int jobs;	   /* threads; 0: one */
	const struct klp_log *log; /* or NULL */
};

/*
 * Each function as if a fix had changed its body: one change for every unit that has code of
 * it. A name that doesn't exist is the finding KLP-NO-FUNCTION with similar ones, a name of
 * several functions KLP-WHICH-FUNCTION with their files. The graph of the tree is loaded for it.
 */
int klp_ask(struct klp_arena *arena, struct klp_tree *tree, const struct klp_ask_opts *opts,
	    struct klp_changes *ret, struct klp_findings *findings, struct klp_error *err);

#endif
