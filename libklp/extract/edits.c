// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the text must say in place of a name: where the file spells it, in the macros of the
 * file that do, and in the definitions of the patched functions.
 */
#include "extract/private.h"

#include <stdlib.h>
#include <string.h>

static const char *replacement(const struct extraction *x, const struct use *u)
{
	const struct entity *e = u->entity;

	if (klp_extract__is_defined_word(x, u))
		return e->name;
	switch (e->kind) {
	case ENTITY_PATCHED:
		if (e->keeps_name) /* its name stands for the new one */
			return u->call ? e->name : klp_extract__link_text(x, e);
		if (u->call)
			return e->new_name;
		return e->label ? e->name : klp_extract__link_text(x, e);
	case ENTITY_EXTERN:
		return e->label ? e->name : klp_extract__link_text(x, e);
	case ENTITY_FIXED:
		return e->new_name;
	default:
		return e->name;
	}
}

/*
 * What a macro's body says in place of a name. One body may serve several uses, so whether it
 * calls a patched function is read off the body: a name that no '(' follows is the original.
 */
static int in_macro(struct extraction *x, struct entity *e, bool called, const char **ret)
{
	const struct use use = { .entity = e, .call = called };

	if (e->kind == ENTITY_PATCHED && !called && klp_extract__want_original(x, e) < 0)
		return x->err->code;
	*ret = replacement(x, &use);
	return 0;
}

/*
 * Something that gets written has a local, a parameter or a member of that name: a macro that
 * it uses may mean that one.
 */
static bool is_shadowed(const struct extraction *x, const char *name)
{
	for (size_t i = 0; i < x->items.n; i++) {
		const struct item *item = &x->items.v[i];

		if (item->role != ROLE_COPY && item->role != ROLE_PATCH)
			continue;
		for (size_t j = 0; j < item->decls.n; j++)
			if (klp_strs_has(&item->decls.v[j]->names, name))
				return true;
	}
	return false;
}

/* Renames a word in the macros that are kept; *ret: one mentions it. */
static int rename_in_macros(struct extraction *x, const struct use *u, bool *ret)
{
	if (is_shadowed(x, u->entity->name))
		return 0;
	for (size_t i = 0; i < x->items.n; i++) {
		const struct item *item = &x->items.v[i];
		const char *text = klp_extract__item_text(x, item);
		struct klp_ctoks toks = {};

		if (item->kind != ITEM_DEFINE || item->role == ROLE_NONE)
			continue;
		if (klp_ctok_source(x->arena, x->unit->source, text, item->to - item->from, true,
				    &toks, x->err) < 0)
			return x->err->code;
		for (size_t j = 2; j < toks.v.n; j++) {
			const struct klp_ctok *tok = &toks.v.v[j];
			const char *name = NULL;
			bool called;
			bool pasted = klp_tok_is(&toks.v.v[j - 1], "##") ||
				      (j + 1 < toks.v.n && klp_tok_is(&toks.v.v[j + 1], "##"));

			if (tok->kind != KLP_TOK_IDENT || !klp_tok_is(tok, u->entity->name) ||
			    pasted || klp_extract__names_other_space(&toks.v.v[j - 1]))
				continue;
			*ret = true;
			called = j + 1 < toks.v.n && klp_tok_is(&toks.v.v[j + 1], "(");
			if (in_macro(x, u->entity, called, &name) < 0)
				return x->err->code;
			klp_vec_push(x->arena, &x->edits,
				     (struct edit){ .file = item->file,
						    .from = item->from + (uint32_t)(tok->p - text),
						    .to = item->from + (uint32_t)(tok->p - text) +
							  tok->len,
						    .text = name });
		}
	}
	return 0;
}

static void macro_reference(struct extraction *x, const struct entity *e)
{
	struct klp_finding *f =
		klp_finding_add(x->arena, x->findings, KLP_ERROR, "KLP-MACRO-REFERENCE",
				"'%s' is referred to by the body of a header's macro", e->name);

	f->symbol = e->name;
	f->file = e->decl ? x->view->tu.files.v[e->decl->file].name : x->unit->source;
	f->line = e->decl ? e->decl->line : 0;
	f->hint = "the reference can't be directed to where it belongs by editing this file: write "
		  "the macro out in the fix";
}

static bool own_macro_says(struct extraction *x, const char *name)
{
	for (size_t i = 0; i < x->items.n; i++) {
		const struct item *item = &x->items.v[i];
		const char *text = klp_extract__item_text(x, item);
		struct klp_ctoks toks = {};
		struct klp_error ignored = {};

		if (item->kind != ITEM_DEFINE || item->role == ROLE_NONE ||
		    klp_ctok_source(x->arena, x->unit->source, text, item->to - item->from, true,
				    &toks, &ignored) < 0)
			continue;
		for (size_t j = 2; j < toks.v.n; j++)
			if (klp_tok_is(&toks.v.v[j], name))
				return true;
	}
	return false;
}

/* Only calls, of those uses that no own text spells. */
static bool macros_only_call(const struct extraction *x, const struct entity *e)
{
	for (size_t i = 0; i < x->uses.n; i++)
		if (x->uses.v[i].entity == e && x->uses.v[i].offset == KLP_NOWHERE &&
		    !x->uses.v[i].call)
			return false;
	return true;
}

