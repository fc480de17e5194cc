// SPDX-License-Identifier: GPL-2.0-or-later
#include "extract/fixed.h"

#include <stdlib.h>
#include <string.h>

#include "parsers/cenum.h"
#include "tu/values.h"

static bool is_c_file(const char *file)
{
	size_t n = strlen(file);

	return n > 2 && !strcmp(file + n - 2, ".c");
}

/* The fix touches it: the kernel's version of it is another one. */
bool klp_extract__is_touched(const struct extraction *x, const char *file)
{
	return x->view->overlay && !is_c_file(file) && klp_strs_has(&x->view->overlay->files, file);
}

static bool is_new(const struct extraction *x, const char *file)
{
	return klp_extract__is_touched(x, file) && x->view->before &&
	       !klp_strs_has(&x->view->before->overlay->files, file);
}

bool klp_extract__is_created(const struct extraction *x, const struct item *include)
{
	const struct klp_overlay *overlay = x->view->overlay;
	size_t n = include->kind == ITEM_INCLUDE ? strlen(include->name) : 0;
	char *operand;

	if (n < 3 || !overlay)
		return false;
	/* without its quotes */
	operand = klp_strndup(x->arena, include->name + 1, n - 2);
	for (size_t i = 0; i < overlay->files.n; i++) {
		const char *file = overlay->files.v[i];
		size_t m = strlen(file), len = n - 2;

		if (is_new(x, file) && m >= len && !strcmp(file + m - len, operand) &&
		    (m == len || file[m - len - 1] == '/'))
			return true;
	}
	return false;
}

static bool headers_touched(const struct extraction *x)
{
	for (size_t k = 0; x->view->before && k < x->view->tu.files.n; k++)
		if (!x->view->tu.files.v[k].own &&
		    klp_extract__is_touched(x, x->view->tu.files.v[k].name))
			return true;
	return false;
}

static struct piece *add_piece(struct extraction *x, enum piece_kind kind, const char *name,
			       const struct klp_cdecl *d)
{
	struct piece *p = klp_new(x->arena, struct piece);

	p->kind = kind;
	p->name = name;
	p->cdecl = d;
	if (d) {
		p->file = klp_view_file(x->arena, x->view, d);
		p->line = x->view->toks.v.v[d->at].line;
	}
	klp_vec_push(x->arena, &x->fixed->pieces, p);
	return p;
}

static bool in_header(struct extraction *x, const struct klp_view *view, const struct klp_cdecl *d)
{
	return !klp_view_owns(view, klp_view_file(x->arena, view, d));
}

/* ---- functions and constants ------------------------------------------------------------ */

static struct piece *rename_piece(struct extraction *x, const struct klp_cdecl *d)
{
	struct piece *p = klp_map_get(&x->fixed->renamed, d->name);

	if (p)
		return p;
	p = add_piece(x, PIECE_DECL, d->name, d);
	p->new_name = klp_sprintf(x->arena, "klpp_%s", d->name);
	klp_map_put(&x->fixed->renamed, d->name, p);
	return p;
}

static void changed_functions(struct extraction *x, const struct klp_map *values)
{
	for (size_t i = 0; i < x->view->cdecls.n; i++) {
		const struct klp_cdecl *d = &x->view->cdecls.v[i], *old;

		if (d->kind != KLP_CDECL_FUNCTION)
			continue;
		old = klp_map_get(&x->view->before->functions, d->name);
		if (old && (old->hash != d->hash || klp_view_mentions(x->view, d, values)) &&
		    in_header(x, x->view, d))
			rename_piece(x, d);
	}
}

static void changed_constants(struct extraction *x, const struct klp_map *values)
{
	for (size_t i = 0; i < x->view->cdecls.n && values->n; i++) {
		const struct klp_cdecl *d = &x->view->cdecls.v[i];

		if (klp_view_is_constant(x->view, d) && klp_map_get(values, d->name) &&
		    in_header(x, x->view, d))
			rename_piece(x, d);
	}
}

/* Wanted for editing, so its users call the livepatch's. */
static void named_functions(struct extraction *x)
{
	for (size_t i = 0; i < x->view->named.n; i++)
		rename_piece(x, klp_map_get(&x->view->functions, x->view->named.v[i]))->named =
			true;
}

