// SPDX-License-Identifier: GPL-2.0-or-later
/* What a fix changes besides functions: each kind of it is a finding of its own. */
#include <string.h>

#include "detect/compare.h"
#include "detect/exports.h"
#include "detect/layout.h"
#include "tu/values.h"

/* An anonymous enum or struct is known by the first name in it. */
static const char *label_of(struct klp_arena *arena, const struct klp_view *view,
			    const struct klp_cdecl *d)
{
	const struct klp_ctok *tok = &view->toks.v.v[d->first];

	for (uint32_t i = 1; !d->name[0] && i + 1 < d->n; i++)
		if (tok[i].kind == KLP_TOK_PUNCT && tok[i].p[0] == '{')
			return klp_strndup(arena, tok[i + 1].p, tok[i + 1].len);
	return d->name;
}

static struct klp_finding *report(struct klp_comparing *c, enum klp_severity severity,
				  const char *code, const struct klp_view *view,
				  const struct klp_cdecl *d, const char *what, const char *hint)
{
	const char *file = klp_view_file(c->arena, view, d);
	const char *label = label_of(c->arena, view, d);
	struct klp_finding *f;

	/* what a header declares is the same to all who read it */
	for (size_t i = 0; i < c->findings->n; i++) {
		f = &c->findings->v[i];
		if (f->line == klp_detect__line_of(view, d) && f->file && !strcmp(f->file, file) &&
		    !strcmp(f->code, code) && (!f->symbol || !strcmp(f->symbol, label)))
			return f;
	}
	f = klp_finding_add(c->arena, c->findings, severity, code, "%s '%s'", what, label);
	f->symbol = label[0] ? label : NULL;
	f->file = file;
	f->line = klp_detect__line_of(view, d);
	f->hint = hint;
	return f;
}

/* What a changed declaration of each kind means for a running kernel. */
static const struct {
	enum klp_severity severity;
	const char *code, *what, *hint;
} changed_kinds[] = {
	[KLP_CDECL_TYPE] = { KLP_ERROR, "KLP-TYPE-CHANGED", "the fix changes the type",
			     "objects of the old layout exist in the running kernel and unpatched "
			     "code goes on "
			     "using it: keep the type as it is and hold new data in a shadow "
			     "variable "
			     "(klp_shadow_alloc), or put new constants into a new enum or a "
			     "#define" },
	[KLP_CDECL_TYPEDEF] = { KLP_ERROR, "KLP-TYPE-CHANGED", "the fix changes the type",
				"objects of the old layout exist in the running kernel and "
				"unpatched code goes on "
				"using it: keep the type as it is and use a new one in the patched "
				"functions" },
	[KLP_CDECL_VARIABLE] = { KLP_ERROR, "KLP-DATA-CHANGED",
				 "the fix changes the definition or initialiser of",
				 "the variable was initialised long ago and a livepatch doesn't "
				 "touch it: set it "
				 "from a pre-patch callback, or patch the functions that read it "
				 "(for an ops table, "
				 "those that call through it)" },
	[KLP_CDECL_PROTOTYPE] = { KLP_WARNING, "KLP-DECL-CHANGED",
				  "the fix changes the declaration of",
				  "callers that the fix doesn't edit were compiled against the old "
				  "one: check that "
				  "none of them matters" },
	[KLP_CDECL_ASM] = { KLP_ERROR, "KLP-ASM-CHANGED", "the fix changes assembly at file scope",
			    "a livepatch replaces functions, not this: leave the hunk out" },
	[KLP_CDECL_ASSERT] = { KLP_NOTE, NULL, NULL, NULL },
	[KLP_CDECL_EMPTY] = { KLP_NOTE, NULL, NULL, NULL },
	[KLP_CDECL_FUNCTION] = { KLP_NOTE, NULL, NULL, NULL },
};

/*
 * An enumerator that is added leaves the others alone, most of the time. One whose value
 * changes is a constant that changes: its users are patched.
 */
static void changed_enum(struct klp_comparing *c, const struct klp_cdecl *d)
{
	if (klp_view_mentions(c->after, d, &c->values))
		report(c, KLP_WARNING, "KLP-ENUM-CHANGED", c->after, d,
		       "the fix changes values of the enum",
		       "the functions that say one of the names are patched; what holds a value in "
		       "memory, or got it from user space, goes on with the old meaning: check "
		       "that "
		       "nothing does");
}

/* `enum __attribute__((packed))`, or one with other attributes: its size may follow its values. */
static bool is_plain_enum(const struct klp_comparing *c, const struct klp_cdecl *d)
{
	for (uint32_t i = 0; i < d->n; i++)
		if (klp_tok_is(&c->after->toks.v.v[d->first + i], "__attribute__"))
			return false;
	return klp_view_is_enum(c->after, d);
}

