// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A livepatch that holds an earlier one. What is taken from the earlier one's directory is its
 * fixes, not its C: they are applied again, before the new ones, and everything is found out,
 * extracted and proved anew. So two fixes of one function meet as source, where GNU patch
 * and a reader can deal with them.
 */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "report/report.h"
#include "run/private.h"
#include "verify/upgrade.h"
#include "verify/verify.h"

#define MAX_FILES 10000

static const char suffix[] = ".plan.json";

static int not_a_base(struct klp_run *r, const char *why)
{
	klp_error_set(r->err, KLP_EUSAGE, "'%s' is no livepatch that can be built upon: %s",
		      r->opts->base, why);
	klp_error_at(r->err, r->opts->base, 0, 0);
	return klp_error_hint(r->err, "--base wants the output directory of an earlier klp-prep "
				      "with --patch");
}

/* The directory's only plan. */
static int read_plan(struct klp_run *r, struct klp_plan *ret)
{
	const char *path = NULL;
	struct klp_strs files = {};

	if (!klp_is_dir(r->opts->base))
		return not_a_base(r, "it is no directory");
	if (klp_find_files(r->arena, r->opts->base, suffix, MAX_FILES, &files, r->err) < 0)
		return r->err->code;
	for (size_t i = 0; i < files.n; i++) {
		if (strchr(files.v[i], '/'))
			continue;
		if (path)
			return not_a_base(r, "it has several plans");
		path = klp_path_join(r->arena, r->opts->base, files.v[i]);
	}
	if (!path)
		return not_a_base(r, "it has no NAME.plan.json");
	return klp_plan_read(r->arena, path, ret, r->err);
}

static int read_file(struct klp_run *r, const char *file, char **ret, size_t *ret_len)
{
	return klp_file_read(r->arena, klp_path_join(r->arena, r->opts->base, file), KLP_MAX_TEXT,
			     ret, ret_len, r->err);
}

/* Callbacks are the author's, and taken as they are; their header is written anew. */
static bool is_authors(const char *file)
{
	return !strcmp(file, "callbacks.c");
}

/* What a later livepatch relies on: what Kbuild takes, and what this directory is a base by. */
static struct klp_strs recorded(struct klp_run *r, const struct klp_plan *plan, bool policy)
{
	struct klp_strs files = klp_plan_files(r->arena, plan);

	for (size_t i = 0; i < plan->fixes.n; i++)
		klp_vec_push(r->arena, &files, plan->fixes.v[i]);
	if (policy)
		klp_vec_push(r->arena, &files, "policy");
	return files;
}

static bool is_recorded(const struct klp_plan *plan, const char *file)
{
	for (size_t i = 0; i < plan->written.n; i++)
		if (!strcmp(plan->written.v[i].file, file))
			return true;
	return false;
}

static int check_recorded(struct klp_run *r, const struct klp_plan *base)
{
	const struct klp_strs files = recorded(r, base, false);

	for (size_t i = 0; i < files.n; i++)
		if (!is_recorded(base, files.v[i]))
			return not_a_base(r,
					  klp_sprintf(r->arena,
						      "its plan doesn't say how '%s' was written",
						      files.v[i]));
	if (!is_recorded(base, "policy") &&
	    klp_file_exists(klp_path_join(r->arena, r->opts->base, "policy")))
		return not_a_base(r, "it was made without the policy that lies there");
	return 0;
}

static int check_unedited(struct klp_run *r, const struct klp_plan *base)
{
	if (check_recorded(r, base) < 0)
		return r->err->code;
	for (size_t i = 0; i < base->written.n; i++) {
		const struct klp_plan_file *f = &base->written.v[i];
		char *data;
		size_t len;

		if (is_authors(f->file))
			continue;
		if (read_file(r, f->file, &data, &len) < 0)
			return r->err->code;
		if (!strcmp(klp_plan_sum(r->arena, data, len), f->sum))
			continue;
		klp_error_set(r->err, KLP_EUSAGE,
			      "'%s' of the base isn't what klp-prep wrote: the edit would be lost",
			      f->file);
		klp_error_at(r->err, klp_path_join(r->arena, r->opts->base, f->file), 0, 0);
		return klp_error_hint(r->err,
				      "what is taken from a base is its fixes, as they were: put "
				      "the edit into a diff of its own, or make the base again");
	}
	return 0;
}