/* A header's function that is as it was calls the old version of one that isn't. */
static void users_of_changed(struct extraction *x)
{
	struct klp_map *renamed = &x->fixed->renamed;

	for (size_t known = 0; known < renamed->n;) {
		known = renamed->n;
		for (size_t i = 0; i < x->view->cdecls.n; i++) {
			const struct klp_cdecl *d = &x->view->cdecls.v[i];

			if ((d->kind == KLP_CDECL_FUNCTION || klp_view_is_constant(x->view, d)) &&
			    !klp_map_get(renamed, d->name) &&
			    klp_view_mentions(x->view, d, renamed) && in_header(x, x->view, d))
				rename_piece(x, d)->user = true;
		}
	}
}

/* ---- enums, and what is new ------------------------------------------------------------- */

static bool has_other(const struct klp_view *view, const struct klp_cdecl *d)
{
	for (size_t i = 0; i < view->cdecls.n; i++)
		if (view->cdecls.v[i].kind == d->kind && !strcmp(view->cdecls.v[i].name, d->name))
			return true;
	return false;
}

/* Each enumerator that isn't what it was leads to one piece for the enum. */
static void differing_enum(struct extraction *x, const struct klp_cdecl *d,
			   const struct klp_map *values, const struct klp_map *before)
{
	struct klp_enumerators list = {};
	struct piece *p = NULL;

	klp_enumerators(x->arena, &x->view->toks.v.v[d->first], d->n, &list);
	for (size_t i = 0; i < list.n; i++) {
		const char *name = list.v[i].name;
		bool new = !klp_map_get(before, name);

		if (!new && !klp_map_get(values, name))
			continue;
		if (!p)
			p = add_piece(x, PIECE_ENUM, d->name, d);
		klp_map_put(new ? &x->fixed->added : &x->fixed->values, name, p);
	}
}

/* Every enumerator of the unit without the fix. */
static void all_enumerators(struct extraction *x, const struct klp_view *view, struct klp_map *ret)
{
	klp_map_init(ret, x->arena);
	for (size_t i = 0; i < view->cdecls.n; i++) {
		const struct klp_cdecl *d = &view->cdecls.v[i];
		struct klp_enumerators list = {};

		if (d->kind != KLP_CDECL_TYPE && d->kind != KLP_CDECL_TYPEDEF)
			continue;
		klp_enumerators(x->arena, &view->toks.v.v[d->first], d->n, &list);
		for (size_t k = 0; k < list.n; k++)
			klp_map_put(ret, list.v[k].name, x);
	}
}

static void hashes_of(struct extraction *x, const struct klp_view *view, struct klp_map *ret)
{
	klp_map_init(ret, x->arena);
	klp_map_reserve(ret, view->cdecls.n);
	for (size_t i = 0; i < view->cdecls.n; i++)
		klp_map_putn(ret, (const char *)&view->cdecls.v[i].hash,
			     sizeof(view->cdecls.v[i].hash), x);
}

/* What is new in a header that the fix touches; a header that is newly included brings its own. */
static void new_declaration(struct extraction *x, const struct klp_cdecl *d)
{
	if (d->name[0] && !has_other(x->view->before, d) && in_header(x, x->view, d) &&
	    klp_extract__is_touched(x, klp_view_file(x->arena, x->view, d)))
		klp_map_put(&x->fixed->added, d->name, add_piece(x, PIECE_DECL, d->name, d));
}

static void differing_declarations(struct extraction *x, const struct klp_map *values)
{
	struct klp_map hashes, enumerators;

	hashes_of(x, x->view->before, &hashes);
	all_enumerators(x, x->view->before, &enumerators);
	for (size_t i = 0; i < x->view->cdecls.n; i++) {
		const struct klp_cdecl *d = &x->view->cdecls.v[i];
		bool known = klp_map_getn(&hashes, (const char *)&d->hash, sizeof(d->hash));

		if (known && !klp_view_mentions(x->view, d, values))
			continue;
		if (klp_view_is_enum(x->view, d) && has_other(x->view->before, d)) {
			if (in_header(x, x->view, d))
				differing_enum(x, d, values, &enumerators);
		} else if (!known) {
			new_declaration(x, d);
		}
	}
}

/* ---- includes --------------------------------------------------------------------------- */

static bool reads(const struct klp_view *view, const char *file)
{
	for (size_t i = 0; i < view->tu.files.n; i++)
		if (!strcmp(view->tu.files.v[i].name, file))
			return true;
	return false;
}

