/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unified diffs in -p1 form, plain or git: which files one touches, and that it is one that
 * may be handed to GNU patch. The hunks are counted and checked, not kept: `patch` applies
 * them. Untrusted input.
 */
#ifndef KLP_PARSERS_DIFF_H
#define KLP_PARSERS_DIFF_H

#include "base/error.h"
#include "base/vec.h"

struct klp_diff_file {
	const char *old_path; /* first component stripped, checked by klp_path_is_safe(); NULL
				 when the file is created */
	const char *new_path; /* likewise; NULL when the file is deleted */
	unsigned int line;    /* of the "---" line in the diff */
	unsigned int added, removed; /* lines */
};

struct klp_diff {
	KLP_VEC(, struct klp_diff_file) files;
	const char *subject; /* what stands before the first file: the "Subject:" of a mail or
				git patch when there is one, else NULL */
};

/*
 * name stands for the diff in errors. A file that several patches of one text touch is listed
 * several times. Refused with line and hint: no file at all, a truncated or malformed hunk, a
 * path that is absolute, quoted or leaves the tree, renames, copies, symbolic links and
 * submodules, binary patches, combined and context diffs, old and new path that differ, and
 * what GNU patch would take for a diff although it isn't one here (an indented quotation).
 */
int klp_diff_parse(struct klp_arena *arena, const char *name, const char *text, size_t len,
		   struct klp_diff *ret, struct klp_error *err);

#endif
