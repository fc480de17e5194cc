// SPDX-License-Identifier: GPL-2.0-or-later
#include "detect/detect.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cc/cc.h"
#include "detect/apply.h"
#include "detect/assembly.h"
#include "detect/compare.h"
#include "detect/created.h"
#include "detect/headers.h"
#include "detect/moved.h"
#include "detect/shadow.h"

struct detect {
	struct klp_arena *arena;
	struct klp_tree *tree;
	const struct klp_detect_opts *opts;
	struct klp_detect_result *result;
	struct klp_touched_vec touched;
	struct klp_strs headers; /* touched ones that units read, and that differ in code */
	struct klp_comparison compared;
	struct klp_findings *findings;
	struct klp_error *err;
};

static bool ends_in(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n >= m && !strcmp(s + n - m, suffix);
}

static struct klp_finding *about(struct detect *d, enum klp_severity severity, const char *code,
				 const struct klp_touched *t, const char *what, const char *hint)
{
	struct klp_finding *f =
		klp_finding_add(d->arena, d->findings, severity, code, "'%s' %s", t->file, what);

	f->file = t->file;
	f->hint = hint;
	return f;
}

/* True when the two versions differ in more than comments and white space. */
static int differs_in_code(struct detect *d, const struct klp_touched *t, bool *ret)
{
	const struct klp_overlay *overlays[2] = { &d->result->before, &d->result->after };
	struct klp_ctoks toks[2] = {};

	for (int i = 0; i < 2; i++) {
		char *text;
		size_t len;

		if (!klp_strs_has(&overlays[i]->files, t->file)) {
			*ret = true;
			return 0;
		}
		if (klp_file_read(d->arena, klp_path_join(d->arena, overlays[i]->dir, t->file),
				  KLP_MAX_TEXT, &text, &len, d->err) < 0 ||
		    klp_ctok_source(d->arena, t->file, text, len, true, &toks[i], d->err) < 0)
			return d->err->code;
	}
	*ret = toks[0].v.n != toks[1].v.n;
	for (size_t i = 0; !*ret && i < toks[0].v.n; i++)
		*ret = toks[0].v.v[i].len != toks[1].v.v[i].len ||
		       memcmp(toks[0].v.v[i].p, toks[1].v.v[i].p, toks[0].v.v[i].len) != 0;
	return 0;
}

static void add_unit(struct detect *d, struct klp_unit *unit)
{
	for (size_t i = 0; i < d->result->units.n; i++)
		if (d->result->units.v[i] == unit)
			return;
	klp_vec_push(d->arena, &d->result->units, unit);
}

/*
 * A file that no C unit reads: assembly, or a header. Assembly of this kernel can't be
 * patched; what isn't part of it is left out with a note.
 */
static int not_in_c(struct detect *d, const struct klp_touched *t)
{
	struct klp_assembly assembly = {};

	if (klp_detect__assembly(d->arena, d->tree, t->file, &assembly, d->err) < 0)
		return d->err->code;
	if (assembly.n)
		about(d, KLP_ERROR, "KLP-ASM-CHANGED", t,
		      klp_sprintf(d->arena, "is read by the assembly of '%s'",
				  assembly.v[0].object),
		      "a livepatch replaces C functions only: leave the file out of the diff, or "
		      "find a C function to patch instead");
	else
		about(d, KLP_NOTE, "KLP-NOT-BUILT", t, "is read by no unit of this build", NULL);
	return 0;
}

/* A header that the fix touches. */
static int header_file(struct detect *d, const struct klp_touched *t, size_t nunits)
{
	bool code = false;

	if (differs_in_code(d, t, &code) < 0)
		return d->err->code;
	/* a new one: who includes it is changed himself */
	if (t->created)
		return 0;
	if (!code)
		about(d, KLP_NOTE, "KLP-COMMENT-ONLY", t, "changes only in comments", NULL);
	else if (!nunits)
		return not_in_c(d, t);
	else
		klp_vec_push(d->arena, &d->headers, t->file);
	return 0;
}