/* As the generated file can spell it; NULL: only from where the header stands. */
static const char *operand_from_here(struct extraction *x, const char *file)
{
	static const char *const roots[] = { "include", "include/uapi", "arch/x86/include" };

	for (size_t i = 0; i < sizeof(roots) / sizeof(*roots); i++) {
		const char *below = klp_path_below(file, roots[i]);

		if (below && strncmp(below, "uapi/", 5) != 0)
			return klp_sprintf(x->arena, "<%s>", below);
	}
	if (!strcmp(klp_path_dir(x->arena, file), klp_path_dir(x->arena, x->unit->source)))
		return klp_sprintf(x->arena, "\"%s\"", klp_path_base(file));
	return NULL;
}

static void cannot_include(struct extraction *x, const struct piece *p)
{
	struct klp_finding *f = klp_finding_add(
		x->arena, x->findings, KLP_ERROR, "KLP-HEADER-TEXT",
		"'%s' includes '%s' with the fix, which can't be included from the generated file",
		p->file, p->name);

	f->file = p->file;
	f->hint = "include it in the .c files that the fix changes";
}

/* Headers that the unit reads only with the fix, because a fixed header includes them. */
static void new_includes(struct extraction *x)
{
	const struct klp_tu_files *files = &x->view->tu.files;

	for (size_t i = 0; i < files->n; i++) {
		const struct klp_tu_file *f = &files->v[i];
		const struct klp_tu_file *by =
			f->included_from >= 0 ? &files->v[f->included_from] : NULL;
		struct piece *p;

		if (!by || by->own || reads(x->view->before, f->name) || is_new(x, f->name) ||
		    !klp_extract__is_touched(x, by->name))
			continue;
		p = add_piece(x, PIECE_INCLUDE, f->name, NULL);
		p->file = by->name;
		p->text = operand_from_here(x, f->name);
		p->needed = p->text != NULL;
		if (!p->text)
			cannot_include(x, p);
	}
}

/* ---- the whole -------------------------------------------------------------------------- */

static int rank(const struct piece *p)
{
	return p->kind == PIECE_INCLUDE ? 0 : p->kind == PIECE_MACRO ? 1 : 2;
}

/* In the order of the fixed unit: what is used stands before its users there. */
static int compare_pieces(const void *a, const void *b)
{
	const struct piece *x = *(struct piece *const *)a, *y = *(struct piece *const *)b;

	if (rank(x) != rank(y))
		return rank(x) - rank(y);
	if (x->cdecl != y->cdecl)
		return x->cdecl < y->cdecl ? -1 : 1;
	return strcmp(x->name, y->name);
}

static bool has_named(const struct extraction *x, const char *file)
{
	for (size_t i = 0; i < x->fixed->pieces.n; i++)
		if (x->fixed->pieces.v[i]->named && !strcmp(x->fixed->pieces.v[i]->file, file))
			return true;
	return false;
}

/*
 * Behind the includes at the file's head, and behind the one that brings in the last of the
 * fixed headers, should that come later.
 */
static size_t place(const struct extraction *x)
{
	const struct klp_tu_files *files = &x->view->tu.files;
	size_t at = 0;

	for (size_t i = 0; i < x->items.n && x->items.v[i].kind != ITEM_DECL; i++)
		if (x->items.v[i].kind == ITEM_INCLUDE)
			at = i + 1;
	for (size_t i = 0; i < files->n; i++) {
		const struct klp_tu_file *f = &files->v[i];

		if (f->own || (!klp_extract__is_touched(x, f->name) && !has_named(x, f->name)))
			continue;
		while (f->included_from >= 0 && !files->v[f->included_from].own)
			f = &files->v[f->included_from];
		/* the #include of one that comes with the fix is no item: then what is before it */
		for (size_t k = at; f->included_from >= 0 && k < x->items.n; k++)
			if ((int)x->items.v[k].file == f->included_from &&
			    x->items.v[k].from <= f->included_at)
				at = k + 1;
	}
	return at;
}

static void compare_headers(struct extraction *x)
{
	struct klp_map values;

	klp_view_values(x->arena, x->view->before, x->view, &values);
	changed_functions(x, &values);
	changed_constants(x, &values);
	differing_declarations(x, &values);
	new_includes(x);
}