/* Declarations of one kind and name, by place: the nth of the one against the nth of the other. */
static char *key_of(struct klp_arena *arena, const struct klp_view *view, const struct klp_cdecl *d)
{
	const char *name = label_of(arena, view, d);

	/* a declaration beside the definition isn't the same thing */
	return klp_sprintf(arena, "%d %s%s", d->kind,
			   klp_tok_is(&view->toks.v.v[d->at], "extern") ? "extern " : "", name);
}

KLP_VEC(cdecl_list, const struct klp_cdecl *);

static void collect(struct klp_arena *arena, const struct klp_view *view, struct klp_map *map)
{
	klp_map_init(map, arena);
	for (size_t i = 0; i < view->cdecls.n; i++) {
		const struct klp_cdecl *d = &view->cdecls.v[i];
		struct cdecl_list *list;
		char *key;

		if (d->kind == KLP_CDECL_FUNCTION)
			continue;
		key = key_of(arena, view, d);
		list = klp_map_get(map, key);
		if (!list) {
			list = klp_new(arena, struct cdecl_list);
			klp_map_put(map, key, list);
		}
		klp_vec_push(arena, list, d);
	}
}

static bool has_hash(const struct cdecl_list *list, uint64_t hash)
{
	for (size_t i = 0; list && i < list->n; i++)
		if (list->v[i]->hash == hash)
			return true;
	return false;
}

/* True when a declaration of before is gone: what is new under its name took its place. */
static bool lost_one(const struct cdecl_list *before, const struct cdecl_list *after)
{
	for (size_t i = 0; before && i < before->n; i++)
		if (!has_hash(after, before->v[i]->hash))
			return true;
	return false;
}

/* New file-scope objects that only work when the kernel or modpost collects them. */
static void added(struct klp_comparing *c, const struct klp_cdecl *d)
{
	if (!klp_detect__is_touched(c, klp_view_file(c->arena, c->after, d)))
		return;
	if (d->kind == KLP_CDECL_VARIABLE && d->section && !d->plain_data)
		report(c, KLP_WARNING, "KLP-ADDED-SECTION", c->after, d,
		       "the fix adds to a section that is collected when the kernel is linked:",
		       "an initcall, export, parameter or table entry has no effect in a livepatch "
		       "and is left out: check that the fix works without it");
	else if (d->kind == KLP_CDECL_ASM)
		report(c, KLP_WARNING, "KLP-ADDED-SECTION", c->after, d,
		       "the fix adds assembly at file scope",
		       "it is left out of the livepatch: check that the fix works without it");
}

/*
 * A private const table or number, not a table of functions: its readers can be given a new
 * one. The address of an ops table is held by those that call through it.
 */
static bool is_plain_constant(const struct klp_comparing *c, const struct klp_cdecl *d)
{
	const struct klp_tu_decl *v = klp_tu_find(&c->after->tu, d->name);

	if (d->kind != KLP_CDECL_VARIABLE || d->section || !v || v->kind != KLP_TU_VARIABLE ||
	    !v->definition || !v->is_static || !v->is_const)
		return false;
	for (size_t i = 0; i < v->refs.n; i++)
		if (v->refs.v[i].kind == KLP_TU_FUNCTION)
			return false;
	return true;
}

/* libclang's view has no declarations of headers. */
static bool is_header_constant(const struct klp_comparing *c, const struct klp_cdecl *d)
{
	return klp_view_is_constant(c->after, d) &&
	       !klp_view_owns(c->after, klp_view_file(c->arena, c->after, d));
}

/* The address of an ops table is held by those that call through it. */
static bool is_ops_table(const struct klp_comparing *c, const struct klp_cdecl *d)
{
	const struct klp_tu_decl *v = klp_tu_find(&c->after->tu, d->name);

	if (d->kind != KLP_CDECL_VARIABLE || d->section || !v || v->kind != KLP_TU_VARIABLE ||
	    !v->definition)
		return false;
	for (size_t i = 0; i < v->refs.n; i++)
		if (v->refs.v[i].kind == KLP_TU_FUNCTION)
			return true;
	return false;
}

/* Number of tokens before the '=', all of them without one. */
static uint32_t declarator_len(const struct klp_view *view, const struct klp_cdecl *d)
{
	const struct klp_ctok *tok = &view->toks.v.v[d->first];
	uint32_t i = 0;

	while (i < d->n && !klp_tok_is(&tok[i], "=") && !klp_tok_is(&tok[i], ";"))
		i = klp_tok_opens(&tok[i]) ? klp_tok_behind(tok, d->n, i) : i + 1;
	return i;
}

static bool same_declarator(const struct klp_comparing *c, const struct klp_cdecl *old,
			    const struct klp_cdecl *new)
{
	const struct klp_ctok *a = &c->before->toks.v.v[old->first];
	const struct klp_ctok *b = &c->after->toks.v.v[new->first];
	uint32_t n = declarator_len(c->before, old);

	if (n != declarator_len(c->after, new))
		return false;
	for (uint32_t i = 0; i < n; i++)
		if (a[i].len != b[i].len || memcmp(a[i].p, b[i].p, a[i].len))
			return false;
	return true;
}

