// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text compiled by the recorded command, as the proof that it is complete, and its
 * undefined symbols planned: whatever the compiler refers to, by whichever way, is seen here.
 */
#include "extract/private.h"

#include <elf.h>
#include <string.h>

#include "base/file.h"

/* Two units mean different things by a name that neither can change: in an asm template. */
static void two_meanings(struct extraction *x, const char *name)
{
	struct klp_finding *f =
		klp_finding_add(x->arena, x->findings, KLP_ERROR, "KLP-AMBIGUOUS",
				"'%s' of '%s' is another symbol than that of a unit before", name,
				x->unit->source);

	f->symbol = name;
	f->file = x->unit->source;
	f->hint = "when the module is linked, both would become one: make two livepatches of the "
		  "fix, or bring what is needed along under a new name";
}

static void add_ref(struct extraction *x, struct klp_plan *plan, struct klp_symref ref,
		    const char *link, const char *needed_by)
{
	const struct klp_symref *there = klp_plan_ref(plan, link);

	if (there && (strcmp(there->object, ref.object) || strcmp(there->symbol, ref.symbol) ||
		      there->sympos != ref.sympos || there->how != ref.how))
		two_meanings(x, link);
	if (there)
		return;
	ref.link_name = link;
	ref.needed_by = needed_by;
	klp_vec_push(x->arena, &plan->refs, ref);
}

/* The entity that an undefined symbol stands for. */
static const struct entity *entity_behind(const struct extraction *x, const char *symbol)
{
	const struct entities *lists[] = { &x->order, &x->labels };

	for (size_t l = 0; l < 2; l++)
		for (size_t i = 0; i < lists[l]->n; i++) {
			const struct entity *e = lists[l]->v[i];

			if (e->link && !strcmp(e->link, symbol) && e->ref.object)
				return e;
		}
	return NULL;
}

/* Somebody who needs a symbol that only headers spell: the first patched function. */
static const char *some_function(const struct extraction *x)
{
	for (size_t i = 0; i < x->closure->patch.n; i++)
		if (x->closure->patch.v[i].unit == x->unit)
			return x->closure->patch.v[i].symbol;
	return x->unit->source;
}

static void unresolved(struct extraction *x, const char *name)
{
	struct klp_finding *f =
		klp_finding_add(x->arena, x->findings, KLP_ERROR, "KLP-UNRESOLVED",
				"'%s' is neither exported nor in the symbol table of '%s'", name,
				klp_unit_object_name(x->unit));

	f->symbol = name;
	f->file = x->unit->source;
	f->hint =
		"the running kernel doesn't have it (inlined, or not in this configuration): write "
		"the fix without it, or bring its definition along under a new name";
}

/* Without a vmlinux nobody can say what it has. */
static void say_unseen(struct extraction *x)
{
	struct klp_finding *f;

	if (!x->unseen.n)
		return;
	f = klp_finding_add(x->arena, x->findings, KLP_WARNING, "KLP-UNSEEN",
			    "'%s'%s taken for symbols of vmlinux, which isn't in the build",
			    x->unseen.v[0],
			    x->unseen.n == 1
				    ? " is"
				    : klp_sprintf(x->arena, " and %zu more are", x->unseen.n - 1));
	f->file = x->unit->source;
	f->hint = "whether they exist there, and at which position, is not known: give the whole "
		  "build before the module is loaded anywhere";
}

/* Defined by another file of the livepatch. */
static bool is_elsewhere(const struct extraction *x, const char *name)
{
	const struct entity *e = klp_map_get(&x->entities, name);

	return e && e->elsewhere;
}

/*
 * A name that no declaration gives another symbol, because an asm template spells it: the
 * reference keeps it. 1 when the unit or its object has such a symbol.
 */
static int resolve_spelled(struct extraction *x, const char *name, struct klp_symref *ret)
{
	const struct klp_tu_decl *d = klp_tu_find(&x->view->tu, name);

	return d && d->is_static ? klp_extract__resolve_own(x, name, ret) : 0;
}

/* No declaration will help: there is none for a name of the file, or it didn't. */
static bool is_spelled(const struct extraction *x, const char *name)
{
	const struct klp_tu_decl *d = klp_tu_find(&x->view->tu, name);

	if (d && !d->in_header)
		return true;
	for (size_t i = 0; i < x->labels.n; i++)
		if (!strcmp(x->labels.v[i]->name, name))
			return true;
	return false;
}

