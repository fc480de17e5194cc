// SPDX-License-Identifier: GPL-2.0-or-later
#include "extract/fixed.h"
#include "model/report.h"

/* The version to extract from. */
static struct klp_view *view_of(const struct klp_extract_opts *opts, const struct klp_unit *unit)
{
	struct klp_view *view = klp_views_get(opts->views, unit);

	return opts->unpatched && view && view->before ? (struct klp_view *)view->before : view;
}

static int open_unit(struct extraction *x)
{
	klp_map_init(&x->entities, x->arena);
	klp_map_init(&x->locals_of, x->arena);
	klp_map_init(&x->own_locals, x->arena);
	if (klp_extract__resolve_open(x) < 0 || klp_extract__items(x) < 0 ||
	    klp_extract__fixed_open(x) < 0)
		return x->err->code;
	return klp_extract__collect_pastes(x);
}

int klp_extract__of_unit(const struct extraction *like, struct klp_unit *unit,
			 struct extraction **ret)
{
	struct klp_view *view = view_of(like->opts, unit);
	struct extraction *x;

	*ret = NULL;
	for (size_t i = 0; i < like->all->n; i++)
		if (like->all->v[i]->unit == unit)
			*ret = like->all->v[i];
	if (*ret || !view || !view->loaded)
		return 0;
	x = klp_new(like->arena, struct extraction);
	*x = (struct extraction){
		.arena = like->arena,
		.all = like->all,
		.tree = like->tree,
		.unit = unit,
		.view = view,
		.closure = like->closure,
		.opts = like->opts,
		.findings = like->findings,
		.err = like->err,
		.links = like->links,
	};
	klp_log(x->opts->log, KLP_LOG_DEBUG, "extracting %s", unit->source);
	klp_stage_progress(x->opts->log, KLP_STAGE_EXTRACT, unit->source);
	if (open_unit(x) < 0)
		return x->err->code;
	klp_vec_push(like->arena, like->all, x);
	*ret = x;
	return 0;
}

/* Defines it, for all to use, with the fix only. */
static bool adds(const struct klp_view *view, const char *name)
{
	const struct klp_tu_decl *new, *old;

	if (!view->loaded || !view->before)
		return false;
	new = klp_tu_find(&view->tu, name);
	old = klp_tu_find(&view->before->tu, name);
	return new &&new->definition && !new->is_static &&
	       !(old && old->definition && !old->is_static);
}

int klp_extract__definer(struct extraction *x, const char *name, struct extraction **ret)
{
	const struct klp_views *views = x->opts->views;

	*ret = NULL;
	if (x->opts->unpatched || klp_extract__is_in_kernel(x, name))
		return 0;
	for (size_t i = 0; i < views->n; i++)
		if (views->v[i]->unit != x->unit && adds(views->v[i], name))
			return klp_extract__of_unit(x, views->v[i]->unit, ret);
	return 0;
}
