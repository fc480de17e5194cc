// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which of the original's static locals one of the new text is.
 */
#include "extract/private.h"

#include <string.h>

const struct klp_view *klp_extract__original_view(const struct extraction *x)
{
	return x->view->before ? x->view->before : x->view;
}

/* Parsed for itself, once: the unit's own view was lent a tu. */
static int load_own(struct extraction *x, const struct klp_view *lent)
{
	struct klp_view *own = klp_new(x->arena, struct klp_view);

	*own = (struct klp_view){ .unit = x->unit, .overlay = lent->overlay };
	x->own_original = own;
	return klp_views_load(x->arena, own, 1, x->opts->jobs,
			      klp_sprintf(x->arena, "%s/original", x->opts->workdir), x->findings,
			      x->err);
}

int klp_extract__exact_original(struct extraction *x, const struct original_local *l,
				struct original_local *ret)
{
	size_t index = (size_t)(l->local - l->function->locals.v);
	const struct klp_tu_decl *d;

	*ret = *l;
	if (!l->view->fixed)
		return 0;
	if (!x->own_original && load_own(x, l->view) < 0)
		return x->err->code;
	d = klp_tu_find(&x->own_original->tu, l->function->name);
	if (x->own_original->loaded && d && d->definition &&
	    d->locals.n == l->function->locals.n) {
		*ret = (struct original_local){ x->own_original, d, &d->locals.v[index] };
		return 0;
	}
	return klp_error_set(x->err, KLP_ETROUBLE, "'%s' can't be parsed without the fix",
			     x->unit->source);
}

/* How many a function has of that name, and which of them l is. */
struct count {
	size_t all, spelled; /* spelled: not by a macro's body */
	size_t nth_all, nth_spelled;
};

static struct count count_locals(const struct klp_tu_decl *d, const char *name,
				 const struct klp_tu_local *l)
{
	struct count c = {};

	for (size_t i = 0; i < d->locals.n; i++) {
		const struct klp_tu_local *other = &d->locals.v[i];

		if (strcmp(other->name, name) != 0)
			continue;
		if (other < l && l < d->locals.v + d->locals.n) {
			c.nth_all++;
			c.nth_spelled += !other->macro;
		}
		c.all++;
		c.spelled += !other->macro;
	}
	return c;
}

static const struct klp_tu_local *nth(const struct klp_tu_decl *d, const char *name, size_t n,
				      bool spelled)
{
	for (size_t i = 0; i < d->locals.n; i++) {
		const struct klp_tu_local *l = &d->locals.v[i];

		if (!strcmp(l->name, name) && (!spelled || !l->macro) && !n--)
			return l;
	}
	return NULL;
}

enum pairing klp_extract__find_original(const struct extraction *x, const struct klp_tu_decl *d,
					const struct klp_tu_local *l, struct original_local *ret)
{
	const struct klp_view *view = klp_extract__original_view(x);
	const struct klp_tu_decl *old = klp_tu_find(&view->tu, d->name);
	struct count new_count = count_locals(d, l->name, l), old_count;
	const struct klp_tu_local *found;

	if (!old || !old->definition)
		return PAIR_NONE;
	old_count = count_locals(old, l->name, NULL);
	if (!old_count.all)
		return PAIR_NONE;
	if (!l->macro && old_count.spelled == new_count.spelled)
		found = nth(old, l->name, new_count.nth_spelled, true);
	else if (old_count.all == new_count.all)
		found = nth(old, l->name, new_count.nth_all, false);
	else
		return PAIR_UNCLEAR;
	*ret = (struct original_local){ view, old, found };
	return PAIR_FOUND;
}

int klp_extract__local_changed(struct extraction *x, const struct klp_tu_decl *d,
			       const struct klp_tu_local *l, const struct original_local *old)
{
	const struct original_local new = { x->view, d, l };
	int same;

	if (old->view == x->view)
		return 0;
	if (strcmp(l->canonical, old->local->canonical) != 0 ||
	    strcmp(l->layout, old->local->layout) != 0 || l->sized != old->local->sized ||
	    l->size != old->local->size)
		return 1;
	same = klp_extract__local_same_text(x, old, &new);
	return same < 0 ? same : !same;
}
