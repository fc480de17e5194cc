// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * By which way a function comes to a static key that its own text doesn't name: the inline
 * functions of headers that it calls, by their preprocessed tokens, and the macros of headers
 * that they are made of.
 */
#include "extract/private.h"

#include <string.h>

/* ---- functions ---------------------------------------------------------------------------- */

/* A function on the way from the one asked about, and who calls it. */
struct step {
	const struct klp_cdecl *cdecl;
	const struct step *from;
};

struct walk {
	struct klp_map seen;
	KLP_VEC(, const struct step *) steps; /* breadth first */
};

static const struct klp_ctok *find_word(const struct extraction *x, const struct klp_cdecl *d,
					const char *word)
{
	for (uint32_t i = 0; i < d->n; i++)
		if (klp_tok_is(&x->view->toks.v.v[d->first + i], word))
			return &x->view->toks.v.v[d->first + i];
	return NULL;
}

bool klp_extract__mentions(const struct extraction *x, const struct klp_cdecl *d, const char *word)
{
	return find_word(x, d, word) != NULL;
}

/* Every function of the unit that may be called from one of that name, itself included. */
static void walk_calls(struct extraction *x, const char *function, struct walk *w)
{
	const struct klp_cdecl *first = klp_map_get(&x->view->functions, function);
	struct step *step;

	klp_map_init(&w->seen, x->arena);
	if (!first)
		return;
	step = klp_new(x->arena, struct step);
	*step = (struct step){ first, NULL };
	klp_map_put(&w->seen, first->name, step);
	klp_vec_push(x->arena, &w->steps, step);
	for (size_t i = 0; i < w->steps.n; i++) {
		const struct step *at = w->steps.v[i];

		for (uint32_t j = 0; j < at->cdecl->n; j++) {
			const struct klp_ctok *tok = &x->view->toks.v.v[at->cdecl->first + j];
			const struct klp_cdecl *d;

			if (tok->kind != KLP_TOK_IDENT ||
			    !(d = klp_map_getn(&x->view->functions, tok->p, tok->len)) ||
			    klp_map_get(&w->seen, d->name))
				continue;
			step = klp_new(x->arena, struct step);
			*step = (struct step){ d, at };
			klp_map_put(&w->seen, d->name, step);
			klp_vec_push(x->arena, &w->steps, step);
		}
	}
}

static bool is_own(struct extraction *x, const struct klp_cdecl *d)
{
	const char *file = klp_view_file(x->arena, x->view, d);

	for (size_t i = 0; i < x->view->tu.files.n; i++)
		if (x->view->tu.files.v[i].own && !strcmp(x->view->tu.files.v[i].name, file))
			return true;
	return false;
}

void klp_extract__key_users(struct extraction *x, const char *function, const char *key,
			    struct key_users *ret)
{
	struct walk w = {};

	walk_calls(x, function, &w);
	for (size_t i = 0; i < w.steps.n; i++) {
		const struct klp_cdecl *d = w.steps.v[i]->cdecl;

		if (find_word(x, d, key) && !is_own(x, d))
			klp_vec_push(x->arena, ret, d);
	}
}

/* ---- the way ------------------------------------------------------------------------------ */

/* "trace_foo(), do_trace()": the functions behind the first one of a way. */
static const char *way_of(struct extraction *x, const struct step *step)
{
	const char *way = NULL;

	for (; step->from; step = step->from)
		way = way ? klp_sprintf(x->arena, "%s(), %s", step->cdecl->name, way)
			  : klp_sprintf(x->arena, "%s()", step->cdecl->name);
	return way;
}

static const struct step *first_step(const struct step *step)
{
	while (step->from && step->from->from)
		step = step->from;
	return step;
}

/* "bonus, bonus_enabled": the macros that lead from a function's text to the key. */
static const char *macros_of(struct extraction *x, const struct klp_tu_decl *d, const char *key)
{
	const char *text = x->view->tu.files.v[d->file].text, *way = NULL;
	struct klp_strs macros = {};

	klp_extract__macro_way(x, text + d->from, d->to - d->from, key, &macros);
	for (size_t i = 0; i < macros.n; i++)
		way = way ? klp_sprintf(x->arena, "%s, %s", way, macros.v[i]) : macros.v[i];
	return way;
}

struct key_place klp_extract__key_place(struct extraction *x, const char *function, const char *key)
{
	struct key_place ret = {};
	const struct klp_tu_decl *d;
	struct walk w = {};

	if (!function)
		return ret;
	walk_calls(x, function, &w);
	for (size_t i = 0; i < w.steps.n; i++) {
		const struct step *step = w.steps.v[i];
		const struct klp_cdecl *top = w.steps.v[0]->cdecl;
		const struct klp_ctok *tok = find_word(x, step->cdecl, key);

		if (!tok)
			continue;
		if (step->from)
			tok = find_word(x, top, first_step(step)->cdecl->name);
		ret.file = klp_view_file(x->arena, x->view, top);
		ret.line = tok->line;
		ret.way = way_of(x, step);
		d = klp_tu_find(&x->view->tu, function);
		if (!ret.way && d && d->definition)
			ret.way = macros_of(x, d, key);
		break;
	}
	return ret;
}