/*
 * Of a variable, nothing but what it begins with: the kernel's is the one that the new code takes
 * it for. Of the types, libclang knows sizes that no word says (an array by its initialiser).
 */
static bool is_initial_value(const struct klp_comparing *c, const struct cdecl_list *before,
			     const struct klp_cdecl *d)
{
	const struct klp_tu_decl *old = klp_tu_find(&c->before->tu, d->name);
	const struct klp_tu_decl *new = klp_tu_find(&c->after->tu, d->name);

	if (d->kind != KLP_CDECL_VARIABLE || !old || !new || !old->definition || !new->definition ||
	    strcmp(old->canonical, new->canonical))
		return false;
	for (size_t i = 0; before && i < before->n; i++)
		if (same_declarator(c, before->v[i], d))
			return true;
	return false;
}

static bool is_respelled(struct klp_comparing *c, const struct cdecl_list *before,
			 const struct klp_cdecl *d)
{
	if ((d->kind != KLP_CDECL_TYPE && d->kind != KLP_CDECL_TYPEDEF) ||
	    klp_view_mentions(c->after, d, &c->values))
		return false;
	for (size_t i = 0; before && i < before->n; i++)
		if (klp_detect__same_layout(c->arena, c->before, before->v[i], c->after, d))
			return true;
	return false;
}

static void changed_ops(struct klp_comparing *c, const struct klp_cdecl *d)
{
	report(c, KLP_ERROR, "KLP-OPS-CHANGED", c->after, d,
	       "the fix changes the table of functions",
	       "the running kernel goes on calling through the table that it has: patch the "
	       "function "
	       "that stands in it now, so that it does what the new one does, or the one that "
	       "calls "
	       "through it");
}

/* What the livepatch defines is there for itself: modules resolve exports of the kernel. */
static void changed_exports(struct klp_comparing *c)
{
	const struct klp_map *before = &c->exported_before, *after = &c->exported_after;
	struct klp_finding *f;

	for (size_t i = 0; i < after->n + before->n; i++) {
		bool new = i < after->n;
		const struct klp_map_entry *e =
			new ? &after->entries[i] : &before->entries[i - after->n];
		const struct klp_cdecl *d = e->value;
		const struct klp_view *view = new ? c->after : c->before;

		if (klp_map_getn(new ? before : after, e->key, e->len))
			continue;
		f = klp_finding_add(c->arena, c->findings, KLP_NOTE, "KLP-EXPORT",
				    new ? "the fix exports '%s': this livepatch uses it, other "
					  "modules can't"
					: "the fix no longer exports '%s': the running kernel goes "
					  "on doing so",
				    e->key);
		f->symbol = e->key;
		f->file = klp_view_file(c->arena, view, d);
		f->line = klp_detect__line_of(view, d);
	}
}

void klp_detect__compare_others(struct klp_comparing *c)
{
	struct klp_map before, after;

	collect(c->arena, c->before, &before);
	collect(c->arena, c->after, &after);
	for (size_t i = 0; i < after.n; i++) {
		const struct cdecl_list *new = after.entries[i].value;
		const struct cdecl_list *old =
			klp_map_getn(&before, after.entries[i].key, after.entries[i].len);

		for (size_t j = 0; j < new->n; j++) {
			const struct klp_cdecl *d = new->v[j];

			if (has_hash(old, d->hash) && !klp_view_mentions(c->after, d, &c->values))
				continue;
			if (klp_detect__is_export(c->arena, c->after, d, &c->exported_after))
				continue;
			if (is_plain_enum(c, d)) {
				changed_enum(c, d);
			} else if (!has_hash(old, d->hash) && !lost_one(old, new)) {
				added(c, d);
			} else if (is_respelled(c, old, d)) {
				report(c, KLP_NOTE, "KLP-TYPE-SPELLING", c->after, d,
				       "the fix spells a flexible array in another way, in the "
				       "type",
				       NULL);
			} else if (is_ops_table(c, d)) {
				changed_ops(c, d);
			} else if (is_plain_constant(c, d) || is_header_constant(c, d)) {
				report(c, KLP_WARNING, "KLP-CONST-CHANGED", c->after, d,
				       "the fix changes the constant data",
				       "the functions that read it are patched and bring the new "
				       "data "
				       "along; whoever holds a pointer to the old data goes on "
				       "with it: "
				       "check that nobody does");
			} else if (changed_kinds[d->kind].code) {
				report(c, changed_kinds[d->kind].severity,
				       changed_kinds[d->kind].code, c->after, d,
				       changed_kinds[d->kind].what, changed_kinds[d->kind].hint)
					->firm = d->kind == KLP_CDECL_VARIABLE &&
						 !is_initial_value(c, old, d);
			}
		}
	}
	changed_exports(c);
}