static int check_base(struct klp_run *r, const struct klp_plan *base)
{
	if (!base->fixes.n || !base->written.n)
		return not_a_base(r, "it has no fix beside it");
	for (size_t i = 0; i < base->sources.n; i++)
		if (base->sources.v[i].as_is)
			return not_a_base(r,
					  "some of its functions were asked for with --function, "
					  "to be edited by hand");
	if (r->opts->no_replace) {
		klp_error_set(r->err, KLP_EUSAGE,
			      "a livepatch with --base replaces the one that it is based on: "
			      "--no-replace contradicts that");
		return klp_error_hint(r->err, "leave out one of the two");
	}
	return check_unedited(r, base);
}

/* The options' states, and those of the base that they don't name. */
static void take_states(struct klp_run *r, const struct klp_plan *base)
{
	struct klp_table_states *states = klp_new(r->arena, struct klp_table_states);

	for (size_t i = 0; i < r->opts->states.n; i++)
		klp_vec_push(r->arena, states, r->opts->states.v[i]);
	for (size_t i = 0; i < base->states.n; i++) {
		bool named = false;

		for (size_t k = 0; k < r->opts->states.n; k++)
			named = named || r->opts->states.v[k].id == base->states.v[i].id;
		if (!named)
			klp_vec_push(r->arena, states, base->states.v[i]);
	}
	r->around.states = states;
}

static int take_callbacks(struct klp_run *r, const struct klp_plan *base)
{
	char *text;
	size_t len;

	if (!klp_plan_has_source(base, "callbacks.c"))
		return 0;
	if (r->opts->callbacks && !r->opts->callbacks_file) {
		klp_error_set(r->err, KLP_EUSAGE,
			      "the base has callbacks: skeletons would take their place");
		return klp_error_hint(r->err, "leave out --callbacks to take over the base's, or "
					      "give --callbacks=FILE");
	}
	if (r->around.callbacks)
		return 0;
	if (read_file(r, "callbacks.c", &text, &len) < 0)
		return r->err->code;
	r->around.callbacks = true;
	r->around.callbacks_text = text;
	r->around.callbacks_file = klp_path_join(r->arena, r->opts->base, "callbacks.c");
	return 0;
}

int klp__base_take(struct klp_run *r)
{
	struct klp_plan *base = klp_new(r->arena, struct klp_plan);
	struct klp_strs fixes = {};

	if (!r->opts->base)
		return 0;
	if (read_plan(r, base) < 0 || check_base(r, base) < 0 || take_callbacks(r, base) < 0)
		return r->err->code;
	take_states(r, base);
	for (size_t i = 0; i < base->fixes.n; i++)
		klp_vec_push(r->arena, &fixes,
			     klp_path_join(r->arena, r->opts->base, base->fixes.v[i]));
	for (size_t i = 0; i < r->patches.n; i++)
		klp_vec_push(r->arena, &fixes, r->patches.v[i]);
	r->patches = fixes;
	r->base = base;
	r->base_fixes = base->fixes.n;
	return 0;
}

/* Which callbacks a file defines; what is wrong with it is said elsewhere. */
static int callbacks_of(struct klp_run *r, const char *text, struct klp_plan *ret)
{
	const struct klp_around_opts opts = { .callbacks = true,
					      .callbacks_text = text,
					      .callbacks_file = "callbacks.c" };
	struct klp_findings ignored = {};

	return klp_around(r->arena, &opts, ret, &ignored, r->err);
}

static bool has_callback(const struct klp_plan *plan, const char *function)
{
	for (size_t i = 0; i < plan->callbacks.n; i++)
		for (int k = 0; k < KLP_NCALLBACKS; k++)
			if (klp_table_same_name(plan->callbacks.v[i].functions[k], function))
				return true;
	return false;
}

