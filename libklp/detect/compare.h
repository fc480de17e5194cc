/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside detect/ only: two views of one unit compared, declaration by declaration.
 */
#ifndef KLP_DETECT_COMPARE_H
#define KLP_DETECT_COMPARE_H

#include "detect/apply.h"

/* Adds to changes what differs in functions, and to findings what differs elsewhere. */
void klp_detect__compare(struct klp_arena *arena, const struct klp_view *before,
			 const struct klp_view *after, const struct klp_touched_vec *touched,
			 struct klp_changes *changes, struct klp_findings *findings);

#endif
