// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the patched functions need: functions and variables by libclang's references, and what
 * those hide by the words of the text.
 */
#include "extract/fixed.h"

#include <string.h>

/* ---- references ------------------------------------------------------------------------- */

static int reference(struct extraction *x, size_t item, const struct klp_tu_decl *d,
		     const struct klp_tu_ref *r)
{
	bool is_function = r->kind == KLP_TU_FUNCTION;
	struct entity *e;

	if (r->local_static) {
		e = klp_extract__local_entity(x, d, r);
		/* a private one, or one of a macro that is written out as a whole */
		if (!e || d->locals.v[r->local].macro)
			return 0;
	} else {
		e = r->own ? NULL : klp_extract__fixed_entity(x, r->name, d->name);
		/* A header's inline function stays in its header. */
		if (!e && !r->own && r->is_inline)
			return 0;
		if (!e && klp_extract__entity_for(x, r->name, is_function, d->name, &e) < 0)
			return x->err->code;
	}
	return klp_extract__add_use(x, e, item, r->file, r->offset, r->call, is_function, d->name);
}

static bool in_refs(const struct klp_tu_decl *d, const struct klp_ctok *tok)
{
	for (size_t i = 0; i < d->refs.n; i++)
		if (klp_tok_is(tok, d->refs.v[i].name))
			return true;
	return false;
}

static bool in_names(const struct klp_tu_decl *d, const struct klp_ctok *tok)
{
	for (size_t i = 0; i < d->names.n; i++)
		if (klp_tok_is(tok, d->names.v[i]))
			return true;
	return false;
}

static bool skipped_at(const struct klp_tu_file *f, uint32_t offset)
{
	for (size_t i = 0; i < f->skipped.n; i++)
		if (offset >= f->skipped.v[i].from && offset < f->skipped.v[i].to)
			return true;
	return false;
}

