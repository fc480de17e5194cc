/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside detect/ only: variables that the fix takes away. The running kernel's go on being there,
 * with what they hold; what stands in their place begins anew.
 */
#ifndef KLP_DETECT_MOVED_H
#define KLP_DETECT_MOVED_H

#include "tu/view.h"

/*
 * Looks at all units of the fix, each with its ->before. A variable of file scope or of a function
 * that can be written and is gone becomes a finding: an error when one of its name is new
 * elsewhere, else a warning.
 */
void klp_detect__moved(struct klp_arena *arena, const struct klp_views *views,
		       struct klp_findings *findings);

#endif
