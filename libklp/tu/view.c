// SPDX-License-Identifier: GPL-2.0-or-later
#include "tu/view.h"

#include <string.h>

#include "base/file.h"

/* Each view is two jobs, so that two cores work on one unit: 2 * i preprocesses, 2 * i + 1 parses.
 */
struct job {
	struct klp_arena *arena;
	struct klp_view *view;
	const char *workdir;
	struct klp_error err;
	int status;	     /* of the preprocessor */
	const char *message; /* its first line */
	struct klp_tu_problem problem;
};

static void preprocess(struct job *job)
{
	struct klp_view *view = job->view;
	const struct klp_unit *unit = view->unit;
	struct klp_cc_job cc = {
		.unit = unit,
		.mode = KLP_CC_PREPROCESS_NEUTRAL,
		.overlay = view->overlay,
	};
	struct klp_proc_result result;

	if (view->overlay)
		cc.source = klp_path_join(job->arena, view->overlay->dir, unit->source);
	if (klp_cc_run(job->arena, &cc, &result, &job->err) < 0)
		return;
	job->status = result.status;
	if (result.status) {
		char *line = strstr(result.err, "error:");

		line = line ? line : result.err;
		line[strcspn(line, "\n")] = '\0';
		job->message = line;
		return;
	}
	if (klp_ctok_preprocessed(job->arena, unit->source, result.out, result.out_len, &view->toks,
				  &job->err) < 0)
		return;
	klp_cdecl_split(job->arena, &view->toks, &view->cdecls, &job->err);
}

static void run_job(void *ctx, size_t i)
{
	struct job *job = &((struct job *)ctx)[i];

	if (i % 2 == 0)
		preprocess(job);
	else
		klp_tu_parse(job->arena, job->view->unit, job->view->overlay, job->workdir,
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

static bool is_own(const struct klp_view *view, const char *file)
{
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
		klp_map_put(&view->functions, d->name, d);
		seen = klp_tu_find(&view->tu, d->name);
		if ((!seen || !seen->definition) && is_own(view, klp_view_file(arena, view, d)))
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
	klp_map_init(&view->functions, arena);
	if (pre->err.code || parse->err.code) {
		if (!err->code)
			*err = pre->err.code ? pre->err : parse->err;
		return err->code;
	}
	if (pre->status)
		report_preprocess(arena, pre, findings);
	else if (parse->problem.text)
		report_parse(arena, parse, findings);
	else
		cross_check(arena, view, findings);
	return 0;
}

int klp_views_load(struct klp_arena *arena, struct klp_view *requests, size_t n, unsigned int jobs,
		   const char *workdir, struct klp_findings *findings, struct klp_error *err)
{
	struct job *all = klp_alloc_array(arena, 2 * n, sizeof(*all));
	int rc = 0;

	for (size_t i = 0; i < 2 * n; i++) {
		char *dir = klp_sprintf(arena, "%s/view-%zu", workdir, i / 2);

		if (klp_mkdirs(dir, err) < 0)
			return err->code;
		all[i] = (struct job){
			.arena = klp_arena_new(),
			.view = &requests[i / 2],
			.workdir = dir,
		};
	}
	klp_parallel(2 * n, jobs, run_job, all);
	for (size_t i = 0; i < n; i++)
		if (settle(arena, &all[2 * i], &all[2 * i + 1], findings, err) < 0)
			rc = err->code;
	return rc;
}

struct klp_view *klp_views_get(const struct klp_views *views, const struct klp_unit *unit)
{
	for (size_t i = 0; i < views->n; i++)
		if (views->v[i]->unit == unit)
			return views->v[i];
	return NULL;
}
