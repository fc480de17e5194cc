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
#include "render/shadow.h"
#include "report/report.h"
#include "run/private.h"
#include "tree/tree.h"
#include "verify/verify.h"

static char *ko_name(struct klp_run *r)
{
	return klp_sprintf(r->arena, "%s.ko", r->report->name);
}

/* What make couldn't live with is said before the stages have worked for minutes. */
static int check_paths(struct klp_run *r)
{
	if (r->opts->stop_after < KLP_STAGE_BUILD)
		return 0;
	if (klp_build_path_check(r->workdir,
				 "set TMPDIR to another directory, or end before with "
				 "--stop-after render",
				 r->err) < 0)
		return r->err->code;
	return klp_build_path_check(r->tree.build,
				    "move the build to another directory, or end before with "
				    "--stop-after render",
				    r->err);
}

static int open_tree(struct klp_run *r)
{
	const struct klp_tree_opts where = {
		.ipa_dumps = r->opts->ipa_dumps,
		.build = r->opts->build,
		.source = r->opts->source,
		.jobs = r->jobs,
		.no_exports = r->opts->stop_after <= KLP_STAGE_CHECK, /* for extract and later */
	};

	if (klp_tree_open(r->arena, &where, &r->tree, r->err) < 0)
		return r->err->code;
	return check_paths(r);
}

static int ask(struct klp_run *r, const struct klp_strs *questions, struct klp_changes *ret)
{
	const struct klp_ask_opts opts = { *questions, r->jobs, &r->opts->log };

	return klp_ask(r->arena, &r->tree, &opts, ret, &r->report->findings, r->err);
}

/* As if a fix changed them: that needs no source and no compiler. */
static int run_ask(struct klp_run *r)
{
	if (open_tree(r) < 0 || ask(r, &r->opts->functions, &r->report->changed) < 0)
		return r->err->code;
	return klp_tree_check(r->arena, &r->tree, NULL, &r->report->findings, r->err);
}

static int detect_fix(struct klp_run *r)
{
	const struct klp_detect_opts opts = {
		.patches = r->patches,
		.jobs = r->jobs,
		.workdir = klp__run_workdir(r, "detect"),
		.log = &r->opts->log,
		.shadows = r->opts->shadows,
		.unpatched = !r->opts->no_proof && r->opts->stop_after >= KLP_STAGE_EXTRACT,
	};

	if (!r->patches.n)
		return 0;
	if (klp_mkdirs(opts.workdir, r->err) < 0)
		return r->err->code;
	if (klp_detect(r->arena, &r->tree, &opts, &r->detected, &r->report->findings, r->err) < 0)
		klp__base_blame(r);
	return r->err->code;
}

static int detect_named(struct klp_run *r)
{
	const struct klp_detect_opts opts = {
		.jobs = r->jobs,
		.workdir = klp__run_workdir(r, "named"),
		.log = &r->opts->log,
	};
	struct klp_changes asked = {};

	if (!r->opts->named.n)
		return 0;
	if (klp_mkdirs(opts.workdir, r->err) < 0 || ask(r, &r->opts->named, &asked) < 0)
		return r->err->code;
	return klp_detect_named(r->arena, &asked, &opts, &r->detected, &r->report->findings,
				r->err);
}

static int run_detect(struct klp_run *r)
{
	struct klp_report *report = r->report;

	if (r->opts->functions.n)
		return run_ask(r);
	if (open_tree(r) < 0 || detect_fix(r) < 0 || detect_named(r) < 0)
		return r->err->code;
	report->changed = r->detected.changes;
	report->shadows = r->detected.shadows;
	/* Which compiler made the kernel is known from the commands of the touched units. */
	return klp_tree_check(r->arena, &r->tree,
			      r->detected.units.n ? r->detected.units.v[0] : NULL,
			      &report->findings, r->err);
}

static int run_closure(struct klp_run *r)
{
	struct klp_closure_opts opts = {
		.jobs = r->jobs,
		.workdir = klp__units_dir(r),
		.views = &r->detected.views,
		.no_proof = r->opts->no_proof,
		.policy = &r->policy,
		.log = &r->opts->log,
	};

	if (klp_mkdirs(opts.workdir, r->err) < 0)
		return r->err->code;
	klp__fidelity_begin(r);
	if (r->ahead) {
		opts.compiled = klp__fidelity_unit;
		opts.ctx = r->ahead;
	}
	return klp_closure_run(r->arena, &r->tree, &r->report->changed, &opts, &r->report->closure,
			       &r->report->findings, r->err);
}

static int run_check(struct klp_run *r)
{
	return klp_check(r->arena, &r->tree, &r->report->changed, &r->symtabs, &r->report->closure,
			 &r->report->findings, r->err);
}

static bool has_pointers(const struct klp_run *r)
{
	if (r->opts->layout == KLP_LAYOUT_SUSE)
		return true;
	if (r->opts->externs != KLP_EXTERNS_DEFAULT)
		return r->opts->externs == KLP_EXTERNS_KALLSYMS;
	return r->base && klp_plan_has(r->base, KLP_HOW_KALLSYMS);
}

