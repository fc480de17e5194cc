/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside detect/ only: a fix to headers, of which each may be read by thousands of units. Which
 * of those can the change matter to?
 */
#ifndef KLP_DETECT_HEADERS_H
#define KLP_DETECT_HEADERS_H

#include "detect/apply.h"
#include "detect/detect.h"

/* More units than this aren't compared. Each one takes a second or two. */
#define KLP_MAX_HEADER_UNITS 64

/*
 * The units that have to be compared because of the headers `files` (each differs in more than
 * comments, and units read it): those whose text mentions what changed, those that the
 * compiler's dumps or their symbols say to have code of a header's function that it reaches,
 * and for types and prototypes one that sees them. Too many of them are the finding
 * KLP-HEADER-WIDE, assembly that mentions something KLP-ASM-CHANGED.
 */
int klp_detect__header_units(struct klp_arena *arena, struct klp_tree *tree,
			     const struct klp_detect_opts *opts,
			     const struct klp_detect_result *versions, const struct klp_strs *files,
			     struct klp_units *ret, struct klp_findings *findings,
			     struct klp_error *err);

/*
 * Leaves out of `units` those in which the recorded compiler sees no difference that matters:
 * no function that they have code of, no type, no data. Units that `versions` has already are
 * left out as well: they are looked at in any case.
 */
int klp_detect__differing_units(struct klp_arena *arena, const struct klp_detect_opts *opts,
				struct klp_detect_result *versions,
				const struct klp_touched_vec *touched, struct klp_units *units,
				struct klp_error *err);

/* The unit's dump or its object mentions the function; without a dump nobody knows. */
int klp_detect__may_hold(const struct klp_unit *unit, const char *function, bool *ret,
			 struct klp_error *err);

#endif
