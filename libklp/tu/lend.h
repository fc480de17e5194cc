/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside tu/: one parse for two versions of a unit. */
#ifndef KLP_TU_LEND_H
#define KLP_TU_LEND_H

#include "tu/view.h"

/*
 * Of both the tokens are there. True when libclang has nothing to say of `before` that it doesn't
 * say of `after`, places in the text aside: what differs is inside the bodies of functions, in the
 * unit's own file, and no declaration of a static variable there.
 */
bool klp_view__may_lend(struct klp_arena *arena, const struct klp_view *after,
			const struct klp_view *before);

#endif
