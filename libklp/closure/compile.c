// SPDX-License-Identifier: GPL-2.0-or-later
/* The unit of a fix, compiled before and after it in the private directory, and compared. */
#include "closure/hidden.h"

#include <stdatomic.h>
#include <string.h>

#include "base/file.h"
#include "base/proc.h"
#include "cc/cc.h"
#include "elf/compare.h"
#include "tu/neutral.h"

static void does_not_compile(struct klp_work *work, const struct klp_proc_result *result)
{
	const char *error = strstr(result->err, "error:");

	error = error ? error : result->err;
	klp_closure__finding(
		work, KLP_ERROR, "KLP-FIX-COMPILE", NULL,
		klp_sprintf(work->arena, "the fixed '%s' doesn't compile: %.*s", work->unit->source,
			    (int)strcspn(error, "\n"), error),
		"the fix must fit this source and this configuration; what it needs from "
		"headers must be there");
}

/* One compilation; several run side by side, each with an arena of its own. */
struct task {
	/* AS_BOTH: the one after the other, for the text that the first finds */
	enum { AS_IT_IS, AS_SHIPPED, AS_BOTH, AS_TOLD } kind;
	struct klp_work *work;
	struct klp_cc_job job; /* for AS_TOLD */
	bool lean;	       /* AS_TOLD, of a text that is yet to be made */
	struct klp_arena *arena;
	struct klp_error err;
	struct klp_proc_result result; /* of AS_TOLD */
	enum klp_rebuild rebuild;      /* of AS_SHIPPED, AS_BOTH */
	char *object;		       /* of AS_IT_IS, AS_BOTH */
	atomic_int *still_compiling;   /* how many others must wait for; or NULL */
};

/* done: as it should be; where something went wrong, others have nothing to begin with. */
static void let_others_begin(struct task *task, bool done)
{
	const struct klp_closure_opts *opts = task->work->opts;

	if (done && opts->compiled && opts->views->n == 1 && task->still_compiling &&
	    atomic_fetch_sub(task->still_compiling, 1) == 1)
		opts->compiled(opts->ctx, task->work->unit);
}

/*
 * The text is lean where that can be made; what the compiler says of it, error or warning, is asked
 * of the source: the fix is yet to be compiled for the first time.
 */
static int run_told(struct task *task)
{
	struct klp_cc_job *job = &task->job;

	if (task->lean) {
		if (klp_cc_make_lean(task->arena, job->unit, job->source, job->overlay,
				     &task->err) < 0)
			return task->err.code;
		job->text = klp_cc_lean_beside(task->arena, job->source);
		job->text_alone = job->warnings = true;
	}
	if (klp_cc_run(task->arena, job, &task->result, &task->err) < 0)
		return task->err.code;
	if (!job->text || (!task->result.status && !task->result.err_len))
		return 0;
	job->text = NULL;
	return klp_cc_run(task->arena, job, &task->result, &task->err);
}

static void run_task(void *ctx, size_t i)
{
	struct task *task = (struct task *)ctx + i;
	const struct klp_work *work = task->work;
	const char *workdir = work->opts->workdir;

	if (task->kind == AS_TOLD) {
		let_others_begin(task, run_told(task) == 0 && !task->result.status);
		return;
	}
	if (task->kind != AS_IT_IS) {
		if (klp_cc_rebuild(task->arena, work->unit, workdir, &task->rebuild, &task->err) <
		    0)
			return;
		let_others_begin(task, task->rebuild != KLP_REBUILD_DIFFERS);
	}
	if (task->kind != AS_SHIPPED)
		klp_cc_sectioned(task->arena, work->unit, workdir, &task->object, &task->err);
}

static int run_tasks(struct klp_work *work, struct task *tasks, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		tasks[i].work = work;
		tasks[i].arena = klp_arena_new();
	}
	klp_parallel(n, work->opts->jobs, run_task, tasks);
	for (size_t i = 0; i < n; i++) {
		klp_arena_adopt(work->arena, tasks[i].arena);
		if (tasks[i].err.code && !work->err->code)
			*work->err = tasks[i].err;
	}
	return work->err->code;
}

/* The unit with the fix, its declarations on their old lines. `overlay` is filled in. */
static int fixed_job(struct klp_work *work, const char *name, struct klp_overlay *overlay,
		     struct klp_cc_job *ret)
{
	const struct klp_view *after = klp_views_get(work->opts->views, work->unit);

	*overlay = (struct klp_overlay){
		.dir = klp_sprintf(work->arena, "%s/neutral/%s", work->opts->workdir,
				   work->unit->object),
	};
	*ret = (struct klp_cc_job){
		.unit = work->unit,
		.mode = KLP_CC_COMPILE_SECTIONS,
		.source = klp_path_join(work->arena, overlay->dir, work->unit->source),
		.overlay = overlay,
		.output = klp_path_join(work->arena, overlay->dir, name),
	};
	return klp_view_neutral(work->arena, after->before, after, overlay, work->err);
}

