// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the patched functions need. Functions and variables by libclang's references, types
 * and macros by the words of the text: one too many of the latter costs a line, one missing
 * a build.
 */
#include "extract/private.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"

static int need(struct extraction *x, size_t i, enum role role, const char *by);

/* ---- words: types and macros ------------------------------------------------------------ */

static int scan_words(struct extraction *x, const char *text, size_t len, const char *by);

/*
 * `static struct foo { ... } bar;` is one item: when only struct foo is wanted, bar must not
 * be defined a second time.
 */
static int need_types(struct extraction *x, size_t i, const char *by)
{
	struct item *item = &x->items.v[i];
	bool variable = false;

	for (size_t j = 0; j < item->decls.n; j++)
		variable = variable || item->decls.v[j]->kind == KLP_TU_VARIABLE ||
			   item->decls.v[j]->kind == KLP_TU_FUNCTION;
	if (!variable)
		return need(x, i, ROLE_COPY, by);
	if (item->types)
		return 0;
	item->types = true;
	for (size_t j = 0; j < item->decls.n; j++) {
		const struct klp_tu_decl *d = item->decls.v[j];

		if (d->kind == KLP_TU_TYPE &&
		    scan_words(x, x->view->tu.files.v[d->file].text + d->from, d->to - d->from,
			       by) < 0)
			return x->err->code;
	}
	return 0;
}

static int need_all(struct extraction *x, const struct klp_map *map, const struct klp_ctok *tok,
		    const char *by)
{
	const struct klp_index *index = klp_map_getn(map, tok->p, tok->len);

	for (size_t i = 0; index && i < index->n; i++) {
		int rc = map == &x->types ? need_types(x, index->v[i], by)
					  : need(x, index->v[i], ROLE_COPY, by);

		if (rc < 0)
			return rc;
	}
	return 0;
}

/* What the file's macros paste to a word: `x##_ops` makes foo_ops of foo. */
static int collect_pastes(struct extraction *x)
{
	for (size_t i = 0; i < x->items.n; i++) {
		const struct item *item = &x->items.v[i];
		struct klp_ctoks toks = {};

		if (item->kind != ITEM_DEFINE ||
		    !memmem(item_text(x, item), item->to - item->from, "##", 2))
			continue;
		if (klp_ctok_source(x->arena, x->unit->source, item_text(x, item),
				    item->to - item->from, true, &toks, x->err) < 0)
			return x->err->code;
		for (size_t j = 1; j + 1 < toks.v.n; j++) {
			const struct klp_ctok *a = &toks.v.v[j - 1], *b = &toks.v.v[j + 1];

			if (!klp_tok_is(&toks.v.v[j], "##"))
				continue;
			if (a->kind == KLP_TOK_IDENT)
				klp_strs_add(x->arena, &x->prefixes,
					     klp_strndup(x->arena, a->p, a->len));
			if (b->kind == KLP_TOK_IDENT)
				klp_strs_add(x->arena, &x->suffixes,
					     klp_strndup(x->arena, b->p, b->len));
		}
	}
	return 0;
}

static int need_word(struct extraction *x, const struct klp_ctok *tok, const char *by)
{
	if (need_all(x, &x->macros, tok, by) < 0)
		return x->err->code;
	return need_all(x, &x->types, tok, by);
}

/* The macros and types whose names a macro could paste together from a word of the text. */
static int need_pasted(struct extraction *x, const struct klp_ctok *tok, const char *by)
{
	for (size_t i = 0; i < x->prefixes.n + x->suffixes.n; i++) {
		bool prefix = i < x->prefixes.n;
		const char *other = prefix ? x->prefixes.v[i] : x->suffixes.v[i - x->prefixes.n];
		struct klp_ctok pasted = *tok;
		char name[256];
		int n = prefix ? snprintf(name, sizeof(name), "%s%.*s", other, (int)tok->len,
					  tok->p)
			       : snprintf(name, sizeof(name), "%.*s%s", (int)tok->len, tok->p,
					  other);

		pasted.p = name;
		pasted.len = (uint32_t)n;
		if ((size_t)n < sizeof(name) && need_word(x, &pasted, by) < 0)
			return x->err->code;
	}
	return 0;
}

