// SPDX-License-Identifier: GPL-2.0-or-later
#include "tu/view.h"

#include <pthread.h>
#include <string.h>

#include "base/file.h"
#include "tu/flags.h"
#include "tu/lend.h"

/* Of one unit, made by whichever of its views is parsed first. */
struct preamble {
	const struct klp_unit *unit;
	KLP_VEC(, const struct klp_overlay *) overlays;
	const char *workdir;
	pthread_mutex_t lock; /* of what follows */
	struct klp_arena *arena;
	char *path;
	struct klp_error err;
};

/*
 * Each view is two jobs, so that two cores work on one unit: 2 * i preprocesses, 2 * i + 1 parses.
 * What may turn out to need no parse waits until all else is done.
 */
struct job {
	struct klp_arena *arena;
	struct klp_view *view;
	struct preamble *preamble;
	struct klp_error err;
	const char *message; /* of a preprocessor that failed */
	struct klp_tu_problem problem;
	bool done;
};

/* A file that was read where the overlay has another version of it, or NULL. */
static const char *read_past_overlay(struct klp_arena *arena, const struct klp_view *view)
{
	const struct klp_unit *unit = view->unit;
	struct klp_map originals;

	klp_map_init(&originals, arena);
	for (size_t i = 0; i < view->overlay->files.n; i++) {
		const char *file = view->overlay->files.v[i];

		klp_map_put(&originals, klp_path_join(arena, unit->source_root, file),
			    (void *)file);
	}
	for (size_t i = 0; i < view->toks.files.n; i++) {
		const char *path = klp_path_join(arena, unit->cwd, view->toks.files.v[i]);
		const char *file = klp_map_get(&originals, klp_path_clean(arena, path));

		/* [0] is the name that was given, not one that was read */
		if (file && i)
			return file;
	}
	return NULL;
}

int klp_view_tokens(struct klp_arena *arena, struct klp_view *view, const char **ret_message,
		    struct klp_error *err)
{
	const struct klp_unit *unit = view->unit;
	struct klp_cc_job cc = {
		.unit = unit,
		.mode = KLP_CC_PREPROCESS_NEUTRAL,
		.overlay = view->overlay,
	};
	struct klp_proc_result result;
	const char *past;

	*ret_message = NULL;
	if (view->overlay)
		cc.source = klp_path_join(arena, view->overlay->dir, unit->source);
	if (klp_cc_tokens(arena, &cc, unit->source, &view->toks, &view->cdecls, &result, err) < 0)
		return err->code;
	if (result.status) {
		char *line = strstr(result.err, "error:");

		line = line ? line : result.err;
		line[strcspn(line, "\n")] = '\0';
		*ret_message = line;
		return 0;
	}
	klp_map_init(&view->functions, arena);
	for (size_t i = 0; i < view->cdecls.n; i++)
		if (view->cdecls.v[i].kind == KLP_CDECL_FUNCTION)
			klp_map_put(&view->functions, view->cdecls.v[i].name, &view->cdecls.v[i]);
	past = view->overlay ? read_past_overlay(arena, view) : NULL;
	if (past)
		*ret_message = klp_sprintf(arena,
					   "error: it is included by a path that leads past "
					   "the fixed version of '%s'",
					   past);
	return 0;
}

static const char *preamble_of(struct job *job)
{
	struct preamble *p = job->preamble;

	pthread_mutex_lock(&p->lock);
	if (!p->path && !p->err.code)
		klp_tu_preamble(p->arena, p->unit, p->workdir, p->overlays.v, p->overlays.n,
				&p->path, &p->err);
	pthread_mutex_unlock(&p->lock);
	if (p->err.code)
		job->err = p->err;
	return p->path;
}

/*
 * The job that is begun as the i-th of 2 * n: of two views, which are most often those of one unit,
 * both are parsed first, for that takes longest.
 */
static size_t in_order(size_t i, size_t n)
{
	size_t pair = i / 4 * 2, views = n - pair < 2 ? 1 : 2, at = i % 4;

	return at < views ? 2 * (pair + at) + 1 : 2 * (pair + at - views);
}

