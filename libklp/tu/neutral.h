/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fixed source with the line numbers of the unfixed one. An added line moves every
 * __LINE__ below it, and with it the code of functions that the fix doesn't touch; before
 * machine code is compared, each declaration is put back on its old line by a #line.
 */
#ifndef KLP_TU_NEUTRAL_H
#define KLP_TU_NEUTRAL_H

#include "tu/view.h"

/*
 * Writes the own files of `after` that its overlay holds, and the headers that it holds, below
 * neutral->dir (which the caller has set, a private directory) and lists them in
 * neutral->files.
 */
int klp_view_neutral(struct klp_arena *arena, const struct klp_view *before,
		     const struct klp_view *after, struct klp_overlay *neutral,
		     struct klp_error *err);

#endif
