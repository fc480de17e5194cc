// SPDX-License-Identifier: GPL-2.0-or-later
/* Views, made side by side. */
#include <pthread.h>
#include <string.h>

#include "base/file.h"
#include "tu/flags.h"
#include "tu/lend.h"
#include "tu/view.h"

/* Of one unit, for all its views. */
struct common {
	const struct klp_unit *unit;
	KLP_VEC(, const struct klp_overlay *) overlays;
	const char *workdir;
	char *preamble;
	bool apart; /* its headers are read apart: a view's tokens are there quickly, and help to
		       parse it */
	/* of the three jobs */
	struct klp_arena *arenas[3];
	struct klp_error errs[3];
};

/*
 * Of a view: all[2 * i] preprocesses, all[2 * i + 1] parses. What may turn out to need no parse
 * waits until all else is done.
 */
struct job {
	struct klp_arena *arena;
	struct klp_view *view;
	const struct common *common;
	struct klp_error err;
	const char *message; /* of a preprocessor that failed */
	struct klp_tu_problem problem;
	bool done;
};

/* ---- what the views of a unit have in common -------------------------------------------- */

static void run_common(void *ctx, size_t i)
{
	static const enum klp_cc_mode modes[] = { KLP_CC_PREPROCESS_CODE,
						  KLP_CC_PREPROCESS_NEUTRAL };
	struct common *c = (struct common *)ctx + i / 3;
	struct klp_error *err = &c->errs[i % 3];
	bool apart;

	if (i % 3 == 2)
		klp_tu_preamble(c->arenas[2], c->unit, c->workdir, c->overlays.v, c->overlays.n,
				&c->preamble, err);
	else if (klp_cc_heads_read(c->unit, c->overlays.v[0], modes[i % 3], &apart, err) == 0 &&
		 i % 3 == 0)
		c->apart = apart;
}

/* One for each unit, in all[]; of each view in requests[] in of[]. */
static int load_common(struct klp_arena *arena, const struct klp_view *requests, size_t n,
		       unsigned int jobs, const char *workdir, struct common *all,
		       struct common **of, struct klp_error *err)
{
	size_t units = 0;

	for (size_t i = 0; i < n; i++) {
		struct common *c = all;

		while (c < all + units && c->unit != requests[i].unit)
			c++;
		of[i] = c;
		klp_vec_push(arena, &c->overlays, requests[i].overlay);
		if (c < all + units)
			continue;
		units++;
		c->unit = requests[i].unit;
		c->workdir = klp_sprintf(arena, "%s/view-%zu", workdir, i);
		for (size_t k = 0; k < 3; k++) {
			c->arenas[k] = klp_arena_new();
			klp_arena_adopt(arena, c->arenas[k]);
		}
		if (klp_mkdirs(c->workdir, err) < 0)
			return err->code;
	}
	klp_parallel(3 * units, jobs, run_common, all);
	for (size_t i = 0; i < 3 * units && !err->code; i++)
		*err = all[i / 3].errs[i % 3];
	return err->code;
}

/* ---- a view ----------------------------------------------------------------------------- */

static void mismatch(struct klp_arena *arena, const struct klp_view *view, const char *function,
		     const char *who, struct klp_findings *findings)
{
	struct klp_finding *f = klp_finding_add(arena, findings, KLP_ERROR, "KLP-PARSE-MISMATCH",
						"only %s sees a definition of '%s' in '%s'", who,
						function, view->unit->source);

	f->symbol = function;
	f->file = view->unit->source;
	f->hint =
		"libclang and the recorded compiler read this unit differently, so nothing that "
		"follows could be trusted: try another libclang (make LLVM_CONFIG=llvm-config-19) "
		"and report the construct";
}

/* The two must agree on which functions the own files define. */
static void cross_check(struct klp_arena *arena, struct klp_view *view,
			struct klp_findings *findings)
{
	size_t found = findings->n;

	for (size_t i = 0; i < view->cdecls.n; i++) {
		struct klp_cdecl *d = &view->cdecls.v[i];
		const struct klp_tu_decl *seen;

		if (d->kind != KLP_CDECL_FUNCTION)
			continue;
		seen = klp_tu_find(&view->tu, d->name);
		if ((!seen || !seen->definition) &&
		    klp_view_owns(view, klp_view_file(arena, view, d)))
			mismatch(arena, view, d->name, "the recorded compiler", findings);
	}
	for (size_t i = 0; i < view->tu.decls.n; i++) {
		const struct klp_tu_decl *d = &view->tu.decls.v[i];

		if (d->kind == KLP_TU_FUNCTION && d->definition &&
		    !klp_map_get(&view->functions, d->name))
			mismatch(arena, view, d->name, "libclang", findings);
	}
	view->loaded = findings->n == found;
}

static void report_preprocess(struct klp_arena *arena, const struct job *job,
			      struct klp_findings *findings)
{
	const struct klp_unit *unit = job->view->unit;
	struct klp_finding *f =
		klp_finding_add(arena, findings, KLP_ERROR, "KLP-PREPROCESS",
				"'%s' can't be preprocessed by its recorded command: %s",
				unit->source, job->message);

	f->file = unit->source;
	f->hint = "the fix must fit this source and this build: check --source, the diff, and that "
		  "the headers it includes exist";
}