static int scan_words(struct extraction *x, const char *text, size_t len, const char *by)
{
	struct klp_ctoks toks = {};

	if (klp_ctok_source(x->arena, x->unit->source, text, len, true, &toks, x->err) < 0)
		return x->err->code;
	for (size_t i = 0; i < toks.v.n; i++) {
		const struct klp_ctok *tok = &toks.v.v[i];

		if (tok->kind == KLP_TOK_IDENT &&
		    (need_word(x, tok, by) < 0 || need_pasted(x, tok, by) < 0))
			return x->err->code;
	}
	return 0;
}

/* ---- entities --------------------------------------------------------------------------- */

static bool is_new(const struct extraction *x, const char *name)
{
	return x->view->before && !klp_tu_find(&x->view->before->tu, name);
}

static void add_copied(struct extraction *x, const char *name, enum klp_copy_reason reason,
		       const char *by)
{
	const struct klp_tu_decl *d = klp_tu_find(&x->view->tu, name);
	struct klp_copied *there = klp_closure_copied(x->closure, x->unit, name);

	if (there) {
		if (!there->needed_by)
			there->needed_by = by;
		return;
	}
	klp_vec_push(x->arena, &x->closure->copied,
		     (struct klp_copied){ .symbol = name,
					  .file = x->view->tu.files.v[d->file].name,
					  .reason = reason,
					  .needed_by = by,
					  .unit = x->unit });
}

/* A copy in .init.text or .init.data would be gone as soon as the livepatch is loaded. */
static void check_init(struct extraction *x, const struct entity *e)
{
	struct klp_finding *f;
	bool init = false;

	for (size_t i = 0; i < x->view->cdecls.n && !init; i++) {
		const struct klp_cdecl *d = &x->view->cdecls.v[i];

		init = d->init && !strcmp(d->name, e->name);
	}
	if (!init)
		return;
	f = klp_finding_add(x->arena, x->findings, KLP_ERROR, "KLP-INIT-REFERENCE",
			    "'%s' is needed by '%s', but is marked as gone after boot", e->name,
			    e->needed_by);
	f->symbol = e->name;
	f->file = x->view->tu.files.v[e->decl->file].name;
	f->line = e->decl->line;
	f->hint = "a patched function must not refer to it: write the fix without it";
}

static int copy_entity(struct extraction *x, struct entity *e, enum klp_copy_reason reason)
{
	const struct klp_index *index = klp_map_get(&x->values, e->name);

	e->kind = ENTITY_COPIED;
	check_init(x, e);
	if (e->decl->kind == KLP_TU_FUNCTION)
		add_copied(x, e->name, reason, e->needed_by);
	for (size_t i = 0; index && i < index->n; i++)
		if (need(x, index->v[i], ROLE_COPY, e->needed_by) < 0)
			return x->err->code;
	return 0;
}

/* The first item that declares it: there its types are known. */
static int extern_entity(struct extraction *x, struct entity *e, bool renamed)
{
	const struct klp_index *index = klp_map_get(&x->values, e->name);

	e->kind = renamed ? ENTITY_EXTERN : ENTITY_GLOBAL;
	e->link = renamed ? unique_link(x, e->name, &e->ref) : e->name;
	if (!renamed && e->decl->in_header)
		return 0;
	e->item = index->v[0];
	return need(x, e->item, ROLE_EXTERN, e->needed_by);
}

static int gone(struct extraction *x, struct entity *e)
{
	struct klp_finding *f =
		klp_finding_add(x->arena, x->findings, KLP_ERROR, "KLP-VAR-GONE",
				"the variable '%s' has no symbol in the kernel that runs", e->name);

	f->symbol = e->name;
	f->file = x->view->tu.files.v[e->decl->file].name;
	f->line = e->decl->line;
	f->hint = "the compiler knew that nobody writes (or reads) it and folded it away, also in "
		  "functions that aren't patched: a new variable under a new name is possible, if "
		  "all "
		  "its users are patched";
	return copy_entity(x, e, KLP_COPY_NEW);
}

static int own_function(struct extraction *x, struct entity *e)
{
	const struct klp_copied *copied = klp_closure_copied(x->closure, x->unit, e->name);
	int rc;

	if (copied)
		return copy_entity(x, e, copied->reason);
	if (is_new(x, e->name))
		return copy_entity(x, e, KLP_COPY_NEW);
	if (e->decl->is_static && e->decl->is_inline)
		return copy_entity(x, e, KLP_COPY_INLINE);
	rc = resolve_own(x, e->name, &e->ref);
	if (rc < 0)
		return rc;
	if (!rc)
		return copy_entity(x, e, KLP_COPY_NO_SYMBOL);
	return extern_entity(x, e, e->decl->is_static || x->unit->module);
}