/* Decides what a touched file means for this build. */
static int touched_file(struct detect *d, const struct klp_touched *t)
{
	struct klp_units units = {};

	if (klp_tree_units_of(d->arena, d->tree, t->file, d->opts->jobs, &units, d->err) < 0)
		return d->err->code;
	/* whatever units include, called .h or not: its text is in them */
	if (ends_in(t->file, ".h") ||
	    (units.n && !ends_in(t->file, ".c") && !ends_in(t->file, ".S")))
		return header_file(d, t, units.n);
	if (ends_in(t->file, ".S"))
		return not_in_c(d, t);
	if (!ends_in(t->file, ".c")) {
		about(d, KLP_NOTE, "KLP-NOT-CODE", t,
		      "is no C file: its change has no effect on a "
		      "running kernel",
		      NULL);
		return 0;
	}
	if (t->deleted) {
		about(d, KLP_ERROR, "KLP-FILE-DELETED", t, "is deleted by the fix",
		      "code can't be removed from a running kernel: leave the file out of the diff "
		      "and patch its callers");
		return 0;
	}
	if (t->created)
		return 0; /* when the units that the fix touches are known */
	if (!units.n)
		about(d, KLP_NOTE, "KLP-NOT-BUILT", t, "is not compiled in this build", NULL);
	for (size_t i = 0; i < units.n; i++)
		add_unit(d, units.v[i]);
	return 0;
}

/* Nobody has compiled it, so nobody has recorded how. */
static int created_file(struct detect *d, const struct klp_touched *t)
{
	struct klp_detect_result *r = d->result;
	const struct klp_unit *like;
	struct klp_unit *unit;

	if (!t->created || t->deleted || !ends_in(t->file, ".c"))
		return 0;
	if (klp_detect__created_unit(d->arena, d->tree, t->file, &r->units, d->opts->workdir,
				     &r->before, &unit, &like, d->err) < 0)
		return d->err->code;
	if (!unit) {
		about(d, KLP_ERROR, "KLP-FILE-CREATED", t,
		      "is created by the fix, in a directory of which this build compiles nothing",
		      "nothing tells how it is to be compiled: put its functions into a file that "
		      "the fix patches");
		return 0;
	}
	about(d, KLP_WARNING, "KLP-FILE-CREATED", t,
	      klp_sprintf(d->arena, "is created by the fix; it is compiled as '%s' is",
			  like->source),
	      "only what the patched functions call of it comes along; initcalls, parameters and "
	      "tables of it have no effect. Check that its Makefile wants no other flags");
	add_unit(d, unit);
	return 0;
}

/* Both versions of every unit, in one go, so that all cores have work. */
static int load_views(struct detect *d, struct klp_view *views)
{
	struct klp_detect_result *r = d->result;

	for (size_t i = 0; i < r->units.n; i++) {
		struct klp_unit *unit = r->units.v[i];

		if (klp_detect__add_file(d->arena, unit->source_root, unit->source, &r->before,
					 d->err) < 0 ||
		    klp_detect__add_file(d->arena, unit->source_root, unit->source, &r->after,
					 d->err) < 0)
			return d->err->code;
		unit->heads = klp_cc_heads_new(
			d->arena, klp_sprintf(d->arena, "%s/heads-%zu", d->opts->workdir, i));
		views[2 * i] = (struct klp_view){
			.unit = unit,
			.overlay = &r->before,
			.fixed = d->opts->unpatched ? NULL : &views[2 * i + 1],
		};
		views[2 * i + 1] = (struct klp_view){ .unit = unit, .overlay = &r->after };
	}
	return klp_views_load(d->arena, views, 2 * r->units.n, d->opts->jobs, d->opts->workdir,
			      d->findings, d->err);
}

/* Tells a file's units apart, too: a header's function changes in several. */
static int compare_changes(const void *a, const void *b)
{
	const struct klp_change *x = a, *y = b;
	int rc = strcmp(x->file, y->file);

	if (!rc)
		rc = x->line < y->line ? -1 : x->line > y->line;
	if (!rc)
		rc = strcmp(x->function, y->function);
	return rc ? rc : strcmp(x->unit->object, y->unit->object);
}