/* What a header's macro calls is the new function, when that keeps its name in the text. */
static void keep_called_names(struct extraction *x)
{
	for (size_t i = 0; i < x->uses.n; i++) {
		const struct use *u = &x->uses.v[i];
		struct entity *e = u->entity;

		if (u->offset == KLP_NOWHERE && u->call && e->kind == ENTITY_PATCHED &&
		    !e->keeps_name && !own_macro_says(x, e->name) && macros_only_call(x, e))
			klp_extract__keep_name(x, e);
	}
}

/*
 * A name that only a macro's body spells: edit the macro when it is this file's, else keep
 * the name in the text and give it the link name by an asm label. A header's macro that takes the
 * address of a patched function means the original, so.
 */
static int spelled_by_macros(struct extraction *x)
{
	for (size_t i = 0; i < x->uses.n; i++) {
		const struct use *u = &x->uses.v[i];
		bool edited = false;

		if (u->offset != KLP_NOWHERE || !strcmp(replacement(x, u), u->entity->name))
			continue;
		/* what the macro that makes a function makes beside it is an unused copy */
		if (u->entity->macro_born && x->items.v[u->item].role == ROLE_PATCH)
			continue;
		if (rename_in_macros(x, u, &edited) < 0)
			return x->err->code;
		/* a header's macro that says it is defined anew */
		if (edited || u->entity->kind == ENTITY_FIXED)
			continue;
		/* what a header declares keeps the name: whether it is used, the object tells */
		if (x->opts->pointers &&
		    (klp_extract__define_word(x, u) || u->entity->declared_by_type))
			continue;
		if (u->entity->kind == ENTITY_PATCHED && !u->entity->keeps_name &&
		    klp_extract__want_original(x, u->entity) < 0)
			return x->err->code;
		if (x->opts->pointers) {
			klp_extract__no_pointer(x, u, "a macro of a header spells it");
			continue;
		}
		if ((u->entity->kind == ENTITY_PATCHED && u->entity->keeps_name) ||
		    !klp_extract__can_label(x, u->entity))
			macro_reference(x, u->entity);
		else
			u->entity->label = strcmp(u->entity->link, u->entity->name) != 0;
	}
	return 0;
}

/* static and inline go from a definition that the module's tables must see. */
static void edit_definition(struct extraction *x, const struct item *item, const struct entity *e)
{
	const char *text = klp_extract__item_text(x, item);
	struct klp_ctoks toks = {};
	struct klp_error ignored = {};

	if (e->macro_born || e->alias ||
	    klp_ctok_source(x->arena, x->unit->source, text, e->decl->name_at - item->from, false,
			    &toks, &ignored) < 0)
		return;
	for (size_t i = 0; i < toks.v.n; i++) {
		const struct klp_ctok *tok = &toks.v.v[i];
		uint32_t from = item->from + (uint32_t)(tok->p - text), to = from + tok->len;

		if (!klp_tok_is(tok, "static") && !klp_tok_is(tok, "inline") &&
		    !klp_tok_is(tok, "__always_inline") && !klp_tok_is(tok, "__inline"))
			continue;
		while (to < item->to &&
		       (text[to - item->from] == ' ' || text[to - item->from] == '\t'))
			to++;
		klp_vec_push(
			x->arena, &x->edits,
			(struct edit){ .file = item->file, .from = from, .to = to, .text = "" });
	}
	if (e->keeps_name)
		return;
	klp_vec_push(x->arena, &x->edits,
		     (struct edit){ .file = item->file,
				    .from = e->decl->name_at,
				    .to = e->decl->name_at + (uint32_t)strlen(e->name),
				    .text = e->new_name });
}

static int compare_edits(const void *a, const void *b)
{
	const struct edit *x = a, *y = b;

	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->to < y->to ? 1 : x->to > y->to ? -1 : 0;
}

static void sort_edits(struct extraction *x)
{
	if (x->edits.n)
		qsort(x->edits.v, x->edits.n, sizeof(*x->edits.v), compare_edits);
}

static void definition_edits(struct extraction *x)
{
	for (size_t i = 0; i < x->items.n; i++) {
		const struct item *item = &x->items.v[i];

		for (size_t j = 0; item->role == ROLE_PATCH && j < item->decls.n; j++) {
			const struct klp_tu_decl *d = item->decls.v[j];
			const struct entity *e = klp_map_get(&x->entities, d->name);

			if (e && e->kind == ENTITY_PATCHED && e->decl == d)
				edit_definition(x, item, e);
		}
	}
}

int klp_extract__edits(struct extraction *x)
{
	klp_extract__keep_said_names(x);
	keep_called_names(x);
	if (spelled_by_macros(x) < 0)
		return x->err->code;
	klp_extract__local_edits(x);
	for (size_t i = 0; i < x->uses.n; i++) {
		const struct use *u = &x->uses.v[i];

		if (u->offset != KLP_NOWHERE && strcmp(replacement(x, u), u->entity->name))
			klp_vec_push(x->arena, &x->edits,
				     (struct edit){ .file = u->file,
						    .from = u->offset,
						    .to = u->offset + u->len,
						    .text = replacement(x, u) });
	}
	definition_edits(x);
	sort_edits(x);
	klp_extract__macro_local_edits(x);
	return 0;
}

void klp_extract__add_edit(struct extraction *x, struct edit edit)
{
	klp_vec_push(x->arena, &x->edits, edit);
	sort_edits(x);
}