static void report_parse(struct klp_arena *arena, const struct job *job,
			 struct klp_findings *findings)
{
	struct klp_finding *f =
		klp_finding_add(arena, findings, KLP_ERROR, "KLP-PARSE",
				"libclang %s can't parse '%s': %s", klp_tu_version(arena),
				job->view->unit->source, job->problem.text);

	f->file = job->problem.file;
	f->line = job->problem.line;
	f->hint = "if gcc compiles this, try another libclang (make LLVM_CONFIG=llvm-config-19); "
		  "otherwise the fix doesn't fit this source";
}

static int settle(struct klp_arena *arena, struct job *pre, struct job *parse,
		  struct klp_findings *findings, struct klp_error *err)
{
	struct klp_view *view = pre->view;

	klp_arena_adopt(arena, pre->arena);
	klp_arena_adopt(arena, parse->arena);
	if (pre->err.code || parse->err.code) {
		if (!err->code)
			*err = pre->err.code ? pre->err : parse->err;
		return err->code;
	}
	if (pre->message)
		report_preprocess(arena, pre, findings);
	else if (parse->problem.text)
		report_parse(arena, parse, findings);
	else
		cross_check(arena, view, findings);
	return 0;
}

/* ---- the jobs --------------------------------------------------------------------------- */

/* The job that parses the fixed version of a waiting one; NULL where that has failed. */
static const struct job *lender(const struct job *all, size_t n, const struct klp_view *fixed)
{
	for (size_t i = 0; i < n; i++)
		if (all[2 * i].view == fixed)
			return all[2 * i].err.code || all[2 * i].message ||
					       all[2 * i + 1].err.code ||
					       all[2 * i + 1].problem.text
				       ? NULL
				       : &all[2 * i + 1];
	return NULL;
}

/* Those that wait are lent a tu, or must be parsed after all: true when one must be. */
static bool settle_waiting(struct klp_arena *arena, struct job *all, size_t n)
{
	bool again = false;

	for (size_t i = 0; i < n; i++) {
		struct job *tokens = &all[2 * i], *parse = tokens + 1;
		const struct job *from = lender(all, n, tokens->view->fixed);

		if (parse->done || tokens->err.code || tokens->message)
			continue;
		if (from && klp_view__may_lend(arena, from->view, parse->view)) {
			parse->view->tu = from->view->tu;
			continue;
		}
		parse->view->fixed = NULL;
		again = true;
	}
	return again;
}

/* One job, or a view's two. */
struct task {
	struct job *tokens, *parse;
};
KLP_VEC(tasks, struct task);

/*
 * Of two views, which are most often those of one unit, both are parsed first, for that takes
 * longest; unless it takes less with their tokens.
 */
static void plan(struct klp_arena *arena, struct job *all, size_t n, struct tasks *tasks)
{
	for (size_t pair = 0; pair < n; pair += 2) {
		struct job *jobs = &all[2 * pair];
		size_t views = n - pair < 2 ? 1 : 2;

		for (size_t i = 0; i < views; i++) {
			bool apart = jobs[2 * i].common->apart;

			klp_vec_push(arena, tasks,
				     (struct task){ apart ? &jobs[2 * i] : NULL,
						    &jobs[2 * i + 1] });
		}
		for (size_t i = 0; i < views; i++)
			if (!jobs[2 * i].common->apart)
				klp_vec_push(arena, tasks, (struct task){ &jobs[2 * i], NULL });
	}
}

static void run_tokens(struct job *job)
{
	job->done = true;
	klp_view_tokens(job->arena, job->view, &job->message, &job->err);
}

static void run_parse(struct job *job, const struct klp_ctoks *toks)
{
	job->done = true;
	klp_tu_parse(job->arena, job->view->unit, job->view->overlay, job->common->preamble, toks,
		     &job->view->tu, &job->problem, &job->err);
}

static void run_task(void *ctx, size_t i)
{
	const struct task *task = &((const struct tasks *)ctx)->v[i];
	struct job *tokens = task->tokens, *parse = task->parse;

	if (tokens && !tokens->done)
		run_tokens(tokens);
	if (!parse || parse->done || parse->view->fixed)
		return;
	if (!tokens)
		run_parse(parse, NULL);
	else if (!tokens->err.code && !tokens->message)
		run_parse(parse, &tokens->view->toks);
}

int klp_views_load(struct klp_arena *arena, struct klp_view *requests, size_t n, unsigned int jobs,
		   const char *workdir, struct klp_findings *findings, struct klp_error *err)
{
	struct common *commons = klp_alloc_array(arena, n, sizeof(*commons));
	struct common **of = klp_alloc_array(arena, n, sizeof(*of));
	struct job *all = klp_alloc_array(arena, 2 * n, sizeof(*all));
	struct tasks tasks = {};
	int rc = 0;

	if (load_common(arena, requests, n, jobs, workdir, commons, of, err) < 0)
		return err->code;
	for (size_t i = 0; i < 2 * n; i++)
		all[i] = (struct job){
			.arena = klp_arena_new(),
			.view = &requests[i / 2],
			.common = of[i / 2],
		};
	plan(arena, all, n, &tasks);
	klp_parallel(tasks.n, jobs, run_task, &tasks);
	if (settle_waiting(arena, all, n))
		klp_parallel(tasks.n, jobs, run_task, &tasks);
	for (size_t i = 0; i < n; i++)
		if (settle(arena, &all[2 * i], &all[2 * i + 1], findings, err) < 0)
			rc = err->code;
	return rc;
}