static int extract(struct klp_run *r, const struct klp_extract_opts *opts)
{
	struct klp_report *report = r->report;

	if (klp_extract(r->arena, &r->tree, &report->closure, opts, &report->plan,
			&report->findings, r->err) < 0)
		return r->err->code;
	klp__accept(r);
	return 0;
}

static int run_extract(struct klp_run *r)
{
	const struct klp_extract_opts opts = {
		.name = r->report->name,
		.after = &r->detected.after,
		.views = &r->detected.views,
		.symtabs = &r->symtabs,
		.pointers = has_pointers(r),
		.policy = &r->policy,
		/* a module of that tree holds several livepatches */
		.link_prefix = r->opts->layout == KLP_LAYOUT_SUSE
				       ? klp_sprintf(r->arena, "klpe_%s", r->report->name)
				       : NULL,
		.workdir = klp__units_dir(r),
		.written = r->ahead ? klp__fidelity_shipped : NULL,
		.ctx = r->ahead,
		.jobs = r->jobs,
		.log = &r->opts->log,
	};
	struct klp_report *report = r->report;
	struct klp_closure original = klp__closure_copy(r->arena, &report->closure);

	if (klp_mkdirs(opts.workdir, r->err) < 0)
		return r->err->code;
	if (!r->ahead)
		return extract(r, &opts);
	klp__fidelity_units(r->ahead, &original);
	if (extract(r, &opts) == 0 && !klp_findings_refuse(&report->findings)) {
		klp_stage_progress(&r->opts->log, KLP_STAGE_EXTRACT, "proof");
		klp__fidelity(r->arena, &r->tree, &original, &opts, &report->plan, r->ahead,
			      &report->fidelity, &report->findings, r->err);
	}
	klp__fidelity_end(r);
	return r->err->code;
}

static char *suse_dir(struct klp_run *r)
{
	return klp__run_workdir(r, "suse");
}

static int run_render(struct klp_run *r)
{
	struct klp_plan *plan = &r->report->plan;

	plan->decisions = r->report->decisions;
	if (klp_around(r->arena, &r->around, plan, &r->report->findings, r->err) < 0 ||
	    klp__base_callbacks(r) < 0 || klp__base_keep_fixes(r) < 0 || klp__policy_keep(r) < 0 ||
	    klp_render(r->arena, plan, r->rendered, r->err) < 0 || klp__base_record(r) < 0)
		return r->err->code;
	if (klp__plan_write(r) < 0)
		return r->err->code;
	if (r->opts->layout != KLP_LAYOUT_SUSE)
		return 0;
	if (klp_mkdirs(suse_dir(r), r->err) < 0)
		return r->err->code;
	return klp_render_suse(r->arena, plan, suse_dir(r), r->err);
}

static int run_build(struct klp_run *r)
{
	const struct klp_build_opts opts = { r->rendered, klp__run_workdir(r, "build"), r->jobs,
					     &r->opts->log };

	if (klp_build(r->arena, &r->tree, &r->report->plan, &opts, &r->plain, &r->report->findings,
		      r->err) < 0)
		return r->err->code;
	return r->plain ? klp_around_built(r->arena, &r->report->plan, r->plain,
					   &r->report->findings, r->err)
			: 0;
}

static int run_convert(struct klp_run *r)
{
	struct klp_convert_opts opts = { .plan = &r->report->plan, .tree = &r->tree };
	struct klp_convert_stats stats = {};

	if (klp_convert(r->arena, r->plain, klp_path_join(r->arena, r->rendered, ko_name(r)), &opts,
			&stats, r->err) < 0)
		return r->err->code;
	klp_log(&r->opts->log, KLP_LOG_DEBUG, "convert: %u symbols, %u relocations, %zu sections",
		stats.symbols, stats.relocations, stats.sections.n);
	return klp__plan_annotated(r, &stats.annotated);
}

static int run_verify(struct klp_run *r)
{
	const struct klp_verify_opts opts = { &r->tree, &r->symtabs, &r->report->plan };
	struct klp_livepatch livepatch = {};

	if (klp_verify(r->arena, klp_path_join(r->arena, r->rendered, ko_name(r)), &opts,
		       &livepatch, &r->report->findings, r->err) < 0)
		return r->err->code;
	return klp__base_compare(r, &livepatch);
}

static int (*const stages[KLP_NSTAGES])(struct klp_run *) = {
	[KLP_STAGE_DETECT] = run_detect,   [KLP_STAGE_CLOSURE] = run_closure,
	[KLP_STAGE_CHECK] = run_check,	   [KLP_STAGE_EXTRACT] = run_extract,
	[KLP_STAGE_RENDER] = run_render,   [KLP_STAGE_BUILD] = run_build,
	[KLP_STAGE_CONVERT] = run_convert, [KLP_STAGE_VERIFY] = run_verify,
};