/* A word behind these isn't the name of a function or variable. */
bool klp_extract__names_other_space(const struct klp_ctok *prev)
{
	static const char *const words[] = { "struct", "union", "enum", "goto", ".", "->" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (klp_tok_is(prev, words[i]))
			return true;
	return false;
}

/*
 * libclang's C interface doesn't show every use: the function in cleanup(fn), for one. A word
 * of the text that is a function or variable of the file, that libclang knows as nothing else
 * in this declaration, and that is still there behind the preprocessor, is such a use.
 */
static int hidden_references(struct extraction *x, size_t item, const struct klp_tu_decl *d)
{
	const struct item *it = &x->items.v[item];
	const struct klp_tu_file *f = &x->view->tu.files.v[it->file];
	const struct klp_cdecl *cdecl = klp_map_get(&x->view->functions, d->name);
	struct klp_ctoks toks = {};

	if (klp_ctok_source(x->arena, f->name, f->text + it->from, it->to - it->from, false, &toks,
			    x->err) < 0)
		return x->err->code;
	for (size_t i = 0; i < toks.v.n; i++) {
		const struct klp_ctok *tok = &toks.v.v[i];
		uint32_t offset = (uint32_t)(tok->p - f->text);
		const struct klp_tu_decl *target;
		struct entity *e;

		if (tok->kind != KLP_TOK_IDENT || !klp_map_getn(&x->values, tok->p, tok->len) ||
		    klp_map_getn(&x->macros, tok->p, tok->len) || klp_tok_is(tok, d->name) ||
		    in_refs(d, tok) || in_names(d, tok) || skipped_at(f, offset) ||
		    (i && klp_extract__names_other_space(&toks.v.v[i - 1])))
			continue;
		target = klp_tu_find(&x->view->tu, klp_strndup(x->arena, tok->p, tok->len));
		if (!target || (cdecl && !klp_extract__mentions(x, cdecl, target->name)))
			continue;
		if (klp_extract__entity_for(x, target->name, target->kind == KLP_TU_FUNCTION,
					    d->name, &e) < 0 ||
		    klp_extract__add_use(x, e, item, it->file, offset, true, false, d->name) < 0)
			return x->err->code;
	}
	return 0;
}

static int declaration(struct extraction *x, size_t item, const struct klp_tu_decl *d)
{
	if (klp_extract__local_statics(x, item, d) < 0)
		return x->err->code;
	for (size_t i = 0; i < d->types.n; i++)
		if (klp_extract__scan_words(x, d->types.v[i], strlen(d->types.v[i]), d->name) < 0)
			return x->err->code;
	for (size_t i = 0; i < d->refs.n; i++)
		if (reference(x, item, d, &d->refs.v[i]) < 0)
			return x->err->code;
	if (d->kind == KLP_TU_FUNCTION && d->definition)
		return hidden_references(x, item, d);
	return 0;
}

/* ---- items ------------------------------------------------------------------------------ */

static int follow(struct extraction *x, size_t i, const char *by)
{
	const struct item *item = &x->items.v[i];

	if (item->role == ROLE_EXTERN) {
		/* Types in the declaration; a body or an initialiser isn't declared again. */
		for (size_t j = 0; j < item->decls.n; j++) {
			const struct klp_tu_decl *d = item->decls.v[j];
			uint32_t end = d->body_at != KLP_NOWHERE ? d->body_at : d->to;

			if (d->type && klp_extract__scan_words(x, d->type, strlen(d->type), by) < 0)
				return x->err->code;
			if (d->kind == KLP_TU_FUNCTION &&
			    klp_extract__scan_words(x, klp_extract__item_text(x, item),
						    end - item->from, by) < 0)
				return x->err->code;
		}
		return 0;
	}
	if (klp_extract__scan_words(x, klp_extract__item_text(x, item), item->to - item->from, by) <
	    0)
		return x->err->code;
	for (size_t j = 0; j < item->decls.n; j++)
		if (declaration(x, i, x->items.v[i].decls.v[j]) < 0)
			return x->err->code;
	return 0;
}

/* A stronger role wins: what is copied needs no extern declaration. */
int klp_extract__need(struct extraction *x, size_t i, enum role role, const char *by)
{
	struct item *item = &x->items.v[i];

	if (item->role == role || item->role == ROLE_PATCH ||
	    (item->role == ROLE_COPY && role == ROLE_EXTERN))
		return 0;
	item->role = role;
	if (!item->needed_by)
		item->needed_by = by;
	return follow(x, i, by);
}

/* ---- includes and the macros they may see ----------------------------------------------- */

/* What makes a header define instead of declare isn't wanted twice in one kernel. */
static bool defines_twice(const char *macro)
{
	return !strcmp(macro, "CREATE_TRACE_POINTS");
}

static int directives(struct extraction *x)
{
	for (size_t i = 0; i < x->items.n; i++) {
		struct item *item = &x->items.v[i];

		if ((item->kind == ITEM_INCLUDE || item->kind == ITEM_PRAGMA) &&
		    item->role == ROLE_NONE)
			item->role = ROLE_COPY;
		if (item->kind != ITEM_DEFINE && item->kind != ITEM_UNDEF)
			continue;
		if (defines_twice(item->name))
			item->role = ROLE_NONE;
		else if (item->role == ROLE_NONE && klp_extract__header_wants(x, i) &&
			 klp_extract__need(x, i, ROLE_COPY, NULL) < 0)
			return x->err->code;
	}
	return 0;
}

/* The definitions that the closure wants patched. */
static int roots(struct extraction *x)
{
	for (size_t i = 0; i < x->closure->patch.n; i++) {
		const struct klp_patched *p = &x->closure->patch.v[i];
		const struct klp_tu_decl *d;
		const struct klp_index *index;
		struct entity *e;

		if (p->unit != x->unit)
			continue;
		d = klp_tu_find(&x->view->tu, p->symbol);
		if (!d || !d->definition) {
			struct klp_finding *f = klp_finding_add(
				x->arena, x->findings, KLP_ERROR, "KLP-NO-SOURCE",
				"'%s' must be patched, but '%s' doesn't define it by that name",
				p->symbol, x->unit->source);

			f->symbol = p->symbol;
			f->file = p->file;
			f->line = p->line;
			f->hint = "a header's function that was emitted here, or a removed one, "
				  "can't be "
				  "redirected from this unit: patch the functions that call it";
			continue;
		}
		if (klp_extract__entity_for(x, p->symbol, true, p->symbol, &e) < 0)
			return x->err->code;
		index = klp_map_get(&x->values, p->symbol);
		for (size_t j = 0; j < index->n; j++)
			if (x->items.v[index->v[j]].function &&
			    klp_extract__need(x, index->v[j], ROLE_PATCH, p->symbol) < 0)
				return x->err->code;
	}
	return 0;
}

int klp_extract__reach(struct extraction *x)
{
	return roots(x);
}

int klp_extract__want(struct extraction *x, const char *name, bool is_function, const char *by)
{
	struct entity *e;

	return klp_extract__entity_for(x, name, is_function, by, &e);
}

int klp_extract__settle(struct extraction *x)
{
	if (directives(x) < 0 || klp_extract__fixed_settle(x) < 0)
		return x->err->code;
	return klp_extract__edits(x);
}
