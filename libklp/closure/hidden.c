// SPDX-License-Identifier: GPL-2.0-or-later
#include "closure/hidden.h"

#include <string.h>

#include "base/file.h"
#include "base/proc.h"
#include "cc/cc.h"
#include "elf/compare.h"
#include "tu/neutral.h"

/* ---- the two objects -------------------------------------------------------------------- */

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
	enum { AS_IT_IS, AS_SHIPPED, AS_TOLD } kind;
	struct klp_work *work;
	struct klp_cc_job job; /* for AS_TOLD */
	struct klp_arena *arena;
	struct klp_error err;
	struct klp_proc_result result; /* of AS_TOLD */
	enum klp_rebuild rebuild;      /* of AS_SHIPPED */
	char *object;		       /* of AS_IT_IS */
};

static void run_task(void *ctx, size_t i)
{
	struct task *task = (struct task *)ctx + i;
	const struct klp_work *work = task->work;
	const char *workdir = work->opts->workdir;

	if (task->kind == AS_TOLD)
		klp_cc_run(task->arena, &task->job, &task->result, &task->err);
	else if (task->kind == AS_SHIPPED)
		klp_cc_rebuild(task->arena, work->unit, workdir, &task->rebuild, &task->err);
	else
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
	struct task tasks[] = { { AS_SHIPPED }, { AS_IT_IS }, { AS_TOLD } };
	const size_t n = sizeof(tasks) / sizeof(*tasks);
	struct klp_overlay overlay;

	if (fixed_job(work, "fixed.o", &overlay, &tasks[2].job) < 0)
		return work->err->code;
	if (run_tasks(work, tasks, n) < 0)
		return work->err->code;
	if (tasks[2].result.status)
		does_not_compile(work, &tasks[2].result);
	check_environment(work, tasks[0].rebuild);
	*ret_before = tasks[1].object;
	*ret_fixed = tasks[2].result.status ? NULL : tasks[2].job.output;
	return 0;
}

