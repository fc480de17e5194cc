// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * All that the proof compiles and preprocesses, side by side.
 */
#include <string.h>

#include "base/file.h"
#include "cc/cc.h"
#include "prove/private.h"

/*
 * What lets the code of a function depend on that of another one (GCC manual, "Options That
 * Control Optimization"). Warnings are those of the compilation as built.
 */
static const char *const isolation[] = {
	"-fno-inline",
	"-fno-partial-inlining",
	"-fno-ipa-cp",
	"-fno-ipa-sra",
	"-fno-ipa-modref",
	"-fno-ipa-pure-const",
	"-fno-ipa-vrp",
	"-fno-ipa-bit-cp",
	"-fno-ipa-ra",
	"-fno-ipa-icf",
	"-fno-ipa-reference",
	"-fno-ipa-reference-addressable",
	"-fno-ipa-profile",
	"-fno-ipa-stack-alignment",
	"-fno-guess-branch-probability",
	/* who can be called through a pointer begins with ENDBR */
	"-fcf-protection=none",
	"-w",
	KLP_CC_NO_ERRORS,
	NULL,
};

static const char *first_error(struct klp_arena *arena, const struct klp_proc_result *result)
{
	const char *line = strstr(result->err, "error:");

	line = line ? line : result->err;
	return klp_strndup(arena, line, strcspn(line, "\n"));
}

/* source: NULL for the unit itself. */
static void compile_alone(struct klp_prove_task *task, const char *source, const char *output,
			  const char **ret)
{
	struct klp_cc_job job = {
		.unit = task->subject->unpatched->unit,
		.mode = KLP_CC_COMPILE_SECTIONS,
		.source = source,
		.text = source ? klp_cc_lean_beside(task->arena, source)
			       : klp_cc_lean(task->arena, task->subject->unpatched->unit,
					     task->opts->workdir),
		.output = output,
		.more = isolation,
	};
	struct klp_proc_result result;

	if (klp_file_exists(output)) {
		*ret = output;
		return;
	}
	if (klp_mkdirs(klp_path_dir(task->arena, job.output), &task->err) < 0 ||
	    klp_cc_run(task->arena, &job, &result, &task->err) < 0)
		return;
	if (result.status)
		task->trouble = first_error(task->arena, &result);
	else
		*ret = job.output;
}

static void tokens(struct klp_prove_task *task, const struct klp_plan_source *source,
		   struct klp_prove_tokens *ret)
{
	struct klp_cc_job job = {
		.unit = task->subject->unpatched->unit,
		.mode = KLP_CC_PREPROCESS_NEUTRAL,
		.source = source->path,
	};
	struct klp_proc_result result;

	if (klp_cc_tokens(task->arena, &job, source->file, &ret->toks, &ret->decls, &result,
			  &task->err) < 0)
		return;
	if (result.status)
		task->trouble = first_error(task->arena, &result);
}

char *klp_prove__alone_path(struct klp_arena *arena, const char *text)
{
	return klp_sprintf(arena, "%s.alone.o", text);
}

void klp_prove__run(struct klp_prove_task *task)
{
	struct klp_prove_subject *s = task->subject;

	switch (task->kind) {
	case KLP_PROVE_TEXT_ALONE:
		compile_alone(task, s->unpatched->path,
			      klp_prove__alone_path(task->arena, s->unpatched->path), &s->alone);
		break;
	case KLP_PROVE_UNIT_ALONE:
		compile_alone(task, NULL,
			      klp_sprintf(task->arena, "%s/alone/%s", task->opts->workdir,
					  s->unpatched->unit->object),
			      &s->unit_alone);
		break;
	case KLP_PROVE_UNIT_BUILT:
		klp_cc_sectioned(task->arena, s->unpatched->unit, task->opts->workdir,
				 &s->unit_built, &task->err);
		break;
	case KLP_PROVE_TEXT_TOKENS:
		tokens(task, s->unpatched, &s->toks);
		break;
	case KLP_PROVE_SHIPPED_TOKENS:
		if (s->shipped && strcmp(s->shipped->path, s->unpatched->path) != 0)
			tokens(task, s->shipped, &s->shipped_toks);
		break;
	case KLP_PROVE_KINDS:
		break;
	}
}

static void run_task(void *ctx, size_t i)
{
	struct klp_prove_task *task = (struct klp_prove_task *)ctx + i;

	if (!task->opts->ahead || !klp_prove__take(task->opts->ahead, task))
		klp_prove__run(task);
}

int klp_prove__compile(struct klp_arena *arena, struct klp_prove_subject *subjects, size_t n,
		       bool alone, const struct klp_prove_opts *opts, struct klp_error *err)
{
	const unsigned int kinds = alone ? KLP_PROVE_UNIT_ALONE + 1 : KLP_PROVE_KINDS;
	struct klp_prove_task *tasks = klp_alloc_array(arena, n * kinds + 1, sizeof(*tasks));

	for (size_t i = 0; i < n * kinds; i++)
		tasks[i] = (struct klp_prove_task){
			.subject = &subjects[i / kinds],
			.kind = (enum klp_prove_kind)(i % kinds),
			.opts = opts,
			.arena = klp_arena_new(),
		};
	klp_parallel(n * kinds, opts->jobs, run_task, tasks);
	for (size_t i = 0; i < n * kinds; i++) {
		klp_arena_adopt(arena, tasks[i].arena);
		if (tasks[i].err.code && !err->code)
			*err = tasks[i].err;
		if (tasks[i].trouble && !tasks[i].subject->trouble)
			tasks[i].subject->trouble = tasks[i].trouble;
	}
	return err->code;
}