/* The code really uses it. */
static void gone(struct extraction *x, const struct entity *e)
{
	struct klp_finding *f;

	if (klp_findings_about(x->findings, "KLP-VAR-GONE", e->name))
		return;
	f = klp_finding_add(x->arena, x->findings, KLP_ERROR, "KLP-VAR-GONE",
			    "the variable '%s' has no symbol in the kernel that runs", e->name);
	f->symbol = e->name;
	f->file = x->view->tu.files.v[e->decl->file].name;
	f->line = e->decl->line;
	f->hint = "the compiler knew that nobody reads it (or writes it) and folded it away, also "
		  "in functions that aren't patched: a new variable under a new name is possible, "
		  "if all its users are patched";
}

/* True when the text must be written again because a name needs an asm label. */
static bool plan_undefined(struct extraction *x, const struct klp_symtab *symtab, const char *name,
			   struct klp_plan *plan)
{
	const struct entity *e = entity_behind(x, name);
	struct klp_symref ref = {};

	if (is_elsewhere(x, name))
		return false;
	if (e && e->gone) {
		if (e->local)
			klp_extract__local_gone(x, e);
		else
			gone(x, e);
		return false;
	}
	if (e && (e->kind != ENTITY_GLOBAL || !klp_tree_export(x->tree, name))) {
		add_ref(x, plan, e->ref, name, e->needed_by);
		return false;
	}
	switch (klp_extract__resolve_undefined(x, name, &ref)) {
	case UNDEFINED_EXPORT:
		ref = (struct klp_symref){
			.object = "vmlinux",
			.symbol = name,
			.section_object = "vmlinux",
			.how = KLP_HOW_EXPORT,
		};
		e = klp_map_get(&x->entities, name);
		add_ref(x, plan, ref, name, e ? e->needed_by : some_function(x));
		return false;
	case UNDEFINED_GLOBAL:
		if (x->opts->pointers) {
			klp_extract__not_spelled(x, symtab, name);
			return false;
		}
		e = klp_map_get(&x->entities, name);
		add_ref(x, plan, ref, name, e ? e->needed_by : some_function(x));
		return false;
	case UNDEFINED_FOREIGN: {
		struct entity *label;

		if (x->opts->pointers) {
			klp_extract__not_spelled(x, symtab, name);
			return false;
		}
		if (is_spelled(x, name)) {
			add_ref(x, plan, ref, name, some_function(x));
			return false;
		}
		label = klp_new(x->arena, struct entity);
		*label = (struct entity){
			.kind = ENTITY_EXTERN,
			.name = name,
			.link = klp_extract__link_name(x, name, &ref),
			.label = true,
			.declared_by_type = true,
			.item = SIZE_MAX,
			.first_use = SIZE_MAX,
			.ref = ref,
			.needed_by = some_function(x),
		};
		klp_vec_push(x->arena, &x->labels, label);
		return true;
	}
	case UNDEFINED_UNKNOWN:
		if (resolve_spelled(x, name, &ref) <= 0)
			unresolved(x, name);
		else if (x->opts->pointers)
			klp_extract__not_spelled(x, symtab, name);
		else
			add_ref(x, plan, ref, name, some_function(x));
	}
	return false;
}

/* All versions of a text may be there at a time. */
static const char *text_dir(const struct extraction *x)
{
	return klp_path_join(x->arena, x->opts->workdir,
			     x->opts->data	  ? "data"
			     : x->opts->unpatched ? "unpatched"
						  : "extract");
}

/* The compiler's line with `what` in it. Our own directory goes from it: it's gone soon. */
static const char *first_line(const struct extraction *x, const char *text, const char *what)
{
	const char *p = strstr(text, what), *start, *below;

	if (!p)
		return NULL;
	for (start = p; start > text && start[-1] != '\n'; start--)
		;
	start = klp_strndup(x->arena, start, strcspn(start, "\n"));
	below = klp_path_below(start, text_dir(x));
	return below ? below : start;
}