static const struct klp_cdecl *definition_of(const struct klp_view *view, const char *name)
{
	for (size_t i = 0; i < view->cdecls.n; i++)
		if (view->cdecls.v[i].kind == KLP_CDECL_VARIABLE &&
		    !strcmp(view->cdecls.v[i].name, name))
			return &view->cdecls.v[i];
	return NULL;
}

/* Constant data with a new content: the kernel's has the old one. */
static bool is_changed_constant(const struct extraction *x, const struct entity *e)
{
	const struct klp_cdecl *old, *new;

	if (!x->view->before || !e->decl->is_const || !e->decl->is_static)
		return false;
	old = definition_of(x->view->before, e->name);
	new = definition_of(x->view, e->name);
	return old && new && old->hash != new->hash;
}

static int own_variable(struct extraction *x, struct entity *e)
{
	int rc;

	if (is_new(x, e->name) || is_changed_constant(x, e))
		return copy_entity(x, e, KLP_COPY_NEW);
	rc = resolve_own(x, e->name, &e->ref);
	if (rc < 0)
		return rc;
	if (rc)
		return extern_entity(x, e, e->decl->is_static || x->unit->module);
	/* nothing is shared by what nobody writes, or what has no content */
	return e->decl->is_const || e->decl->empty ? copy_entity(x, e, KLP_COPY_NO_SYMBOL)
						   : gone(x, e);
}

/* Declared by a header, or by this file for another one that defines it. */
static int foreign(struct extraction *x, struct entity *e)
{
	const struct klp_index *index = klp_map_get(&x->values, e->name);
	int rc = resolve_foreign(x, e->name, &e->ref);

	if (rc < 0)
		return rc;
	e->kind = rc ? ENTITY_EXTERN : ENTITY_GLOBAL;
	e->link = rc ? unique_link(x, e->name, &e->ref) : e->name;
	e->declared_by_type = rc;
	for (size_t i = 0; index && i < index->n; i++)
		if (need(x, index->v[i], ROLE_COPY, e->needed_by) < 0)
			return x->err->code;
	return 0;
}

static int decide(struct extraction *x, struct entity *e, bool is_function)
{
	if (is_function && e->decl && e->decl->definition &&
	    klp_closure_find(x->closure, x->unit, e->name)) {
		e->kind = ENTITY_PATCHED;
		e->new_name = unique_new_name(x, e->name);
		e->macro_born = e->decl->name_at == KLP_NOWHERE;
		return 0;
	}
	/* a static one without a definition is an alias of a function of this file */
	if (!e->decl || (!e->decl->definition && !(is_function && e->decl->is_static)))
		return foreign(x, e);
	return is_function ? own_function(x, e) : own_variable(x, e);
}

struct entity *entity_new(struct extraction *x, const char *key, const char *name, const char *by)
{
	struct entity *e = klp_new(x->arena, struct entity);

	*e = (struct entity){
		.name = name,
		.item = SIZE_MAX,
		.first_use = SIZE_MAX,
		.needed_by = by,
	};
	klp_map_put(&x->entities, key, e);
	klp_vec_push(x->arena, &x->order, e);
	return e;
}

static int entity_for(struct extraction *x, const char *name, bool is_function, const char *by,
		      struct entity **ret)
{
	struct entity *e = klp_map_get(&x->entities, name);

	if (!e) {
		e = entity_new(x, name, name, by);
		e->decl = klp_tu_find(&x->view->tu, name);
		if (decide(x, e, is_function) < 0)
			return x->err->code;
	}
	*ret = e;
	return 0;
}

