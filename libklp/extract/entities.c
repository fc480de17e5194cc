// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What becomes of each function or variable that the extracted text refers to.
 */
#include "extract/private.h"

#include <ctype.h>
#include <string.h>

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
		if (klp_extract__need(x, index->v[i], ROLE_COPY, e->needed_by) < 0)
			return x->err->code;
	return 0;
}

/* Several variables of a type without a name: it must be one type for all of them. */
static void note_shared_type(struct item *item)
{
	size_t n = 0;

	for (size_t i = 0; i < item->decls.n; i++)
		n += item->decls.v[i]->kind == KLP_TU_VARIABLE && item->decls.v[i]->anonymous_type;
	item->types = item->types || n > 1;
}

/* The first item that declares it: there its types are known. */
static int extern_entity(struct extraction *x, struct entity *e, bool renamed)
{
	const struct klp_index *index = klp_map_get(&x->values, e->name);

	e->kind = renamed ? ENTITY_EXTERN : ENTITY_GLOBAL;
	e->link = renamed ? klp_extract__link_name(x, e->name, &e->ref) : e->name;
	if (!renamed && e->decl->in_header)
		return 0;
	e->item = index->v[0];
	note_shared_type(&x->items.v[e->item]);
	return klp_extract__need(x, e->item, ROLE_EXTERN, e->needed_by);
}

/* Of all that the statement declares: it comes along as a whole. */
static bool is_unwritten(struct extraction *x, const struct entity *e)
{
	const struct klp_index *index = klp_map_get(&x->values, e->name);
	const struct item *item = &x->items.v[index->v[0]];

	for (size_t i = 0; i < item->decls.n; i++) {
		const struct klp_tu_decl *d = item->decls.v[i];
		const struct klp_sym *sym = klp_symtab_get(x->object, d->name);

		if (d->kind != KLP_TU_VARIABLE)
			continue;
		if (!d->is_static || (sym && klp_sym_defined(sym)) ||
		    !klp_extract__is_unwritten(x, d->name, d->canonical, NULL))
			return false;
	}
	return true;
}

/*
 * What nobody writes is what it was initialised to. Else the compiler saw that nobody reads it;
 * perhaps what reads it here is dropped as well, as the object will tell.
 */
static int without_symbol(struct extraction *x, struct entity *e)
{
	if (is_unwritten(x, e))
		return copy_entity(x, e, KLP_COPY_NO_SYMBOL);
	e->gone = true;
	e->ref = (struct klp_symref){ .object = "", .symbol = e->name, .section_object = "" };
	return extern_entity(x, e, true);
}

static int own_function(struct extraction *x, struct entity *e)
{
	const struct klp_copied *copied = klp_closure_copied(x->closure, x->unit, e->name);
	int rc = klp_extract__wants_reference(x, e);

	if (rc < 0)
		return rc;
	if (rc)
		return extern_entity(x, e, e->decl->is_static || x->unit->module);
	if (copied)
		return copy_entity(x, e, copied->reason);
	if (is_new(x, e->name))
		return copy_entity(x, e, KLP_COPY_NEW);
	if (e->decl->is_static && e->decl->is_inline)
		return copy_entity(x, e, KLP_COPY_INLINE);
	if (klp_extract__wants_copy(x, e))
		return copy_entity(x, e, KLP_COPY_ASKED);
	rc = klp_extract__resolve_own(x, e->name, &e->ref);
	if (rc < 0)
		return rc;
	if (!rc)
		return copy_entity(x, e, KLP_COPY_NO_SYMBOL);
	return extern_entity(x, e, klp_extract__has_link(x, e));
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

	if (is_new(x, e->name) || is_changed_constant(x, e) ||
	    (x->opts->data && (e->decl->is_const || e->decl->is_static)))
		return copy_entity(x, e, KLP_COPY_NEW);
	rc = klp_extract__resolve_own(x, e->name, &e->ref);
	if (rc < 0)
		return rc;
	if (rc)
		return extern_entity(x, e, klp_extract__has_link(x, e));
	/* nothing is shared by what nobody writes, or what has no content */
	return e->decl->is_const || e->decl->empty ? copy_entity(x, e, KLP_COPY_NO_SYMBOL)
						   : without_symbol(x, e);
}

