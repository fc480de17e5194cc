// SPDX-License-Identifier: GPL-2.0-or-later
#include "run/run.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ask/ask.h"
#include "base/file.h"
#include "build/build.h"
#include "check/check.h"
#include "closure/closure.h"
#include "convert/convert.h"
#include "detect/detect.h"
#include "extract/extract.h"
#include "model/plan_check.h"
#include "render/render.h"
#include "report/report.h"
#include "run/private.h"
#include "tree/tree.h"
#include "verify/verify.h"

/* A run under way. Everything a stage gives lies here until the next ones have used it. */
struct run {
	struct klp_arena *arena;
	const struct klp_run_opts *opts;
	struct klp_report *report;
	struct klp_error *err;
	unsigned int jobs;
	char *workdir;		 /* private; removed at the end */
	char *rendered;		 /* WORKDIR/output: what becomes the output directory */
	char *output;		 /* clean path of the output directory */
	struct klp_strs patches; /* paths; standard input has become a file */
	const char *stdin_copy;	 /* that file, NULL without */
	struct klp_tree tree;
	struct klp_detect_result detected;
	char *plain; /* the .ko as Kbuild made it */
};

static char *in_workdir(struct run *r, const char *name)
{
	return klp_path_join(r->arena, r->workdir, name);
}

static char *ko_name(struct run *r)
{
	return klp_sprintf(r->arena, "%s.ko", r->report->name);
}

/* Functions that were named need no source and no compiler. */
static int run_ask(struct run *r)
{
	const struct klp_tree_opts where = { r->opts->ipa_dumps, r->opts->build, r->opts->source,
					     r->jobs };
	const struct klp_ask_opts opts = { r->opts->functions, r->jobs, &r->opts->log };
	struct klp_report *report = r->report;

	if (klp_tree_open(r->arena, &where, &r->tree, r->err) < 0 ||
	    klp_ask(r->arena, &r->tree, &opts, &report->changed, &report->findings, r->err) < 0)
		return r->err->code;
	return klp_tree_check(r->arena, &r->tree, NULL, &report->findings, r->err);
}

static int run_detect(struct run *r)
{
	const struct klp_tree_opts where = { r->opts->ipa_dumps, r->opts->build, r->opts->source,
					     r->jobs };
	const struct klp_detect_opts opts = { r->patches, r->jobs, in_workdir(r, "detect"),
					      &r->opts->log };
	struct klp_report *report = r->report;

	if (r->opts->functions.n)
		return run_ask(r);
	if (klp_tree_open(r->arena, &where, &r->tree, r->err) < 0 ||
	    klp_mkdirs(opts.workdir, r->err) < 0 ||
	    klp_detect(r->arena, &r->tree, &opts, &r->detected, &report->findings, r->err) < 0)
		return r->err->code;
	report->changed = r->detected.changes;
	/* Which compiler made the kernel is known from the commands of the touched units. */
	return klp_tree_check(r->arena, &r->tree,
			      r->detected.units.n ? r->detected.units.v[0] : NULL,
			      &report->findings, r->err);
}

/* Both want the units as they are, compiled with a section for each function: made once. */
static char *units_dir(struct run *r)
{
	return in_workdir(r, "units");
}

static int run_closure(struct run *r)
{
	const struct klp_closure_opts opts = {
		.jobs = r->jobs,
		.workdir = units_dir(r),
		.views = &r->detected.views,
		.no_proof = r->opts->no_proof,
		.log = &r->opts->log,
	};

	if (klp_mkdirs(opts.workdir, r->err) < 0)
		return r->err->code;
	return klp_closure_run(r->arena, &r->tree, &r->report->changed, &opts, &r->report->closure,
			       &r->report->findings, r->err);
}

static int run_check(struct run *r)
{
	return klp_check(r->arena, &r->tree, &r->report->changed, &r->report->closure,
			 &r->report->findings, r->err);
}