/* A pointer to what lives in the livepatch outlives it. */
static void address_of_copy(struct extraction *x, const struct entity *e, const char *by)
{
	struct klp_finding *f;

	for (size_t i = 0; i < x->findings->n; i++)
		if (!strcmp(x->findings->v[i].code, "KLP-ADDRESS-OF-COPY") &&
		    !strcmp(x->findings->v[i].symbol, e->name))
			return;
	f = klp_finding_add(x->arena, x->findings, KLP_WARNING, "KLP-ADDRESS-OF-COPY",
			    "'%s' takes the address of '%s', which lives in the livepatch", by,
			    e->name);
	f->symbol = e->name;
	f->file = x->view->tu.files.v[e->decl->file].name;
	f->line = e->decl->line;
	f->hint = "if the pointer is stored (timer, work, notifier, ops), it dangles once the "
		  "livepatch "
		  "is unloaded or replaced: make sure that it isn't, or never unload";
}

/* The original of a patched function is wanted: its address, for instance. */
static int want_original(struct extraction *x, struct entity *e)
{
	int rc;

	if (e->original)
		return 0;
	e->original = true;
	rc = resolve_own(x, e->name, &e->ref);
	if (rc < 0)
		return rc;
	e->link =
		e->decl->is_static || x->unit->module ? unique_link(x, e->name, &e->ref) : e->name;
	return 0;
}

static int add_use(struct extraction *x, struct entity *e, size_t item, uint32_t file,
		   uint32_t offset, bool call, bool is_function, const char *by)
{
	for (size_t i = 0; i < x->uses.n; i++)
		if (offset != KLP_NOWHERE && x->uses.v[i].file == file &&
		    x->uses.v[i].offset == offset)
			return 0;
	klp_vec_push(x->arena, &x->uses,
		     (struct use){ .entity = e,
				   .item = item,
				   .file = file,
				   .offset = offset,
				   .len = (uint32_t)strlen(e->name),
				   .call = call });
	if (item < e->first_use)
		e->first_use = item;
	if (is_function && !call && e->kind == ENTITY_COPIED)
		address_of_copy(x, e, by);
	if (!call && e->kind == ENTITY_PATCHED)
		return want_original(x, e);
	return 0;
}

/* ---- references ------------------------------------------------------------------------- */

static int reference(struct extraction *x, size_t item, const struct klp_tu_decl *d,
		     const struct klp_tu_ref *r)
{
	bool is_function = r->kind == KLP_TU_FUNCTION;
	struct entity *e;

	if (r->local_static) {
		e = local_entity(x, d, r);
		if (!e)
			return 0; /* a private one */
	} else {
		/* A header's inline function stays in its header. */
		if (!r->own && r->is_inline)
			return 0;
		if (entity_for(x, r->name, is_function, d->name, &e) < 0)
			return x->err->code;
	}
	return add_use(x, e, item, r->file, r->offset, r->call, is_function, d->name);
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
static bool names_other_space(const struct klp_ctok *prev)
{
	static const char *const words[] = { "struct", "union", "enum", "goto", ".", "->" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (klp_tok_is(prev, words[i]))
			return true;
	return false;
}

/*
 * libclang's C interface doesn't show every use: the function in cleanup(fn), for one. A word
 * of the text that is a function or variable of the file, and that libclang knows as nothing
 * else in this declaration, is such a use.
 */
static int hidden_references(struct extraction *x, size_t item, const struct klp_tu_decl *d)
{
	const struct item *it = &x->items.v[item];
	const struct klp_tu_file *f = &x->view->tu.files.v[it->file];
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
		    (i && names_other_space(&toks.v.v[i - 1])))
			continue;
		target = klp_tu_find(&x->view->tu, klp_strndup(x->arena, tok->p, tok->len));
		if (!target)
			continue;
		if (entity_for(x, target->name, target->kind == KLP_TU_FUNCTION, d->name, &e) < 0 ||
		    add_use(x, e, item, it->file, offset, true, false, d->name) < 0)
			return x->err->code;
	}
	return 0;
}

static int declaration(struct extraction *x, size_t item, const struct klp_tu_decl *d)
{
	if (local_statics(x, item, d) < 0)
		return x->err->code;
	for (size_t i = 0; i < d->types.n; i++)
		if (scan_words(x, d->types.v[i], strlen(d->types.v[i]), d->name) < 0)
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

			if (d->type && scan_words(x, d->type, strlen(d->type), by) < 0)
				return x->err->code;
			if (d->kind == KLP_TU_FUNCTION &&
			    scan_words(x, item_text(x, item), end - item->from, by) < 0)
				return x->err->code;
		}
		return 0;
	}
	if (scan_words(x, item_text(x, item), item->to - item->from, by) < 0)
		return x->err->code;
	for (size_t j = 0; j < item->decls.n; j++)
		if (declaration(x, i, x->items.v[i].decls.v[j]) < 0)
			return x->err->code;
	return 0;
}