int klp__base_callbacks(struct klp_run *r)
{
	struct klp_plan was = {}, is = {};
	char *text;
	size_t len;

	if (!r->base || !r->opts->callbacks_file || !klp_plan_has_source(r->base, "callbacks.c"))
		return 0;
	if (read_file(r, "callbacks.c", &text, &len) < 0 || callbacks_of(r, text, &was) < 0 ||
	    callbacks_of(r, r->around.callbacks_text, &is) < 0)
		return r->err->code;
	for (size_t i = 0; i < was.callbacks.n; i++)
		for (int k = 0; k < KLP_NCALLBACKS; k++) {
			const char *function = was.callbacks.v[i].functions[k];
			struct klp_finding *f;

			if (!function || has_callback(&is, function))
				continue;
			f = klp_finding_add(r->arena, &r->report->findings, KLP_WARNING,
					    "KLP-CALLBACKS",
					    "the base has the callback '%s', '%s' hasn't", function,
					    klp_path_base(r->opts->callbacks_file));
			f->symbol = function;
			f->hint = "take it over, unless what the base set up is dealt with in "
				  "another way: the base's callbacks are never called again";
		}
	return 0;
}

void klp__base_blame(struct klp_run *r)
{
	struct klp_buf hint;
	struct klp_changes changed = {};
	struct klp_error ignored = {};
	const char *report;

	if (!r->base || r->err->code != KLP_EINPUT || !strstr(r->err->text, "does not apply"))
		return;
	report = klp_path_join(r->arena, r->opts->base, "report.json");
	klp_buf_init(&hint, r->arena);
	klp_buf_add(&hint, "the base's fixes are applied first");
	if (klp_report_read_changed(r->arena, report, &changed, &ignored) == 0)
		for (size_t i = 0, n = 0; i < changed.n; i++)
			if (strstr(r->err->text, changed.v[i].file))
				klp_buf_addf(&hint, "%s %s()",
					     n++ ? "," : "; in that file they change",
					     changed.v[i].function);
	klp_buf_add(&hint, ": make the diff against the source that has them");
	r->err->hint[0] = '\0'; /* apply's own knows of no base */
	klp_error_hint(r->err, "%s", hint.p);
}

/* Those that stand beside the base go, too. */
static void say_beside(struct klp_run *r)
{
	struct klp_finding *f;

	if (!r->base->no_replace)
		return;
	f = klp_finding_add(r->arena, &r->report->findings, KLP_WARNING, "KLP-BASE-BESIDE",
			    "the base stands beside other livepatches, this one replaces all");
	f->hint = "make sure that it holds the fixes of each livepatch that is loaded beside the "
		  "base: a livepatch has one base";
}

static bool same_object(const struct klp_table_object *a, const struct klp_table_object *b)
{
	if (!klp_table_same_name(a->name, b->name) || a->funcs.n != b->funcs.n)
		return false;
	for (size_t i = 0; i < a->funcs.n; i++)
		if (!klp_table_same_name(a->funcs.v[i].old_name, b->funcs.v[i].old_name) ||
		    a->funcs.v[i].sympos != b->funcs.v[i].sympos ||
		    !klp_table_same_name(a->funcs.v[i].new_name, b->funcs.v[i].new_name))
			return false;
	for (int k = 0; k < KLP_NCALLBACKS; k++)
		if (!klp_table_same_name(a->callbacks[k], b->callbacks[k]))
			return false;
	return true;
}

/* Both come from one plan, in its order. */
static bool same_tables(const struct klp_tables *a, const struct klp_tables *b)
{
	bool same = a->replace == b->replace && a->objects.n == b->objects.n &&
		    a->states.n == b->states.n;

	for (size_t i = 0; same && i < a->objects.n; i++)
		same = same_object(&a->objects.v[i], &b->objects.v[i]);
	for (size_t i = 0; same && i < a->states.n; i++)
		same = a->states.v[i].id == b->states.v[i].id &&
		       a->states.v[i].version == b->states.v[i].version;
	return same;
}

