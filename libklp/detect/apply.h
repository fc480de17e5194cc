/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside detect/ only: the fix, applied to private copies of the files it touches.
 */
#ifndef KLP_DETECT_APPLY_H
#define KLP_DETECT_APPLY_H

#include "detect/detect.h"
#include "parsers/diff.h"

struct klp_touched {
	const char *file;  /* relative to the kernel source */
	const char *patch; /* the diff that names it first, and where */
	unsigned int line;
	bool created, deleted;
};
KLP_VEC(klp_touched_vec, struct klp_touched);

/*
 * Copies every touched file to WORKDIR/before and WORKDIR/after and applies the diffs to the
 * latter with GNU patch, without fuzz. The diffs as they were read go to fixes. Both overlays list
 * the files that exist in them. A diff that doesn't apply, or names a file that the source doesn't
 * have, is an error.
 */
int klp_detect__apply(struct klp_arena *arena, const struct klp_tree *tree,
		      const struct klp_detect_opts *opts, struct klp_touched_vec *touched,
		      struct klp_overlay *before, struct klp_overlay *after,
		      struct klp_fixes *fixes, struct klp_error *err);

/* Makes sure that an untouched file, of the directory `root`, stands in an overlay too. */
int klp_detect__add_file(struct klp_arena *arena, const char *root, const char *file,
			 struct klp_overlay *overlay, struct klp_error *err);

#endif