/* What is compared is what the kernel runs only if this compiler and source give that. */
static void check_environment(struct klp_work *work, enum klp_rebuild rebuild)
{
	if (rebuild == KLP_REBUILD_DIFFERS)
		klp_closure__finding(
			work, KLP_ERROR, "KLP-REBUILD", NULL,
			klp_sprintf(work->arena,
				    "'%s' compiled again by its recorded command is not the object "
				    "that the kernel was built from",
				    work->unit->object),
			"the source, the compiler or the configuration is not what the kernel was "
			"built from, so that nothing proved with them holds for it; give those");
	if (rebuild == KLP_REBUILD_UNKNOWN)
		klp_closure__finding(
			work, KLP_WARNING, "KLP-REBUILD", NULL,
			klp_sprintf(work->arena,
				    "whether '%s' compiled again equals the kernel's object is not "
				    "known: its .cmd file records further steps",
				    work->unit->object),
			"check by hand that the source and the compiler are those of the running "
			"kernel");
}

/* All that the proof compiles; *ret_fixed is NULL when the fixed source doesn't compile. */
static int compile(struct klp_work *work, const char **ret_before, const char **ret_fixed)
{
	/* The longest first: this one runs objtool, too. */
	struct task tasks[] = { { AS_SHIPPED }, { AS_TOLD }, { AS_IT_IS } };
	struct task *shipped = &tasks[0], *fixed = &tasks[1], *before = &tasks[2];
	atomic_int still_compiling = 2;
	struct klp_overlay overlay;
	size_t n = 3;

	shipped->still_compiling = fixed->still_compiling = &still_compiling;

	if (klp_cc_may_be_lean(work->unit)) {
		shipped->kind = AS_BOTH;
		fixed->lean = true;
		before = shipped;
		n = 2;
	}
	if (fixed_job(work, "fixed.o", &overlay, &fixed->job) < 0)
		return work->err->code;
	if (run_tasks(work, tasks, n) < 0)
		return work->err->code;
	/* such a text of the fixed unit is worth what the unit's own is */
	if (fixed->job.text && !klp_cc_lean(work->arena, work->unit, work->opts->workdir)) {
		fixed->job.text = NULL;
		if (klp_cc_run(work->arena, &fixed->job, &fixed->result, work->err) < 0)
			return work->err->code;
	}
	if (fixed->result.status)
		does_not_compile(work, &fixed->result);
	check_environment(work, shipped->rebuild);
	*ret_before = before->object;
	*ret_fixed = fixed->result.status ? NULL : fixed->job.output;
	return 0;
}

/* A unit that is wanted as it is has nothing to be compared with, but its environment. */
static int rebuild(struct klp_work *work)
{
	atomic_int still_compiling = 1;
	struct task task = { AS_SHIPPED, .still_compiling = &still_compiling };

	if (run_tasks(work, &task, 1) < 0)
		return work->err->code;
	check_environment(work, task.rebuild);
	return 0;
}

int klp_closure__compare(struct klp_work *work)
{
	const struct klp_view *after =
		work->opts->views ? klp_views_get(work->opts->views, work->unit) : NULL;
	const char *before, *fixed;

	if (work->opts->no_proof || !after || !work->usable || work->lto)
		return 0;
	if (!after->before)
		return rebuild(work);
	if (compile(work, &before, &fixed) < 0)
		return work->err->code;
	if (!fixed)
		return 0;
	if (klp_compare_objects(work->arena, before, fixed, &work->compare, work->err) < 0 ||
	    klp_symtab_load(work->arena, before, &work->before, work->err) < 0 ||
	    klp_refs_load(work->arena, &work->before, &work->before_refs, work->err) < 0 ||
	    klp_symtab_load(work->arena, fixed, &work->after, work->err) < 0)
		return work->err->code;
	work->compared = true;
	return 0;
}

int klp_closure__compare_unspecialised(struct klp_work *work, const struct klp_compare **ret)
{
	static const char *const off[] = { "-fno-ipa-cp", "-fno-ipa-vrp", "-fno-ipa-bit-cp", NULL };
	struct task tasks[] = { { AS_TOLD }, { AS_TOLD } };
	struct klp_overlay overlay;

	*ret = work->unspecialised;
	if (*ret)
		return 0;
	if (fixed_job(work, "fixed-nocp.o", &overlay, &tasks[1].job) < 0)
		return work->err->code;
	tasks[1].job.more = off;
	tasks[0].job = (struct klp_cc_job){
		.unit = work->unit,
		.mode = KLP_CC_COMPILE_SECTIONS,
		.output = klp_sprintf(work->arena, "%s/sectioned/%s-nocp.o", work->opts->workdir,
				      work->unit->object),
		.more = off,
	};
	if (run_tasks(work, tasks, 2) < 0)
		return work->err->code;
	if (tasks[0].result.status || tasks[1].result.status)
		return 0; /* another compiler, without these options: nothing is known */
	work->unspecialised = klp_new(work->arena, struct klp_compare);
	if (klp_compare_objects(work->arena, tasks[0].job.output, tasks[1].job.output,
				work->unspecialised, work->err) < 0)
		return work->err->code;
	*ret = work->unspecialised;
	return 0;
}