/* Without a module, what its plan says of it: the tables, but no code. */
static int read_base(struct klp_run *r, struct klp_livepatch *ret)
{
	const struct klp_tables planned = klp_plan_tables(r->arena, r->base);
	char *ko = klp_sprintf(r->arena, "%s/%s.ko", r->opts->base, r->base->name);
	struct klp_finding *f;

	*ret = (struct klp_livepatch){ .name = r->base->name, .readable = true, .tables = planned };
	if (!klp_file_exists(ko)) {
		f = klp_finding_add(r->arena, &r->report->findings, KLP_WARNING,
				    "KLP-NO-BASE-MODULE",
				    "the base has no module '%s.ko': its code isn't compared, and "
				    "what is said of it is what its plan says",
				    r->base->name);
		f->hint = "build the base, and run again; or compare the two modules, as they are "
			  "loaded, with `klp-verify OLD.ko NEW.ko`";
		return 0;
	}
	if (klp_verify_read(r->arena, ko, ret, r->err) < 0)
		return r->err->code;
	if (!strcmp(ret->name, r->base->name) && ret->readable &&
	    same_tables(&ret->tables, &planned))
		return 0;
	f = klp_finding_add(r->arena, &r->report->findings, KLP_ERROR, "KLP-BASE-MODULE",
			    "the base's module '%s.ko' isn't the one that its plan describes",
			    r->base->name);
	f->hint = "run `make` in the base's directory, or name the directory that belongs to the "
		  "livepatch which is loaded";
	return 0;
}

int klp__base_compare(struct klp_run *r, const struct klp_livepatch *livepatch)
{
	struct klp_report *report = r->report;
	struct klp_livepatches both = {};
	struct klp_upgrades upgrades = {};
	struct klp_livepatch base = {};

	if (!r->base)
		return 0;
	if (read_base(r, &base) < 0)
		return r->err->code;
	klp_vec_push(r->arena, &both, base);
	klp_vec_push(r->arena, &both, *livepatch);
	klp_verify_together(r->arena, &both, &report->findings);
	if (klp_verify_upgrades(r->arena, &both, &upgrades, &report->findings, r->err) < 0)
		return r->err->code;
	if (upgrades.n)
		report->upgrade = &upgrades.v[0];
	say_beside(r);
	return 0;
}

/* "3-cve_2024_1.diff": the number is its place among all, whatever it was before. */
static char *fix_name(struct klp_run *r, size_t number, const char *path)
{
	const char *base = path == r->stdin_copy ? "-" : klp_path_base(path);
	size_t digits = strspn(base, "0123456789");

	if (digits && base[digits] == '-' && number < r->base_fixes)
		base += digits + 1;
	return klp_sprintf(r->arena, "%zu-%s.diff", number + 1, klp__run_name(r->arena, base));
}

int klp__base_keep_fixes(struct klp_run *r)
{
	struct klp_plan *plan = &r->report->plan;

	for (size_t i = 0; i < r->patches.n; i++) {
		char *name = fix_name(r, i, r->patches.v[i]);

		if (klp_file_copy(r->patches.v[i], klp_path_join(r->arena, r->rendered, name),
				  r->err) < 0)
			return r->err->code;
		klp_vec_push(r->arena, &plan->fixes, name);
	}
	return 0;
}

int klp__base_record(struct klp_run *r)
{
	struct klp_plan *plan = &r->report->plan;
	const struct klp_strs files = recorded(r, plan, r->policy.rules.n);

	for (size_t i = 0; i < files.n; i++) {
		struct klp_plan_file f = { .file = files.v[i] };
		char *data;
		size_t len;

		if (klp_file_read(r->arena, klp_path_join(r->arena, r->rendered, f.file),
				  KLP_MAX_TEXT, &data, &len, r->err) < 0)
			return r->err->code;
		f.sum = klp_plan_sum(r->arena, data, len);
		klp_vec_push(r->arena, &plan->written, f);
	}
	return 0;
}