/*
 * What declares it also defines something that the kernel has: DEFINE_STATIC_CALL() declares
 * the trampoline and defines the key.
 */
static bool defines_others(const struct extraction *x, const struct entity *e, size_t i)
{
	const struct item *item = &x->items.v[i];

	for (size_t j = 0; j < item->decls.n; j++) {
		const struct klp_tu_decl *d = item->decls.v[j];

		if (d->kind == KLP_TU_OTHER || /* asm */
		    (d->definition && strcmp(d->name, e->name) &&
		     (d->kind == KLP_TU_VARIABLE || d->kind == KLP_TU_FUNCTION)))
			return true;
	}
	return false;
}

/*
 * What the fix adds to another unit, or makes global there. 1: it is resolved by a relocation,
 * 0: by name.
 */
static int of_other_unit(struct extraction *x, struct entity *e, struct extraction *other,
			 bool is_function)
{
	const char *object = klp_unit_object_name(x->unit);
	const struct klp_tu_decl *d = klp_tu_find(&other->view->tu, e->name);
	const struct klp_tu_decl *old = klp_tu_find(&other->view->before->tu, e->name);
	int rc = 0;

	/* a static one that becomes global: the kernel's goes on being it */
	if (old && d->kind == old->kind)
		rc = klp_extract__resolve_own(other, e->name, &e->ref);
	/* another module's is resolved when the one that refers to it is loaded */
	if (rc > 0 && strcmp(e->ref.object, "vmlinux") != 0)
		e->ref.section_object = object;
	if (rc)
		return rc;
	e->elsewhere = true;
	return klp_extract__want(other, e->name, is_function, e->needed_by);
}

/* Declared by a header, or by this file for another one that defines it. */
static int foreign(struct extraction *x, struct entity *e, bool is_function)
{
	const struct klp_index *index = klp_map_get(&x->values, e->name);
	struct extraction *other;
	int rc;

	if (klp_extract__definer(x, e->name, &other) < 0)
		return x->err->code;
	rc = other ? of_other_unit(x, e, other, is_function)
		   : klp_extract__resolve_foreign(x, e->name, &e->ref);
	if (rc < 0)
		return rc;
	e->kind = rc ? ENTITY_EXTERN : ENTITY_GLOBAL;
	e->link = rc ? klp_extract__link_name(x, e->name, &e->ref) : e->name;
	e->declared_by_type = rc;
	if (index && defines_others(x, e, index->v[0])) {
		e->declared_by_type = false;
		e->item = index->v[0];
		return klp_extract__need(x, e->item, ROLE_EXTERN, e->needed_by);
	}
	for (size_t i = 0; index && i < index->n; i++)
		if (klp_extract__need(x, index->v[i], ROLE_COPY, e->needed_by) < 0)
			return x->err->code;
	return 0;
}

/*
 * A macro makes the function, of a name that it pastes together or is given: which may make
 * other names of it, too, as BPF_CALL_1() does.
 */
static bool is_macro_born(const struct extraction *x, const struct klp_tu_decl *d)
{
	const char *text = x->view->tu.files.v[d->file].text;
	int depth = 0;

	if (d->name_at == KLP_NOWHERE)
		return true;
	for (uint32_t i = d->from; i < d->name_at; i++) {
		depth += text[i] == '(';
		depth -= text[i] == ')';
	}
	return depth > 0;
}