static void compiler_says(struct extraction *x, const struct klp_proc_result *result)
{
	const char *error = first_line(x, result->err, "error:");
	const char *warning = first_line(x, result->err, "warning:");
	struct klp_finding *f;

	if (result->status && klp_extract__blame_pointers(x))
		return;
	if (result->status) {
		f = klp_finding_add(x->arena, x->findings, KLP_ERROR, "KLP-EXTRACT-COMPILE",
				    "the extracted text of '%s' doesn't compile: %s",
				    x->unit->source, error ? error : "see the compiler's output");
		f->hint = x->opts->pointers
				  ? "something there can't be a pointer: leave out --externs "
				    "kallsyms; if that doesn't help, report the construct"
				  : "something that the patched functions need was not brought "
				    "along: look at the file with --keep, and report the "
				    "construct; a fix written without it works around";
	} else if (warning) {
		f = klp_finding_add(x->arena, x->findings, KLP_WARNING, "KLP-EXTRACT-WARNING",
				    "the extracted text of '%s' compiles with a warning: %s",
				    x->unit->source, warning);
		f->hint = "the original unit may give the same one; if not, the text differs from "
			  "the original in what it means";
	} else {
		return;
	}
	f->file = x->unit->source;
}

/* The fix changed nothing of it, or there was none: it is compiled already. */
static bool is_as_shipped(struct extraction *x, struct klp_plan_source *source)
{
	char *shipped = klp_sprintf(x->arena, "%s/extract/%s", x->opts->workdir, source->file);
	char *object = klp_sprintf(x->arena, "%s.o", shipped);
	struct klp_error ignored = {};
	size_t len;
	char *text;

	if (!x->opts->unpatched || !klp_file_exists(object) ||
	    klp_file_read(x->arena, shipped, KLP_MAX_TEXT, &text, &len, &ignored) < 0 ||
	    strcmp(text, source->text) != 0)
		return false;
	source->path = shipped;
	source->object = object;
	return true;
}

/* Compiles the text; source->object is NULL when that failed (a finding tells). */
static int compile(struct extraction *x, struct klp_plan_source *source)
{
	struct klp_cc_job job = {
		.unit = x->unit,
		.mode = KLP_CC_COMPILE_SECTIONS,
		/* of the kernel's own code none are wanted */
		.warnings = !x->opts->unpatched,
	};
	struct klp_proc_result result;

	if (is_as_shipped(x, source))
		return 0;
	job.source = source->path = klp_path_join(x->arena, text_dir(x), source->file);
	job.output = klp_sprintf(x->arena, "%s.o", source->path);
	if (klp_mkdirs(text_dir(x), x->err) < 0 ||
	    klp_file_write(source->path, source->text, strlen(source->text), x->err) < 0)
		return x->err->code;
	if (x->opts->written)
		x->opts->written(x->opts->ctx, source);
	if (klp_cc_lean(x->arena, x->unit, x->opts->workdir) &&
	    klp_cc_make_lean(x->arena, x->unit, source->path, NULL, x->err) < 0)
		return x->err->code;
	job.text = klp_cc_lean_beside(x->arena, source->path);
	if (x->opts->ready)
		x->opts->ready(x->opts->ctx, source);
	if (klp_cc_run(x->arena, &job, &result, x->err) < 0)
		return x->err->code;
	source->object = result.status ? NULL : job.output;
	compiler_says(x, &result);
	return 0;
}

/* Made by modpost for every module, or by the linker. */
static bool is_builtin(const char *name)
{
	return !name[0] || !strcmp(name, "_GLOBAL_OFFSET_TABLE_");
}

/* A name that needs a label, and a key that must be asked, each show one or two others. */
#define MAX_ROUNDS 4

int klp_extract__link(struct extraction *x, struct klp_plan_source *source, struct klp_plan *plan)
{
	struct klp_symtab symtab;
	bool again = true;

	for (int round = 0; again && round < MAX_ROUNDS; round++) {
		size_t known = x->findings->n;
		char *text;

		if (klp_extract__write(x, &text) < 0)
			return x->err->code;
		source->text = text;
		if (compile(x, source) < 0)
			return x->err->code;
		if (!source->object)
			return 0;
		if (klp_symtab_load(x->arena, source->object, &symtab, x->err) < 0)
			return x->err->code;
		again = false;
		for (size_t i = 1; i < symtab.n; i++)
			if (!klp_sym_defined(&symtab.v[i]) && !is_builtin(symtab.v[i].name))
				again |= plan_undefined(x, &symtab, symtab.v[i].name, plan);
		if (klp_extract__ask_keys(x, &symtab, &again) < 0)
			return x->err->code;
		if (again) /* the next round says it again */
			x->findings->n = known;
	}
	say_unseen(x);
	klp_extract__check_registered(x, &symtab);
	if (klp_extract__say_keys(x, &symtab, plan, source) < 0)
		return x->err->code;
	return klp_extract__check_twice(x, &symtab);
}