/* A unit that is wanted as it is has nothing to be compared with, but its environment. */
static int rebuild(struct klp_work *work)
{
	struct task task = { AS_SHIPPED };

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

/* ---- who relies on whom ----------------------------------------------------------------- */

static bool is_changed(const struct klp_changes *changes, const struct klp_work *work,
		       const char *symbol)
{
	size_t n = klp_ipa_base_len(symbol);

	for (size_t i = 0; i < changes->n; i++)
		if (changes->v[i].unit == work->unit && changes->v[i].kind != KLP_NAMED &&
		    strlen(changes->v[i].function) == n &&
		    !strncmp(changes->v[i].function, symbol, n))
			return true;
	return false;
}

/* What `from` calls, directly or not, is handed to hit() until that says yes. */
static bool calls(struct klp_work *work, const struct klp_sym *from, struct klp_map *seen,
		  bool (*hit)(void *ctx, const struct klp_sym *sym), void *ctx)
{
	if (klp_map_get(seen, from->name))
		return false;
	klp_map_put(seen, from->name, seen);
	for (size_t i = 0; i < work->before_refs.n; i++) {
		const struct klp_ref *r = &work->before_refs.v[i];

		if (!r->from || !r->to || strcmp(r->from->name, from->name) ||
		    r->to->type != STT_FUNC || !klp_sym_defined(r->to))
			continue;
		if (hit(ctx, r->to) || calls(work, r->to, seen, hit, ctx))
			return true;
	}
	return false;
}

struct question {
	struct klp_work *work;
	const struct klp_changes *changes;
	const char *name; /* looked for; NULL: any changed function */
	const char *found;
};

static bool is_answer(void *ctx, const struct klp_sym *sym)
{
	struct question *q = ctx;

	if (q->name ? strcmp(q->name, sym->name) != 0 : !is_changed(q->changes, q->work, sym->name))
		return false;
	q->found = sym->name;
	return true;
}

/* A changed function that `symbol` calls in the old code, directly or not, or NULL. */
static const char *changed_below(struct klp_work *work, const struct klp_changes *changes,
				 const char *symbol)
{
	const struct klp_sym *sym = klp_symtab_function(&work->before, symbol);
	struct question q = { work, changes, NULL, NULL };
	struct klp_map seen;

	klp_map_init(&seen, work->arena);
	return sym && calls(work, sym, &seen, is_answer, &q) ? q.found : NULL;
}

/* A patched function that calls `symbol`, directly or not, or NULL. */
static const char *patched_above(struct klp_work *work, const char *symbol)
{
	for (size_t i = 0; i < work->closure->patch.n; i++) {
		const struct klp_patched *p = &work->closure->patch.v[i];
		const struct klp_sym *sym = p->unit == work->unit
						    ? klp_symtab_function(&work->before, p->symbol)
						    : NULL;
		struct question q = { work, NULL, symbol, NULL };
		struct klp_map seen;

		klp_map_init(&seen, work->arena);
		if (sym && calls(work, sym, &seen, is_answer, &q))
			return p->symbol;
	}
	return NULL;
}

/*
 * Both versions compiled again without what makes a callee rely on its callers (value ranges,
 * known bits, constants: all parts of gcc's ipa-cp). A callee that differs no longer differed
 * only by that: old callers may go on with the old one, new ones need their own.
 */
static int compare_unspecialised(struct klp_work *work, const struct klp_compare **ret)
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

/* ---- each difference -------------------------------------------------------------------- */

static bool share_address(const struct klp_symtab *symtab, const char *a, const char *b)
{
	const struct klp_sym *x = klp_symtab_function(symtab, a);
	const struct klp_sym *y = klp_symtab_function(symtab, b);

	return x && y && x->place == y->place;
}

bool klp_closure__change_alike(const struct klp_work *work, const char *a, const char *b)
{
	return work->compared && klp_difference_find(&work->compare.changed, a) &&
	       klp_difference_find(&work->compare.changed, b) &&
	       share_address(&work->symtab, a, b) && share_address(&work->after, a, b);
}

static bool is_settled_by_alias(const struct klp_work *work, const char *symbol)
{
	const struct klp_sym *sym = klp_symtab_function(&work->symtab, symbol), *other = NULL;

	while (sym && (other = klp_symtab_alias(&work->symtab, sym, other)))
		if (klp_closure_find(work->closure, work->unit, other->name) &&
		    klp_closure__change_alike(work, symbol, other->name))
			return true;
	return false;
}

/* Already patched, copied, or dealt with through its callers. */
static bool is_settled(struct klp_work *work, const char *symbol)
{
	const char *function = klp_closure__source_name(work->arena, symbol);

	if (klp_closure_find(work->closure, work->unit, symbol) || klp_map_get(&work->up, symbol))
		return true;
	for (size_t i = 0; i < work->copied.n; i++)
		if (!strcmp(work->copied.v[i].symbol, function))
			return true;
	return is_settled_by_alias(work, symbol);
}

/* True (and copied) when only the specialisation of a local callee differs. */
static int is_specialisation(struct klp_work *work, const char *symbol, bool *ret)
{
	const struct klp_sym *sym = klp_symtab_function(&work->before, symbol);
	const struct klp_compare *plain;
	const char *caller;

	*ret = false;
	if (!sym || sym->bind != STB_LOCAL)
		return 0;
	caller = patched_above(work, symbol);
	if (!caller)
		return 0;
	if (compare_unspecialised(work, &plain) < 0)
		return work->err->code;
	if (!plain || klp_difference_find(&plain->changed, symbol))
		return 0;
	klp_closure__copy(work, klp_closure__source_name(work->arena, symbol), KLP_COPY_SPECIALISED,
			  caller);
	*ret = true;
	return 0;
}

static const char *first_change(const struct klp_work *work, const struct klp_changes *changes)
{
	for (size_t i = 0; i < changes->n; i++)
		if (changes->v[i].unit == work->unit && changes->v[i].kind != KLP_NAMED)
			return changes->v[i].function;
	return work->unit->source;
}

static int hidden_dependency(struct klp_work *work, const struct klp_changes *changes,
			     const char *symbol, const char *of, const char *why)
{
	const char *below = of ? of : changed_below(work, changes, symbol);
	struct klp_cause cause = { .kind = KLP_REASON_HIDDEN };
	bool specialisation = false;

	if (!below && is_specialisation(work, symbol, &specialisation) < 0)
		return work->err->code;
	if (specialisation)
		return 0;
	cause.of = below ? below : first_change(work, changes);
	cause.evidence =
		klp_sprintf(work->arena, "%s compiled before and after the fix: '%s' differs, %s",
			    work->unit->object, symbol, why);
	return klp_closure__reach(work, symbol, &cause);
}

/*
 * Equal constants are one object in the kernel (gcc's ipa-icf). Who reads the one that the fix
 * changes refers to another object afterwards, and so differs; the rest reads the other one.
 */
static bool is_shared_data(struct klp_work *work, const char *data)
{
	const struct klp_sym *sym = klp_symtab_get(&work->before, data);

	for (size_t i = 0; sym && klp_sym_defined(sym) && i < work->before.n; i++) {
		const struct klp_sym *other = &work->before.v[i];

		if (other != sym && other->type == STT_OBJECT && other->shndx == sym->shndx &&
		    other->value == sym->value)
			return true;
	}
	return false;
}

static int differences(struct klp_work *work, const struct klp_changes *changes)
{
	const struct klp_compare *c = &work->compare;

	for (size_t i = 0; i < c->changed.n; i++) {
		const struct klp_difference *d = &c->changed.v[i];

		klp_strs_add(work->arena, &work->closure->proof.changed_in_object, d->a);
		if (!is_settled(work, d->a) &&
		    hidden_dependency(work, changes, d->a, NULL, d->why) < 0)
			return work->err->code;
	}
	/* Data that can't change at run time and that the fix changes: who reads it is old. */
	for (size_t i = 0; i < c->readers.n; i++) {
		const struct klp_reader *r = &c->readers.v[i];
		const struct klp_difference *data = klp_difference_find(&c->changed_data, r->of);

		if (!data || data->writable || is_shared_data(work, r->of) ||
		    is_settled(work, r->function) ||
		    !klp_symtab_function(&work->before, r->function))
			continue;
		if (hidden_dependency(work, changes, r->function, r->of,
				      klp_sprintf(work->arena, "it reads '%s'", r->of)) < 0)
			return work->err->code;
	}
	return 0;
}

static bool is_refused(const struct klp_work *work, const char *symbol)
{
	for (size_t i = 0; i < work->findings->n; i++) {
		const struct klp_finding *f = &work->findings->v[i];

		if (f->severity == KLP_ERROR && f->symbol && !strcmp(f->symbol, symbol))
			return true;
	}
	return false;
}

/* What differs and is neither patched nor copied nor refused by name must not pass unseen. */
static void outside(struct klp_work *work, const struct klp_difference *d)
{
	klp_strs_add(work->arena, &work->closure->proof.outside_patch_set, d->a);
	if (is_refused(work, d->a))
		return;
	klp_closure__finding(work, KLP_ERROR, "KLP-OUTSIDE", d->a,
			     klp_sprintf(work->arena,
					 "the fix changes the machine code of '%s', which is not "
					 "in the patch set: %s",
					 d->a, d->why),
			     "no rule knows how to replace it: patch its callers by hand in the "
			     "fix, or write the fix "
			     "so that it stays as it is");
}

int klp_closure__hidden(struct klp_work *work, const struct klp_changes *changes)
{
	if (!work->compared)
		return 0;
	work->closure->proof.compiled_units++;
	if (differences(work, changes) < 0)
		return work->err->code;
	for (size_t i = 0; i < work->compare.changed.n; i++)
		if (!is_settled(work, work->compare.changed.v[i].a))
			outside(work, &work->compare.changed.v[i]);
	return 0;
}
