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

/* Callbacks are the author's: those are taken as they are. */
static bool is_authors(const char *file)
{
	return !strcmp(file, "callbacks.c") || !strcmp(file, "callbacks.h");
}

static int check_unedited(struct klp_run *r, const struct klp_plan *base)
{
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
				      "put the edit into a diff of the kernel's source: what "
				      "is taken from a base is its fixes, not its C");
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

	if (!klp_plan_has_source(base, "callbacks.c") || r->around.callbacks)
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

int klp__base_compare(struct klp_run *r, const struct klp_livepatch *livepatch)
{
	struct klp_report *report = r->report;
	struct klp_livepatches both = {};
	struct klp_upgrades upgrades = {};
	struct klp_livepatch base = {};
	struct klp_finding *f;
	char *ko;

	if (!r->base)
		return 0;
	ko = klp_sprintf(r->arena, "%s/%s.ko", r->opts->base, r->base->name);
	if (!klp_file_exists(ko)) {
		f = klp_finding_add(r->arena, &report->findings, KLP_WARNING, "KLP-NO-BASE-MODULE",
				    "the base has no module '%s.ko': what changes from it to this "
				    "one isn't known",
				    r->base->name);
		f->hint = "build the base, and run again; or compare the two modules, as they are "
			  "loaded, with `klp-verify OLD.ko NEW.ko`";
		return 0;
	}
	if (klp_verify_read(r->arena, ko, &base, r->err) < 0)
		return r->err->code;
	klp_vec_push(r->arena, &both, base);
	klp_vec_push(r->arena, &both, *livepatch);
	klp_verify_together(r->arena, &both, &report->findings);
	if (klp_verify_upgrades(r->arena, &both, &upgrades, &report->findings, r->err) < 0)
		return r->err->code;
	if (upgrades.n)
		report->upgrade = &upgrades.v[0];
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
	const struct klp_strs files = klp_plan_files(r->arena, plan);

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