/* Data, for instance, that the fix changes though it edits no function. */
static bool has_warning(const struct klp_findings *findings)
{
	for (size_t i = 0; i < findings->n; i++)
		if (findings->v[i].severity != KLP_NOTE || findings->v[i].accepted)
			return true;
	return false;
}

/* Nothing to livepatch is no refusal: the fix is without effect on this kernel. */
static bool is_nothing_to_do(struct klp_run *r, enum klp_stage stage)
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
				"no function of the running kernel %s: it is unused, %s",
				r->patches.n ? "contains code that the fix changes"
					     : "contains code of what was asked for",
				report->closure.proof.compiled_units
					? "or gone after boot"
					: "gone after boot, or one with an equal function");
		return true;
	}
	return false;
}

/*
 * A refused fix is followed as far as the questions go that can still be answered: one run
 * says all that is wrong with it, and what would have to be patched.
 */
static bool is_last_question(const struct klp_run *r, enum klp_stage stage)
{
	return stage >= KLP_STAGE_CHECK || (!r->detected.views.n && !r->report->changed.n);
}

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static int run_stages(struct klp_run *r)
{
	struct klp_report *report = r->report;

	for (int i = 0; i <= (int)r->opts->stop_after; i++) {
		enum klp_stage stage = (enum klp_stage)i;
		double start = now_ms();

		r->err->stage = klp_stage_name(stage);
		klp_stage_progress(&r->opts->log, stage, NULL);
		if (stages[stage](r) < 0)
			return r->err->code;
		report->ms[stage] = now_ms() - start;
		report->last = stage;
		klp_log(&r->opts->log, KLP_LOG_DEBUG, "%s: %.0f ms", klp_stage_name(stage),
			report->ms[stage]);
		klp__accept(r);
		if (klp__keep(r, stage) < 0)
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
static void say_what_is_unproven(struct klp_run *r)
{
	struct klp_report *report = r->report;
	struct klp_finding *f;

	if (report->last < KLP_STAGE_CLOSURE || report->refused || report->nothing_to_do)
		return;
	if (r->opts->named.n) {
		f = klp_finding_add(r->arena, &report->findings, KLP_NOTE, "KLP-NO-PROOF",
				    "hidden dependencies on the functions that were asked for are "
				    "not checked: what an edit will change isn't known yet");
		f->hint =
			"make the edit in the kernel's source, too, and run klp-prep --patch with "
			"the diff and --stop-after closure: it compares the machine code, and "
			"should name the same functions to patch";
	} else if (!report->closure.proof.compiled_units) {
		f = klp_finding_add(
			r->arena, &report->findings, KLP_NOTE, "KLP-NO-PROOF",
			"hidden dependencies are not checked: the patch set follows the IPA "
			"dumps, which can miss symbols");
		f->hint = klp_sprintf(
			r->arena,
			"GCC may have compiled callers by what it knew of a changed function (it "
			"has no side effect, it always returns) without a line in the dump: %s",
			r->opts->functions.n ? "ask with --patch when there is a fix"
					     : "run again without --no-proof");
	}
}

static int write_output(struct klp_run *r)
{
	struct klp_report *report = r->report;
	const char *from = r->rendered;
	const char *json;

	say_what_is_unproven(r);
	klp__policy_finish(r);
	if (r->opts->no_output)
		return 0;
	if (report->refused || report->nothing_to_do)
		from = klp__run_workdir(r, "report");
	else if (r->opts->layout == KLP_LAYOUT_SUSE && report->last >= KLP_STAGE_RENDER)
		from = suse_dir(r);
	else if (report->last >= KLP_STAGE_CONVERT)
		report->module = klp_path_join(r->arena, r->output, ko_name(r));
	json = klp_report_json(r->arena, report);
	if (klp_mkdirs(from, r->err) < 0 ||
	    klp_render_shadows(r->arena, &report->shadows, from, r->err) < 0 ||
	    klp_file_write(klp_path_join(r->arena, from, "report.json"), json, strlen(json),
			   r->err) < 0 ||
	    klp__review_write(r, from) < 0 ||
	    klp__output_install(r->arena, from, r->output, r->err) < 0)
		return r->err->code;
	report->output = r->output;
	return 0;
}

int klp_run(struct klp_arena *arena, const struct klp_run_opts *opts, struct klp_report *ret,
	    struct klp_error *err)
{
	struct klp_report report = {};
	struct klp_run r = { .arena = arena, .opts = opts, .report = &report, .err = err };

	klp_symtabs_init(&r.symtabs, arena);
	if (klp__run_prepare(&r) < 0 || run_stages(&r) < 0 || write_output(&r) < 0)
		klp__run_rename_stdin(&r);
	else
		*ret = report;
	klp__fidelity_end(&r);
	if (r.workdir)
		klp_rmtree(r.workdir);
	return err->code;
}
