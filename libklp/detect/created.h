/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside detect/ only: a .c file that the fix creates. */
#ifndef KLP_DETECT_CREATED_H
#define KLP_DETECT_CREATED_H

#include "cc/cc.h"
#include "tree/tree.h"

/*
 * The unit that would compile the file, had it been there: as one of its directory is compiled,
 * preferably one among `touched`. *ret is NULL when that directory has none. Its object is made
 * below workdir from the empty file that it was, which is put into the overlay `before`.
 */
int klp_detect__created_unit(struct klp_arena *arena, struct klp_tree *tree, const char *file,
			     const struct klp_units *touched, const char *workdir,
			     struct klp_overlay *before, struct klp_unit **ret,
			     const struct klp_unit **ret_like, struct klp_error *err);

#endif