/* A header that comes with the fix, and that nothing includes which this build compiles. */
static void note_unread(struct detect *d)
{
	for (size_t i = 0; i < d->touched.n; i++) {
		const struct klp_touched *t = &d->touched.v[i];
		bool read = !t->created || !ends_in(t->file, ".h");

		for (size_t k = 0; k < d->result->views.n && !read; k++) {
			const struct klp_tu_files *files = &d->result->views.v[k]->tu.files;

			for (size_t f = 0; f < files->n && !read; f++)
				read = !strcmp(files->v[f].name, t->file);
		}
		if (!read)
			about(d, KLP_NOTE, "KLP-NOT-BUILT", t, "is read by no unit of this build",
			      NULL);
	}
}

void klp_detect_sort(struct klp_changes *changes)
{
	if (changes->n)
		qsort(changes->v, changes->n, sizeof(*changes->v), compare_changes);
}

/* The units that a header's change may matter to, if their tokens differ at all. */
static int header_units(struct detect *d)
{
	struct klp_detect_result *r = d->result;
	struct klp_units units = {};

	if (klp_detect__header_units(d->arena, d->tree, d->opts, r, &d->headers, &units,
				     d->findings, d->err) < 0 ||
	    klp_detect__differing_units(d->arena, d->opts, r, &d->touched, &units, d->err) < 0)
		return d->err->code;
	for (size_t i = 0; i < units.n; i++)
		add_unit(d, units.v[i]);
	return 0;
}

/* A header's function that differs, and that no unit has code of. */
static void note_unheld(struct detect *d)
{
	const struct klp_changes *held = &d->compared.changes, *unheld = &d->compared.unheld;

	for (size_t i = 0; i < unheld->n; i++) {
		const struct klp_change *c = &unheld->v[i];
		bool known = false;
		struct klp_finding *f;

		for (size_t k = 0; k < held->n; k++)
			known = known || !strcmp(held->v[k].function, c->function);
		for (size_t k = 0; k < d->findings->n; k++)
			known = known || (!strcmp(d->findings->v[k].code, "KLP-NO-CODE") &&
					  !strcmp(d->findings->v[k].symbol, c->function));
		if (known)
			continue;
		f = klp_finding_add(d->arena, d->findings, KLP_NOTE, "KLP-NO-CODE",
				    "the kernel has no code of '%s': the compiler dropped it",
				    c->function);
		f->symbol = c->function;
		f->file = c->file;
		f->line = c->line;
		f->hint = "nothing in this build calls it, so there is nothing to patch for it";
	}
}

static int detect(struct detect *d)
{
	struct klp_detect_result *r = d->result;
	struct klp_view *views;

	if (klp_detect__apply(d->arena, d->tree, d->opts, &d->touched, &r->before, &r->after,
			      &r->fixes, d->err) < 0)
		return d->err->code;
	for (size_t i = 0; i < d->touched.n; i++)
		if (touched_file(d, &d->touched.v[i]) < 0)
			return d->err->code;
	for (size_t i = 0; i < d->touched.n; i++)
		if (created_file(d, &d->touched.v[i]) < 0)
			return d->err->code;
	if (d->headers.n && header_units(d) < 0)
		return d->err->code;
	views = klp_alloc_array(d->arena, 2 * r->units.n, sizeof(*views));
	if (load_views(d, views) < 0)
		return d->err->code;
	for (size_t i = 0; i < r->units.n; i++) {
		if (!views[2 * i].loaded || !views[2 * i + 1].loaded)
			continue;
		views[2 * i + 1].before = &views[2 * i];
		if (klp_detect__compare(d->arena, &views[2 * i], &views[2 * i + 1], &d->touched,
					&d->compared, d->findings, d->err) < 0)
			return d->err->code;
		klp_vec_push(d->arena, &r->views, &views[2 * i + 1]);
	}
	r->changes = d->compared.changes;
	note_unheld(d);
	note_unread(d);
	klp_detect__moved(d->arena, &r->views, d->findings);
	klp_detect_sort(&r->changes);
	return klp_detect__shadows(d->arena, d->opts, &r->views, &r->shadows, d->findings, d->err);
}

int klp_detect(struct klp_arena *arena, struct klp_tree *tree, const struct klp_detect_opts *opts,
	       struct klp_detect_result *ret, struct klp_findings *findings, struct klp_error *err)
{
	struct detect d = {
		.arena = arena,
		.tree = tree,
		.opts = opts,
		.result = ret,
		.findings = findings,
		.err = err,
	};

	err->stage = "detect";
	return detect(&d);
}
