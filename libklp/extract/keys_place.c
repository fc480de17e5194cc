// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * By which way a function comes to a static key that its own text doesn't name: the inline
 * functions of headers that it calls, by their preprocessed tokens, and the macros of headers
 * that they are made of.
 */
#include "extract/private.h"

#include <string.h>

#include "base/file.h"

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

/* ---- macros ------------------------------------------------------------------------------- */

/* A chain of macros is rarely longer than three: cpusets_enabled() has none. */
#define MAX_LEVELS 6

/* Macros that have the key in their body, each with the way from it to the key. */
struct macros {
	struct klp_map ways; /* name -> "NAME, INNER" */
	size_t old;	     /* those before this one are done with */
};

/* What a directive's text mentions of the macros known so far; NULL: none of them. */
static const char *mentioned(struct extraction *x, const struct macros *m, const char *text,
			     size_t len)
{
	struct klp_ctoks toks = {};
	struct klp_error ignored = {};

	if (klp_ctok_source(x->arena, "", text, len, true, &toks, &ignored) < 0)
		return NULL;
	for (size_t i = 3; i < toks.v.n; i++)
		if (toks.v.v[i].kind == KLP_TOK_IDENT) {
			const char *way = klp_map_getn(&m->ways, toks.v.v[i].p, toks.v.v[i].len);

			if (way)
				return way;
		}
	return NULL;
}

static bool has_any(const struct macros *m, const char *text, size_t len)
{
	for (size_t i = m->old; i < m->ways.n; i++)
		if (memmem(text, len, m->ways.entries[i].key, m->ways.entries[i].len))
			return true;
	return false;
}

static void scan_file(struct extraction *x, const struct macros *m, const char *text, size_t len,
		      struct klp_map *ret)
{
	struct klp_cpplines lines = {};

	if (!has_any(m, text, len))
		return;
	klp_cpplines_scan(x->arena, text, len, &lines);
	for (size_t i = 0; i < lines.n; i++) {
		const struct klp_cppline *l = &lines.v[i];
		const char *way;

		if (l->kind != KLP_CPP_DEFINE || klp_map_get(&m->ways, l->name) ||
		    klp_map_get(ret, l->name) || !has_any(m, text + l->from, l->to - l->from))
			continue;
		way = mentioned(x, m, text + l->from, l->to - l->from);
		if (way)
			klp_map_put(ret, l->name,
				    klp_sprintf(x->arena, "%s%s%s", l->name, *way ? ", " : "",
						way));
	}
}

/* Another level of macros, those that mention the last one's. False when there is none. */
static bool next_level(struct extraction *x, struct macros *m)
{
	struct klp_map found;

	klp_map_init(&found, x->arena);
	for (size_t i = 0; i < x->view->tu.files.n; i++) {
		KLP_CLEANUP_MAPPED struct klp_mapped text = {};
		struct klp_error ignored = {};

		if (klp_mapped_open(x->view->tu.files.v[i].path, &text, &ignored) == 0 && text.len)
			scan_file(x, m, text.data, text.len, &found);
	}
	m->old = m->ways.n;
	for (size_t i = 0; i < found.n; i++)
		klp_map_put(&m->ways, found.entries[i].key, found.entries[i].value);
	return found.n != 0;
}

/* The first macro of the function's own text by which it comes to the key. */
static const char *macro_way(struct extraction *x, const struct klp_tu_decl *d, const char *key)
{
	const struct klp_tu_file *f = &x->view->tu.files.v[d->file];
	struct klp_ctoks toks = {};
	struct klp_error ignored = {};
	struct macros m = {};

	if (klp_ctok_source(x->arena, f->name, f->text + d->from, d->to - d->from, true, &toks,
			    &ignored) < 0)
		return NULL;
	klp_map_init(&m.ways, x->arena);
	klp_map_put(&m.ways, key, "");
	for (int level = 0; level < MAX_LEVELS && next_level(x, &m); level++)
		for (size_t i = 0; i < toks.v.n; i++) {
			const struct klp_ctok *tok = &toks.v.v[i];
			const char *way = tok->kind == KLP_TOK_IDENT
						  ? klp_map_getn(&m.ways, tok->p, tok->len)
						  : NULL;

			if (way && *way)
				return way;
		}
	return NULL;
}

/* ---- both --------------------------------------------------------------------------------- */

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
			ret.way = macro_way(x, d, key);
		break;
	}
	return ret;
}
