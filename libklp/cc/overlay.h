/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside cc/ only: a recorded command made to read an overlay's files. */
#ifndef KLP_CC_OVERLAY_H
#define KLP_CC_OVERLAY_H

#include "cc/cc.h"

/*
 * Appends the flags to argv, each include directory behind the overlay's image of it: an
 * overlaid header is found where the original would be, and no other one instead of it.
 */
void klp_cc__overlay_flags(struct klp_arena *arena, const struct klp_unit *unit,
			   const struct klp_overlay *overlay, const struct klp_strs *flags,
			   struct klp_strs *argv);

#endif