static int run_extract(struct run *r)
{
	const struct klp_extract_opts opts = {
		.name = r->report->name,
		.after = &r->detected.after,
		.views = &r->detected.views,
		.workdir = units_dir(r),
		.jobs = r->jobs,
		.log = &r->opts->log,
	};

	if (klp_mkdirs(opts.workdir, r->err) < 0)
		return r->err->code;
	return klp_extract(r->arena, &r->tree, &r->report->closure, &opts, &r->report->plan,
			   &r->report->findings, r->err);
}

static int run_render(struct run *r)
{
	const struct klp_plan *plan = &r->report->plan;
	const char *json = klp_plan_json(r->arena, plan);

	if (klp_render(r->arena, plan, r->rendered, r->err) < 0)
		return r->err->code;
	return klp_file_write(klp_sprintf(r->arena, "%s/%s.plan.json", r->rendered, plan->name),
			      json, strlen(json), r->err);
}

static int run_build(struct run *r)
{
	const struct klp_build_opts opts = { r->rendered, in_workdir(r, "build"), r->jobs,
					     &r->opts->log };

	return klp_build(r->arena, &r->tree, &r->report->plan, &opts, &r->plain,
			 &r->report->findings, r->err);
}

static int run_convert(struct run *r)
{
	struct klp_convert_stats stats = {};

	if (klp_convert(r->arena, r->plain, klp_path_join(r->arena, r->rendered, ko_name(r)),
			&r->report->plan, &r->tree.exports, &stats, r->err) < 0)
		return r->err->code;
	klp_log(&r->opts->log, KLP_LOG_DEBUG, "convert: %u symbols, %u relocations, %zu sections",
		stats.symbols, stats.relocations, stats.sections.n);
	return 0;
}

static int run_verify(struct run *r)
{
	return klp_verify(r->arena, klp_path_join(r->arena, r->rendered, ko_name(r)),
			  &r->report->plan, &r->tree, &r->report->findings, r->err);
}

static int (*const stages[KLP_NSTAGES])(struct run *) = {
	[KLP_STAGE_DETECT] = run_detect,   [KLP_STAGE_CLOSURE] = run_closure,
	[KLP_STAGE_CHECK] = run_check,	   [KLP_STAGE_EXTRACT] = run_extract,
	[KLP_STAGE_RENDER] = run_render,   [KLP_STAGE_BUILD] = run_build,
	[KLP_STAGE_CONVERT] = run_convert, [KLP_STAGE_VERIFY] = run_verify,
};

/* What a human wants to see of a stage besides its JSON. */
static int keep_files(struct run *r, enum klp_stage stage)
{
	const char *log = in_workdir(r, "build/build.log");
	char *to;

	if (stage == KLP_STAGE_RENDER)
		return klp__copy_files(r->arena, r->rendered,
				       klp_path_join(r->arena, r->opts->keep, "module"), r->err);
	if (stage != KLP_STAGE_BUILD)
		return 0;
	if (klp_file_copy(log, klp_path_join(r->arena, r->opts->keep, "build.log"), r->err) < 0)
		return r->err->code;
	to = klp_sprintf(r->arena, "%s/%s.plain.ko", r->opts->keep, r->report->name);
	return r->plain ? klp_file_copy(r->plain, to, r->err) : 0;
}

static int keep(struct run *r, enum klp_stage stage)
{
	char *path, *json;

	if (!r->opts->keep)
		return 0;
	path = klp_sprintf(r->arena, "%s/%d-%s.json", r->opts->keep, (int)stage + 1,
			   klp_stage_name(stage));
	json = klp_report_stage_json(r->arena, r->report, stage);
	if (klp_file_write(path, json, strlen(json), r->err) < 0)
		return r->err->code;
	return keep_files(r, stage);
}

/* Data, for instance, that the fix changes though it edits no function. */
static bool has_warning(const struct klp_findings *findings)
{
	for (size_t i = 0; i < findings->n; i++)
		if (findings->v[i].severity != KLP_NOTE)
			return true;
	return false;
}