int klp_extract__fixed_open(struct extraction *x)
{
	bool touched = headers_touched(x);
	struct fixed *f;

	if (!touched && !x->view->named.n)
		return 0;
	x->fixed = f = klp_new(x->arena, struct fixed);
	klp_map_init(&f->renamed, x->arena);
	klp_map_init(&f->added, x->arena);
	klp_map_init(&f->values, x->arena);
	klp_map_init(&f->macros, x->arena);
	klp_map_init(&f->bodies, x->arena);
	klp_map_init(&f->followed, x->arena);
	klp_map_init(&f->texts, x->arena);
	if (touched)
		compare_headers(x);
	named_functions(x);
	users_of_changed(x);
	if (klp_extract__fixed_macros(x) < 0)
		return x->err->code;
	if (f->pieces.n)
		qsort(f->pieces.v, f->pieces.n, sizeof(*f->pieces.v), compare_pieces);
	f->at = place(x);
	return 0;
}

static void add_link(const struct extraction *x, const char *word, struct klp_plan_source *source)
{
	klp_vec_push(x->arena, &source->links,
		     (struct klp_link){ klp_sprintf(x->arena, "klpp_%s", word), word, word });
}

void klp_extract__fixed_names(const struct extraction *x, struct klp_plan_source *source)
{
	const struct fixed *f = x->fixed;

	for (size_t i = 0; f && i < f->renamed.n; i++) {
		const struct piece *p = f->renamed.entries[i].value;

		add_link(x, p->name, source);
		if (p->cdecl->kind == KLP_CDECL_FUNCTION)
			klp_vec_push(x->arena, &source->stale, p->name);
	}
	for (size_t i = 0; f && i < f->values.n; i++)
		add_link(x, f->values.entries[i].key, source);
}

struct entity *klp_extract__fixed_entity(struct extraction *x, const char *name, const char *by)
{
	const struct piece *p = x->fixed ? klp_map_get(&x->fixed->renamed, name) : NULL;
	struct entity *e;

	if (!p)
		return NULL;
	e = klp_map_get(&x->entities, name);
	if (e)
		return e;
	e = klp_extract__entity_new(x, name, name, by);
	e->kind = ENTITY_FIXED;
	e->new_name = p->new_name;
	return e;
}

/* ---- what is needed --------------------------------------------------------------------- */

/* Only what is the headers' business: no text of theirs needs a type of the .c file. */
static int scan(struct extraction *x, const char *text, size_t len, const char *by)
{
	struct klp_ctoks toks = {};

	if (klp_ctok_source(x->arena, x->unit->source, text, len, true, &toks, x->err) < 0)
		return x->err->code;
	for (size_t i = 0; i < toks.v.n; i++)
		if (toks.v.v[i].kind == KLP_TOK_IDENT &&
		    klp_extract__fixed_word(x, &toks.v.v[i], by) < 0)
			return x->err->code;
	return 0;
}

int klp_extract__fixed_need(struct extraction *x, struct piece *p, const char *by)
{
	const struct klp_chunks *chunks;
	const struct klp_chunk *chunk;

	if (p->needed)
		return 0;
	p->needed = true;
	if (p->kind == PIECE_MACRO)
		return p->text ? scan(x, p->text, strlen(p->text), by) : 0;
	if (klp_extract__fixed_chunk_of(x, p, &chunks, &chunk) < 0)
		return x->err->code;
	if (!chunk)
		return 0; /* said when it is written */
	return scan(x, chunks->text + chunk->from, chunk->to - chunk->from, by);
}

int klp_extract__fixed_word(struct extraction *x, const struct klp_ctok *tok, const char *by)
{
	struct fixed *f = x->fixed;
	const char *body;

	if (!f)
		return 0;
	const struct klp_map *const maps[] = { &f->renamed, &f->added, &f->values, &f->macros };

	for (size_t i = 0; i < sizeof(maps) / sizeof(*maps); i++) {
		struct piece *p = klp_map_getn(maps[i], tok->p, tok->len);

		if (p && klp_extract__fixed_need(x, p, by) < 0)
			return x->err->code;
	}
	/* a macro that is as it was may lead to one that isn't */
	body = klp_map_getn(&f->bodies, tok->p, tok->len);
	if (!body || klp_map_getn(&f->followed, tok->p, tok->len))
		return 0;
	klp_map_put(&f->followed, klp_strndup(x->arena, tok->p, tok->len), f);
	return scan(x, body, strlen(body), by);
}