struct round {
	struct job *all;
	size_t n; /* of views */
};

static void run_job(void *ctx, size_t nth)
{
	const struct round *round = ctx;
	size_t i = in_order(nth, round->n);
	struct job *job = &round->all[i];
	const char *preamble;

	if (job->done || (i % 2 && job->view->fixed))
		return;
	job->done = true;
	if (i % 2 == 0) {
		klp_view_tokens(job->arena, job->view, &job->message, &job->err);
		return;
	}
	preamble = preamble_of(job);
	if (preamble)
		klp_tu_parse(job->arena, job->view->unit, job->view->overlay, preamble,
			     &job->view->tu, &job->problem, &job->err);
}

const char *klp_view_file(struct klp_arena *arena, const struct klp_view *view,
			  const struct klp_cdecl *cdecl)
{
	uint32_t file = view->toks.v.v[cdecl->at].file;
	const char *path = view->toks.files.v[file], *below;

	path = klp_path_clean(arena, klp_path_join(arena, view->unit->cwd, path));
	below = view->overlay ? klp_path_below(path, view->overlay->dir) : NULL;
	if (!below)
		below = klp_path_below(path, view->unit->source_root);
	return below ? below : path;
}

bool klp_view_owns(const struct klp_view *view, const char *file)
{
	size_t n = strlen(file);

	/* only the tokens are there */
	if (!view->tu.files.n)
		return n > 2 && !strcmp(file + n - 2, ".c");
	for (size_t i = 0; i < view->tu.files.n; i++)
		if (view->tu.files.v[i].own && !strcmp(view->tu.files.v[i].name, file))
			return true;
	return false;
}

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

/* The preamble of the view's unit, among those of the views before it or a new one. */
static int add_preamble(struct klp_arena *arena, struct preamble *all, size_t i,
			const struct klp_view *view, const char *workdir, struct preamble **ret,
			struct klp_error *err)
{
	struct preamble *p = all;

	while (p < all + i && p->unit != view->unit)
		p++;
	*ret = p;
	if (!p->unit) {
		p->unit = view->unit;
		p->workdir = klp_sprintf(arena, "%s/view-%zu", workdir, i);
		p->arena = klp_arena_new();
		klp_arena_adopt(arena, p->arena);
		pthread_mutex_init(&p->lock, NULL);
	}
	klp_vec_push(arena, &p->overlays, view->overlay);
	return klp_mkdirs(p->workdir, err);
}

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

int klp_views_load(struct klp_arena *arena, struct klp_view *requests, size_t n, unsigned int jobs,
		   const char *workdir, struct klp_findings *findings, struct klp_error *err)
{
	struct preamble *preambles = klp_alloc_array(arena, n, sizeof(*preambles));
	struct job *all = klp_alloc_array(arena, 2 * n, sizeof(*all));
	struct round round = { all, n };
	int rc = 0;

	for (size_t i = 0; i < n; i++) {
		struct preamble *preamble;

		if (add_preamble(arena, preambles, i, &requests[i], workdir, &preamble, err) < 0)
			return err->code;
		for (size_t j = 2 * i; j < 2 * i + 2; j++)
			all[j] = (struct job){
				.arena = klp_arena_new(),
				.view = &requests[i],
				.preamble = preamble,
			};
	}
	klp_parallel(2 * n, jobs, run_job, &round);
	if (settle_waiting(arena, all, n))
		klp_parallel(2 * n, jobs, run_job, &round);
	for (size_t i = 0; i < n; i++) {
		if (preambles[i].unit)
			pthread_mutex_destroy(&preambles[i].lock);
		if (settle(arena, &all[2 * i], &all[2 * i + 1], findings, err) < 0)
			rc = err->code;
	}
	return rc;
}

struct klp_view *klp_views_get(const struct klp_views *views, const struct klp_unit *unit)
{
	for (size_t i = 0; i < views->n; i++)
		if (views->v[i]->unit == unit)
			return views->v[i];
	return NULL;
}