/* Nothing to livepatch is no refusal: the fix is without effect on this kernel. */
static bool is_nothing_to_do(struct run *r, enum klp_stage stage)
{
	struct klp_report *report = r->report;

	if (stage == KLP_STAGE_DETECT && !report->changed.n && !has_warning(&report->findings)) {
		klp_finding_add(r->arena, &report->findings, KLP_NOTE, "KLP-NO-CHANGE",
				"the fix changes no code in this build: only comments or "
				"formatting, or code that the configuration leaves out");
		return true;
	}
	if (stage == KLP_STAGE_CHECK && !report->closure.patch.n) {
		klp_finding_add(r->arena, &report->findings, KLP_NOTE, "KLP-NO-TARGET",
				"no function of the running kernel contains code that the fix "
				"changes: what it edits is unused, or gone after boot");
		return true;
	}
	return false;
}

/*
 * A refused fix is followed as far as the questions go that can still be answered: one run
 * says all that is wrong with it, and what would have to be patched.
 */
static bool is_last_question(const struct run *r, enum klp_stage stage)
{
	return stage >= KLP_STAGE_CHECK || !r->detected.views.n;
}

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static int run_stages(struct run *r)
{
	struct klp_report *report = r->report;

	for (int i = 0; i <= (int)r->opts->stop_after; i++) {
		enum klp_stage stage = (enum klp_stage)i;
		double start = now_ms();

		r->err->stage = klp_stage_name(stage);
		if (stages[stage](r) < 0)
			return r->err->code;
		report->ms[stage] = now_ms() - start;
		report->last = stage;
		klp_log(&r->opts->log, KLP_LOG_DEBUG, "%s: %.0f ms", klp_stage_name(stage),
			report->ms[stage]);
		if (keep(r, stage) < 0)
			return r->err->code;
		report->refused = klp_findings_refuse(&report->findings);
		if (report->refused && is_last_question(r, stage))
			return 0;
		report->nothing_to_do = !report->refused && is_nothing_to_do(r, stage);
		if (report->nothing_to_do)
			return 0;
	}
	return 0;
}

/*
 * The dumps tell of inlining and cloning only. GCC also compiles callers by what it learned
 * of a callee, and writes that down nowhere.
 */
static void say_what_is_unproven(struct run *r)
{
	struct klp_report *report = r->report;
	struct klp_finding *f;

	if (report->last < KLP_STAGE_CLOSURE || report->refused || report->nothing_to_do ||
	    report->closure.proof.compiled_units)
		return;
	f = klp_finding_add(r->arena, &report->findings, KLP_NOTE, "KLP-NO-PROOF",
			    "hidden dependencies are not checked: the patch set follows the IPA "
			    "dumps, which can miss symbols");
	f->hint = "GCC may have compiled callers by what it knew of a changed function (it has no "
		  "side effect, it always returns) without a line in the dump: run again without "
		  "--no-proof";
}

static int write_output(struct run *r)
{
	struct klp_report *report = r->report;
	const char *from = r->rendered;
	const char *json;

	say_what_is_unproven(r);
	if (r->opts->no_output)
		return 0;
	if (report->refused || report->nothing_to_do)
		from = in_workdir(r, "report");
	else if (report->last >= KLP_STAGE_CONVERT)
		report->module = klp_path_join(r->arena, r->output, ko_name(r));
	json = klp_report_json(r->arena, report);
	if (klp_mkdirs(from, r->err) < 0 ||
	    klp_file_write(klp_path_join(r->arena, from, "report.json"), json, strlen(json),
			   r->err) < 0 ||
	    klp__output_install(r->arena, from, r->output, r->err) < 0)
		return r->err->code;
	report->output = r->output;
	return 0;
}

