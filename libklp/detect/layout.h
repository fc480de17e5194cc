/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside detect/ only: whether two spellings of a type make the same memory.
 */
#ifndef KLP_DETECT_LAYOUT_H
#define KLP_DETECT_LAYOUT_H

#include "tu/view.h"

/*
 * True when the members of both are the same at the same places, though the words differ in how
 * a flexible array is spelled: `T x[0]`, `T x[]`, or by DECLARE_FLEX_ARRAY(T, x), which wraps it
 * into an unnamed struct behind an empty one (include/uapi/linux/stddef.h). False says nothing.
 */
bool klp_detect__same_layout(struct klp_arena *arena, const struct klp_view *before,
			     const struct klp_cdecl *old, const struct klp_view *after,
			     const struct klp_cdecl *new);

#endif