/* A macro says `static`: there is no word that could be left out. */
static bool is_static_by_macro(const struct extraction *x, const struct klp_tu_decl *d)
{
	const char *text = x->view->tu.files.v[d->file].text;
	const char *p = text + d->from;

	if (!d->is_static || d->name_at == KLP_NOWHERE || d->name_at < d->from)
		return false;
	while ((p = memmem(p, (size_t)(text + d->name_at - p), "static", 6)) != NULL) {
		bool begins = p == text || (!isalnum((unsigned char)p[-1]) && p[-1] != '_');

		if (begins && !isalnum((unsigned char)p[6]) && p[6] != '_')
			return false;
		p += 6;
	}
	return true;
}

/* What is static can't be declared global beside it: where a macro or a header says so. */
static bool needs_alias(const struct extraction *x, const struct entity *e)
{
	return e->decl->is_static && (e->macro_born || (e->keeps_name && e->decl->in_header) ||
				      is_static_by_macro(x, e->decl));
}

/* Assembly of this file defines it, for this file alone: BTF_ID_LIST(). */
static bool is_local_asm(const struct extraction *x, const struct entity *e)
{
	const struct klp_sym *sym = klp_symtab_get(x->object, e->name);

	return e->decl && !e->decl->definition && !e->decl->is_static && !e->decl->in_header &&
	       sym && klp_sym_defined(sym) && sym->bind == STB_LOCAL;
}

static int own_asm(struct extraction *x, struct entity *e)
{
	int rc = klp_extract__resolve_own(x, e->name, &e->ref);

	return rc > 0 ? extern_entity(x, e, true) : rc < 0 ? rc : without_symbol(x, e);
}

static int decide(struct extraction *x, struct entity *e, bool is_function)
{
	if (is_function && e->decl && e->decl->definition &&
	    klp_closure_find(x->closure, x->unit, e->name)) {
		e->kind = ENTITY_PATCHED;
		e->new_name = klp_extract__new_name(x, e->name);
		e->macro_born = is_macro_born(x, e->decl);
		e->keeps_name = e->macro_born || is_static_by_macro(x, e->decl) ||
				klp_extract__says_itself(x, e->name);
		e->alias = needs_alias(x, e);
		return 0;
	}
	if (is_local_asm(x, e))
		return own_asm(x, e);
	/* a static one without a definition is an alias of a function of this file */
	if (!e->decl || (!e->decl->definition && !(is_function && e->decl->is_static)))
		return foreign(x, e, is_function);
	return is_function ? own_function(x, e) : own_variable(x, e);
}

struct entity *klp_extract__entity_new(struct extraction *x, const char *key, const char *name,
				       const char *by)
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

int klp_extract__entity_for(struct extraction *x, const char *name, bool is_function,
			    const char *by, struct entity **ret)
{
	struct entity *e = klp_map_get(&x->entities, name);

	if (!e) {
		e = klp_extract__entity_new(x, name, name, by);
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

	if (klp_findings_about(x->findings, "KLP-ADDRESS-OF-COPY", e->name))
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

/* The name by which the text refers to the original of a patched function. */
static void link_original(struct extraction *x, struct entity *e)
{
	e->link = klp_extract__has_link(x, e) || x->opts->pointers || e->keeps_name
			  ? klp_extract__link_name(x, e->name, &e->ref)
			  : e->name;
}

int klp_extract__want_original(struct extraction *x, struct entity *e)
{
	int rc;

	if (e->original)
		return 0;
	e->original = true;
	rc = klp_extract__resolve_own(x, e->name, &e->ref);
	if (rc < 0)
		return rc;
	link_original(x, e);
	return 0;
}

void klp_extract__keep_name(struct extraction *x, struct entity *e)
{
	e->keeps_name = true;
	e->alias = needs_alias(x, e);
	if (e->original)
		link_original(x, e);
}

int klp_extract__add_use(struct extraction *x, struct entity *e, size_t item, uint32_t file,
			 uint32_t offset, bool call, bool is_function, const char *by)
{
	/* what its own macro makes beside it is an unused copy, and so is what that names */
	if (e->macro_born && offset == KLP_NOWHERE &&
	    klp_strs_has(&x->items.v[item].decls_names, e->name))
		return 0;
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
		return klp_extract__want_original(x, e);
	return 0;
}
