/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside detect/ only: two views of one unit compared, declaration by declaration.
 */
#ifndef KLP_DETECT_COMPARE_H
#define KLP_DETECT_COMPARE_H

#include "base/map.h"
#include "detect/apply.h"

struct klp_comparison {
	struct klp_changes changes; /* functions that differ */
	struct klp_changes unheld;  /* functions of a touched header that differ, and that the
				       unit has no code of */
};

/* Adds to result what differs in functions, and to findings what differs elsewhere. */
int klp_detect__compare(struct klp_arena *arena, const struct klp_view *before,
			const struct klp_view *after, const struct klp_touched_vec *touched,
			struct klp_comparison *result, struct klp_findings *findings,
			struct klp_error *err);

/* What compare.c (functions) and others.c share. */
struct klp_comparing {
	struct klp_arena *arena;
	const struct klp_view *before, *after;
	const struct klp_touched_vec *touched;
	struct klp_map values; /* names with another value than before */
	struct klp_map exported_before, exported_after;
	struct klp_comparison *result;
	struct klp_findings *findings;
	struct klp_error *err;
};

bool klp_detect__is_touched(const struct klp_comparing *c, const char *file);
uint32_t klp_detect__line_of(const struct klp_view *view, const struct klp_cdecl *d);
/* Types, variables, prototypes and the rest: findings only. */
void klp_detect__compare_others(struct klp_comparing *c);

#endif
