/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names that mean another value in the fixed unit, though whoever says them says the same as
 * before: enumerators behind one that was put in, constants of headers (`static const`) with
 * another initialiser, and whatever is made of those. (A macro isn't one of them: its new value stands
 * in the preprocessed text.)
 */
#ifndef KLP_TU_VALUES_H
#define KLP_TU_VALUES_H

#include "tu/view.h"

/* Fills a map with those names; their values are meaningless, but not NULL. */
void klp_view_values(struct klp_arena *arena, const struct klp_view *before,
		     const struct klp_view *after, struct klp_map *ret);

/* A declaration says one of the names; for an enum or a constant, in what it is made of. */
bool klp_view_mentions(const struct klp_view *view, const struct klp_cdecl *d,
		       const struct klp_map *names);

/* An enum and nothing else: no struct that has one inside. */
bool klp_view_is_enum(const struct klp_view *view, const struct klp_cdecl *d);
/* `static const unsigned int limit = 5;` */
bool klp_view_is_constant(const struct klp_view *view, const struct klp_cdecl *d);

#endif
