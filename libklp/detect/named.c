// SPDX-License-Identifier: GPL-2.0-or-later
/* Functions that nobody has changed yet: wanted for editing, by name. */
#include <string.h>

#include "detect/headers.h"
#include "elf/symtab.h"

struct named {
	struct klp_arena *arena;
	const struct klp_changes *asked;
	const struct klp_detect_opts *opts;
	struct klp_detect_result *result;
	struct klp_findings *findings;
	struct klp_error *err;
};

/*
 * Many units may have copies of a header's function; each would have to be extracted. A header of
 * one unit may be as much its own as an included .c file.
 */
static size_t holders(const struct named *n, const struct klp_change *asked)
{
	size_t holders = 0;

	for (size_t i = 0; i < n->asked->n; i++)
		holders += !strcmp(n->asked->v[i].file, asked->file) &&
			   !strcmp(n->asked->v[i].function, asked->function);
	return holders;
}

static bool is_everywhere(const struct named *n, const struct klp_change *asked)
{
	return holders(n, asked) > KLP_MAX_HEADER_UNITS;
}

/* Once for each unit; what the fix touches has its views already. */
static int load_views(struct named *n)
{
	struct klp_detect_result *r = n->result;
	struct klp_view *views = klp_alloc_array(n->arena, n->asked->n, sizeof(*views));
	size_t new = 0;

	for (size_t i = 0; i < n->asked->n; i++) {
		struct klp_unit *unit = n->asked->v[i].unit;
		bool known = is_everywhere(n, &n->asked->v[i]);

		for (size_t k = 0; k < r->units.n; k++)
			known = known || r->units.v[k] == unit;
		if (known)
			continue;
		klp_vec_push(n->arena, &r->units, unit);
		views[new ++].unit = unit;
	}
	if (klp_views_load(n->arena, views, new, n->opts->jobs, n->opts->workdir, n->findings,
			   n->err) < 0)
		return n->err->code;
	for (size_t i = 0; i < new; i++)
		if (views[i].loaded)
			klp_vec_push(n->arena, &r->views, &views[i]);
	return 0;
}

static bool is_changed_anyway(const struct named *n, const struct klp_change *asked)
{
	const struct klp_changes *changes = &n->result->changes;

	for (size_t i = 0; i < changes->n; i++)
		if (changes->v[i].unit == asked->unit && changes->v[i].kind != KLP_LINKAGE &&
		    !strcmp(changes->v[i].function, asked->function))
			return true;
	return false;
}

static void no_source(struct named *n, const struct klp_change *asked)
{
	struct klp_finding *f =
		klp_finding_add(n->arena, n->findings, KLP_ERROR, "KLP-NO-SOURCE",
				"the build has code of '%s', but '%s' doesn't define it by that "
				"name",
				asked->function, asked->unit->source);

	f->symbol = asked->function;
	f->file = asked->file;
	f->line = asked->line;
	f->hint = "the fix has removed it, or --source is not what the kernel was built from";
}

/*
 * A symbol without a text may be another name of a function that has one: __x64_sys_sync of what
 * SYSCALL_DEFINE0(sync) makes, init_module of module_init(). *ret stays NULL when it is none.
 */
static int defined_name(struct named *n, const struct klp_view *view,
			const struct klp_change *asked, const char **ret)
{
	const struct klp_sym *sym, *other = NULL;
	struct klp_symtab symtab;

	if (klp_symtab_load(n->arena, asked->unit->object_path, &symtab, n->err) < 0)
		return n->err->code;
	sym = klp_symtab_function(&symtab, asked->function);
	while (sym && !*ret && (other = klp_symtab_alias(&symtab, sym, other)) != NULL)
		if (klp_map_get(&view->functions, other->name))
			*ret = other->name;
	return 0;
}

static void say_other_name(struct named *n, const struct klp_change *asked, const char *name)
{
	struct klp_finding *f =
		klp_finding_add(n->arena, n->findings, KLP_NOTE, "KLP-OTHER-NAME",
				"'%s' is another name of '%s', and that is what '%s' defines",
				asked->function, name, asked->unit->source);

	f->symbol = asked->function;
	f->file = asked->unit->source;
}

/* Said once, though each unit that holds a copy asks. */
static void too_wide(struct named *n, const struct klp_change *asked)
{
	static const char code[] = "KLP-HEADER-WIDE";
	struct klp_finding *f;

	if (klp_findings_about(n->findings, code, asked->function))
		return;
	f = klp_finding_add(n->arena, n->findings, KLP_ERROR, code,
			    "%zu units have code of '%s', a function of a header: more than %d are "
			    "not followed",
			    holders(n, asked), asked->function, KLP_MAX_HEADER_UNITS);
	f->symbol = asked->function;
	f->file = asked->file;
	f->line = asked->line;
	f->hint = "ask klp-callers which functions hold a copy, and name those that matter";
}

/* The place as the source has it: a dump names no line of what was neither inlined nor cloned. */
static int add(struct named *n, struct klp_view *view, const struct klp_change *asked)
{
	const struct klp_cdecl *d = klp_map_get(&view->functions, asked->function);
	struct klp_change change = *asked;
	const struct klp_tu_decl *seen;
	const char *name = NULL;

	if (!d && defined_name(n, view, asked, &name) < 0)
		return n->err->code;
	if (name) {
		say_other_name(n, asked, name);
		change.function = name;
		d = klp_map_get(&view->functions, name);
	}
	if (!d) {
		no_source(n, asked);
		return 0;
	}
	if (name && is_changed_anyway(n, &change))
		return 0;
	seen = klp_tu_find(&view->tu, change.function);
	change.kind = KLP_NAMED;
	change.init = d->init;
	change.file = klp_view_file(n->arena, view, d);
	change.line = view->toks.v.v[d->at].line;
	change.is_static = change.is_inline = true;
	/* libclang's declarations are those of the unit's own files */
	if (!seen || !seen->definition) {
		klp_strs_add(n->arena, &view->named, change.function);
	} else {
		change.file = view->tu.files.v[seen->file].name;
		change.line = seen->line;
		change.is_static = seen->is_static;
		change.is_inline = seen->is_inline;
	}
	klp_vec_push(n->arena, &n->result->changes, change);
	return 0;
}

int klp_detect_named(struct klp_arena *arena, const struct klp_changes *asked,
		     const struct klp_detect_opts *opts, struct klp_detect_result *ret,
		     struct klp_findings *findings, struct klp_error *err)
{
	struct named n = { arena, asked, opts, ret, findings, err };

	err->stage = "detect";
	if (load_views(&n) < 0)
		return err->code;
	for (size_t i = 0; i < asked->n; i++) {
		struct klp_view *view = klp_views_get(&ret->views, asked->v[i].unit);

		if (is_changed_anyway(&n, &asked->v[i]))
			continue;
		/* a unit that can't be read is a finding already */
		if (is_everywhere(&n, &asked->v[i]))
			too_wide(&n, &asked->v[i]);
		else if (view && add(&n, view, &asked->v[i]) < 0)
			return err->code;
	}
	klp_detect_sort(&ret->changes);
	return 0;
}
