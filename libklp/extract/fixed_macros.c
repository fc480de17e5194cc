// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The macros of a unit with the fix and without it, as the recorded compiler lists them at the
 * unit's end. A macro is expanded where it is used, so defining it anew behind the includes is
 * enough for everything that follows, other macros of headers included.
 */
#include <string.h>

#include "extract/fixed.h"

/* "NAME BODY", "NAME(a,b) BODY" behind "#define ". */
static void add_macro(struct klp_map *ret, char *line)
{
	static const char define[] = "#define ";
	char *name = line + strlen(define), *body;
	size_t n;

	if (strncmp(line, define, strlen(define)))
		return;
	n = strcspn(name, " (");
	body = name + n;
	klp_map_putn(ret, name, n, body);
}

static int list_macros(struct extraction *x, const struct klp_view *view, struct klp_map *ret)
{
	struct klp_cc_job job = {
		.unit = view->unit,
		.mode = KLP_CC_MACROS,
		.overlay = view->overlay,
	};
	struct klp_proc_result result;

	if (view->overlay)
		job.source = klp_path_join(x->arena, view->overlay->dir, view->unit->source);
	if (klp_cc_run(x->arena, &job, &result, x->err) < 0)
		return x->err->code;
	for (char *save, *line = strtok_r(result.out, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		add_macro(ret, line);
	return 0;
}

/* The #define in a header that the fix touches, when its words are those of the body. */
static int place_of(struct extraction *x, struct piece *p)
{
	const struct klp_overlay *overlay = x->view->overlay;
	const struct klp_strs *files = overlay ? &overlay->files : NULL;

	for (size_t i = 0; files && i < files->n; i++) {
		const struct klp_chunks *chunks;

		if (!klp_extract__is_touched(x, files->v[i]))
			continue;
		if (klp_extract__fixed_chunks(x, files->v[i], &chunks) < 0)
			return x->err->code;
		for (size_t k = 0; k < chunks->v.n; k++) {
			const struct klp_chunk *c = &chunks->v.v[k];

			if (c->kind == KLP_CHUNK_DEFINE && !c->undef && !strcmp(c->name, p->name)) {
				p->file = files->v[i];
				p->line = c->line;
			}
		}
	}
	return 0;
}

static bool is_own(const struct extraction *x, const char *macro)
{
	return klp_map_get(&x->macros, macro) != NULL;
}

static int add_piece(struct extraction *x, const char *name, const char *text, bool undefine)
{
	struct piece *p;

	/* the file's own definition comes along with the file's text */
	if (is_own(x, name) || klp_map_get(&x->fixed->macros, name))
		return 0;
	p = klp_new(x->arena, struct piece);
	*p = (struct piece){
		.kind = PIECE_MACRO,
		.name = name,
		.text = text,
		.undefine = undefine,
	};
	klp_vec_push(x->arena, &x->fixed->pieces, p);
	klp_map_put(&x->fixed->macros, name, p);
	return text ? place_of(x, p) : 0;
}

/* A body that calls, or names, what has another name in the livepatch. */
static int mentions_renamed(struct extraction *x, const char *body, bool *ret)
{
	struct klp_ctoks toks = {};

	*ret = false;
	if (!x->fixed->renamed.n)
		return 0;
	if (klp_ctok_source(x->arena, x->unit->source, body, strlen(body), true, &toks, x->err) < 0)
		return x->err->code;
	for (size_t i = 0; i < toks.v.n && !*ret; i++)
		*ret = toks.v.v[i].kind == KLP_TOK_IDENT &&
		       klp_map_getn(&x->fixed->renamed, toks.v.v[i].p, toks.v.v[i].len);
	return 0;
}

static const char *key_of(struct extraction *x, const struct klp_map_entry *entry)
{
	return klp_strndup(x->arena, entry->key, entry->len);
}

int klp_extract__fixed_macros(struct extraction *x)
{
	struct klp_map before, *after = &x->fixed->bodies;

	klp_map_init(&before, x->arena);
	if (list_macros(x, x->view, after) < 0 ||
	    (x->view->before && list_macros(x, x->view->before, &before) < 0))
		return x->err->code;
	for (size_t i = 0; i < after->n; i++) {
		const struct klp_map_entry *e = &after->entries[i];
		const char *old =
			x->view->before ? klp_map_getn(&before, e->key, e->len) : e->value;
		bool mentions = false;

		if (mentions_renamed(x, e->value, &mentions) < 0)
			return x->err->code;
		if ((mentions || !old || strcmp(old, e->value)) &&
		    add_piece(x, key_of(x, e), e->value, old != NULL) < 0)
			return x->err->code;
	}
	for (size_t i = 0; i < before.n; i++) {
		const struct klp_map_entry *e = &before.entries[i];

		if (!klp_map_getn(after, e->key, e->len) &&
		    add_piece(x, key_of(x, e), NULL, true) < 0)
			return x->err->code;
	}
	return 0;
}