/* A stronger role wins: what is copied needs no extern declaration. */
static int need(struct extraction *x, size_t i, enum role role, const char *by)
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
		else if (item->role == ROLE_NONE && header_wants(x, i) &&
			 need(x, i, ROLE_COPY, NULL) < 0)
			return x->err->code;
	}
	return 0;
}

/* ---- edits ------------------------------------------------------------------------------ */

static const char *replacement(const struct use *u)
{
	const struct entity *e = u->entity;

	switch (e->kind) {
	case ENTITY_PATCHED:
		if (e->macro_born) /* its name stands for the new one */
			return u->call ? e->name : e->link;
		if (u->call)
			return e->new_name;
		return e->label ? e->name : e->link;
	case ENTITY_EXTERN:
		return e->label ? e->name : e->link;
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

	if (e->kind == ENTITY_PATCHED && !called && want_original(x, e) < 0)
		return x->err->code;
	*ret = replacement(&use);
	return 0;
}

/* Renames a word in the macros that are kept. True when one mentions it. */
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

static int rename_in_macros(struct extraction *x, const struct use *u, bool *ret)
{
	if (is_shadowed(x, u->entity->name))
		return 0;
	for (size_t i = 0; i < x->items.n; i++) {
		const struct item *item = &x->items.v[i];
		const char *text = item_text(x, item);
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
			    pasted || names_other_space(&toks.v.v[j - 1]))
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
	f->file = x->view->tu.files.v[e->decl->file].name;
	f->line = e->decl->line;
	f->hint = "the call can't be directed to the patched function by editing this file: write "
		  "the macro out in the fix";
}

/*
 * A name that only a macro's body spells: edit the macro when it is this file's, else keep
 * the name in the text and give it the link name by an asm label. A header's macro that calls
 * a patched function calls the original, so, which livepatch redirects.
 */
static int spelled_by_macros(struct extraction *x)
{
	for (size_t i = 0; i < x->uses.n; i++) {
		const struct use *u = &x->uses.v[i];
		bool edited = false;

		if (u->offset != KLP_NOWHERE || !strcmp(replacement(u), u->entity->name))
			continue;
		/* what the macro that makes a function makes beside it is an unused copy */
		if (u->entity->macro_born && x->items.v[u->item].role == ROLE_PATCH)
			continue;
		if (rename_in_macros(x, u, &edited) < 0)
			return x->err->code;
		if (edited)
			continue;
		if (u->entity->kind == ENTITY_PATCHED && !u->entity->macro_born &&
		    want_original(x, u->entity) < 0)
			return x->err->code;
		if (u->entity->kind == ENTITY_PATCHED && u->entity->macro_born)
			macro_reference(x, u->entity);
		else
			u->entity->label = strcmp(u->entity->link, u->entity->name) != 0;
	}
	return 0;
}

static int edits(struct extraction *x)
{
	if (spelled_by_macros(x) < 0)
		return x->err->code;
	local_edits(x);
	for (size_t i = 0; i < x->uses.n; i++) {
		const struct use *u = &x->uses.v[i];

		if (u->offset != KLP_NOWHERE && strcmp(replacement(u), u->entity->name))
			klp_vec_push(x->arena, &x->edits,
				     (struct edit){ .file = u->file,
						    .from = u->offset,
						    .to = u->offset + u->len,
						    .text = replacement(u) });
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
		if (entity_for(x, p->symbol, true, p->symbol, &e) < 0)
			return x->err->code;
		index = klp_map_get(&x->values, p->symbol);
		for (size_t j = 0; j < index->n; j++)
			if (x->items.v[index->v[j]].function &&
			    need(x, index->v[j], ROLE_PATCH, p->symbol) < 0)
				return x->err->code;
	}
	return 0;
}

int extract_reach(struct extraction *x)
{
	klp_map_init(&x->entities, x->arena);
	klp_map_init(&x->locals_of, x->arena);
	klp_map_init(&x->own_locals, x->arena);
	if (collect_pastes(x) < 0 || roots(x) < 0 || directives(x) < 0)
		return x->err->code;
	return edits(x);
}