/* Standard input becomes a private file: the stages read patches more than once. */
static int take_patches(struct run *r)
{
	for (size_t i = 0; i < r->opts->patches.n; i++) {
		const char *path = r->opts->patches.v[i];
		char *data;
		size_t len;

		if (!strcmp(path, "-")) {
			if (r->stdin_copy)
				return klp_error_set(
					r->err, KLP_EUSAGE,
					"standard input can be only one of the patches");
			path = r->stdin_copy = in_workdir(r, "stdin.diff");
			if (klp_stdin_read(r->arena, KLP_MAX_TEXT, &data, &len, r->err) < 0 ||
			    klp_file_write(path, data, len, r->err) < 0)
				return r->err->code;
		} else if (!klp_file_exists(path)) {
			klp_error_set(r->err, KLP_EUSAGE,
				      "can't read '%s': No such file or directory", path);
			klp_error_at(r->err, path, 0, 0);
			return klp_error_hint(r->err, "give the fix as a unified diff; '-' reads "
						      "it from standard input");
		}
		klp_vec_push(r->arena, &r->patches, path);
	}
	return 0;
}

/* The user knows standard input as "-". */
static void rename_stdin(struct run *r)
{
	char *at;

	if (!r->stdin_copy)
		return;
	if (!strcmp(r->err->file, r->stdin_copy))
		snprintf(r->err->file, sizeof(r->err->file), "-");
	at = strstr(r->err->text, r->stdin_copy);
	if (at) {
		const char *rest = at + strlen(r->stdin_copy);

		*at = '-';
		memmove(at + 1, rest, strlen(rest) + 1);
	}
}

static int choose_name(struct run *r)
{
	const char *name = r->opts->name;

	if (name &&
	    (!klp_is_module_name(name) || !strcmp(name, "livepatch") || !strcmp(name, "vmlinux"))) {
		klp_error_set(r->err, KLP_EUSAGE, "'%s' can't be the name of a livepatch module",
			      name);
		return klp_error_hint(r->err,
				      "take lower-case letters, digits and '_', at most %d, "
				      "and neither 'livepatch' nor 'vmlinux'",
				      KLP_MAX_OBJECT);
	}
	if (name)
		r->report->name = klp_strdup(r->arena, name);
	else
		r->report->name = klp__run_name(r->arena, r->opts->patches.n
								  ? r->opts->patches.v[0]
								  : r->opts->functions.v[0]);
	return 0;
}

static int prepare(struct run *r)
{
	const struct klp_run_opts *opts = r->opts;
	const char *output = opts->output;
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (!opts->patches.n == !opts->functions.n || !opts->ipa_dumps)
		return klp_error_set(r->err, KLP_EUSAGE,
				     "patches or functions are needed, and a directory of IPA "
				     "dumps");
	if (opts->functions.n && opts->stop_after > KLP_STAGE_CHECK)
		return klp_error_set(r->err, KLP_EUSAGE,
				     "functions that no patch changes are followed up to stage "
				     "'check' only");
	r->jobs = opts->jobs ? opts->jobs : (unsigned int)(cores > 0 ? cores : 1);
	if (choose_name(r) < 0)
		return r->err->code;
	if (!output)
		output = klp_sprintf(r->arena, "livepatch-%s", r->report->name);
	if ((!opts->no_output &&
	     klp__output_check(r->arena, output, &r->output, r->err) < 0) ||
	    klp_tmpdir_new(r->arena, &r->workdir, r->err) < 0)
		return r->err->code;
	r->rendered = in_workdir(r, "output");
	if (klp_mkdirs(r->rendered, r->err) < 0 || take_patches(r) < 0)
		return r->err->code;
	return opts->keep ? klp_mkdirs(opts->keep, r->err) : 0;
}

int klp_run(struct klp_arena *arena, const struct klp_run_opts *opts, struct klp_report *ret,
	    struct klp_error *err)
{
	struct klp_report report = {};
	struct run r = { .arena = arena, .opts = opts, .report = &report, .err = err };

	if (prepare(&r) < 0 || run_stages(&r) < 0 || write_output(&r) < 0)
		rename_stdin(&r);
	else
		*ret = report;
	if (r.workdir)
		klp_rmtree(r.workdir);
	return err->code;
}
