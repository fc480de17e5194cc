// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The order of the fidelity proof: what extract did is done again without the fix, and prove
 * compares it with the unit.
 */
#include "prove/prove.h"
#include "run/private.h"

struct klp_closure klp__closure_copy(struct klp_arena *arena, const struct klp_closure *closure)
{
	struct klp_closure copy = *closure;

	copy.patch = (struct klp_patched_vec){};
	copy.copied = (struct klp_copied_vec){};
	for (size_t i = 0; i < closure->patch.n; i++)
		klp_vec_push(arena, &copy.patch, closure->patch.v[i]);
	for (size_t i = 0; i < closure->copied.n; i++)
		klp_vec_push(arena, &copy.copied, closure->copied.v[i]);
	return copy;
}

/* Of what only the data explain, the verdict is found with them. */
static int with_data(struct klp_arena *arena, struct klp_tree *tree,
		     const struct klp_closure *closure, const struct klp_extract_opts *extract,
		     const struct klp_prove_opts *opts, struct klp_fidelities *list,
		     struct klp_error *err)
{
	struct klp_closure again = klp__closure_copy(arena, closure);
	struct klp_extract_opts how = *extract;
	struct klp_findings ignored = {}; /* said of the text without them */
	struct klp_plan data = {};

	how.unpatched = how.data = true;
	how.written = how.ready = NULL;
	how.pointers = false;
	if (klp_extract(arena, tree, &again, &how, &data, &ignored, err) < 0)
		return err->code;
	return klp_prove_data(arena, &data, opts, list, err);
}

char *klp__units_dir(struct klp_run *r)
{
	return klp__run_workdir(r, "units");
}

void klp__fidelity_begin(struct klp_run *r)
{
	const struct klp_prove_opts opts = {
		.workdir = klp__units_dir(r),
		.views = &r->detected.views,
		.jobs = r->jobs,
		.log = &r->opts->log,
	};

	if (!r->opts->no_proof && r->opts->stop_after >= KLP_STAGE_EXTRACT)
		r->ahead = klp_prove_ahead_new(r->arena, &opts);
}

void klp__fidelity_end(struct klp_run *r)
{
	if (r->ahead)
		klp_prove_ahead_end(r->ahead);
	r->ahead = NULL;
}

void klp__fidelity_unit(void *ctx, struct klp_unit *unit)
{
	klp_prove_ahead_unit(ctx, unit);
}

void klp__fidelity_units(struct klp_prove_ahead *ahead, const struct klp_closure *closure)
{
	for (size_t i = 0; i < closure->patch.n; i++)
		klp_prove_ahead_unit(ahead, closure->patch.v[i].unit);
}

void klp__fidelity_shipped(void *ctx, const struct klp_plan_source *source)
{
	klp_prove_ahead_shipped(ctx, source);
}

static void begin_tokens(void *ctx, const struct klp_plan_source *source)
{
	klp_prove_ahead_text(ctx, source);
}

static void begin_alone(void *ctx, const struct klp_plan_source *source)
{
	klp_prove_ahead_alone(ctx, source);
}

int klp__fidelity(struct klp_arena *arena, struct klp_tree *tree, const struct klp_closure *closure,
		  const struct klp_extract_opts *extract, const struct klp_plan *plan,
		  struct klp_prove_ahead *ahead, struct klp_fidelities *ret,
		  struct klp_findings *findings, struct klp_error *err)
{
	const struct klp_prove_opts opts = { extract->workdir, extract->views, extract->jobs,
					     extract->log, ahead };
	struct klp_closure unpatched = klp__closure_copy(arena, closure);
	struct klp_extract_opts how = *extract;
	struct klp_findings said = {};
	struct klp_plan original = {};

	/* pointers make other code of the same text; what they stand for is compared */
	how.unpatched = true;
	how.written = begin_tokens;
	how.ready = begin_alone;
	how.ctx = ahead;
	how.pointers = false;
	if (klp_extract(arena, tree, &unpatched, &how, &original, &said, err) < 0)
		return err->code;
	klp_prove_unknown(arena, &said, findings);
	if (klp_prove(arena, plan, &original, &unpatched, &opts, ret, findings, err) < 0)
		return err->code;
	if (klp_prove_differs(ret) && with_data(arena, tree, closure, extract, &opts, ret, err) < 0)
		return err->code;
	klp_prove_findings(arena, ret, findings);
	return 0;
}
