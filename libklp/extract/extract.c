// SPDX-License-Identifier: GPL-2.0-or-later
#include "extract/extract.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "extract/fixed.h"

/* The units that hold patched functions, each once, in the order of the patch set. */
static void units_of(struct klp_arena *arena, const struct klp_closure *closure,
		     struct klp_units *ret)
{
	for (size_t i = 0; i < closure->patch.n; i++) {
		bool there = false;

		for (size_t j = 0; j < ret->n; j++)
			there = there || ret->v[j] == closure->patch.v[i].unit;
		if (!there)
			klp_vec_push(arena, ret, closure->patch.v[i].unit);
	}
}

/* "fs/proc/cmdline.o" -> "fs_proc_cmdline.c" */
static char *source_name(struct klp_arena *arena, const struct klp_unit *unit)
{
	char *name = klp_strdup(arena, unit->object);
	size_t n = strlen(name);

	for (char *p = name; *p; p++)
		if (!isalnum((unsigned char)*p) && *p != '.')
			*p = '_';
	if (n > 2 && !strcmp(name + n - 2, ".o"))
		name[n - 1] = 'c';
	for (char *p = name; p < name + n - 2; p++)
		if (*p == '.')
			*p = '_';
	return name;
}

/* Views of the units that detect didn't parse. */
static int missing_views(struct klp_arena *arena, const struct klp_units *units,
			 const struct klp_extract_opts *opts, struct klp_findings *findings,
			 struct klp_error *err)
{
	struct klp_view *requests = klp_alloc_array(arena, units->n, sizeof(*requests));
	size_t n = 0;

	for (size_t i = 0; i < units->n; i++)
		if (!klp_views_get(opts->views, units->v[i]))
			requests[n++].unit = units->v[i];
	if (n && klp_views_load(arena, requests, n, opts->jobs,
				klp_sprintf(arena, "%s/extract", opts->workdir), findings, err) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++)
		klp_vec_push(arena, opts->views, &requests[i]);
	return 0;
}

static int compare_funcs(const void *a, const void *b)
{
	const struct klp_plan_func *x = a, *y = b;
	int rc = strcmp(y->object, "vmlinux") == 0   ? strcmp(x->object, "vmlinux") != 0
		 : strcmp(x->object, "vmlinux") == 0 ? -1
						     : strcmp(x->object, y->object);

	return rc ? rc : strcmp(x->old_name, y->old_name);
}

static void add_funcs(struct extraction *x, struct klp_plan *plan)
{
	for (size_t i = 0; i < x->closure->patch.n; i++) {
		const struct klp_patched *p = &x->closure->patch.v[i];
		const struct entity *e = klp_map_get(&x->entities, p->symbol);

		/* without an entity it has no source: reported */
		if (p->unit != x->unit || !e || !e->new_name)
			continue;
		klp_vec_push(x->arena, &plan->funcs,
			     (struct klp_plan_func){
				     .object = p->object,
				     .old_name = p->symbol,
				     .sympos = p->sympos,
				     .new_name = e->new_name,
			     });
	}
}

/* Also those that the compiler left nothing of. */
static void add_links(const struct extraction *x, struct klp_plan_source *source)
{
	const struct entities *lists[] = { &x->order, &x->labels };

	for (size_t l = 0; l < 2; l++)
		for (size_t i = 0; i < lists[l]->n; i++) {
			const struct entity *e = lists[l]->v[i];

			if (e->link && e->ref.symbol)
				klp_vec_push(x->arena, &source->links,
					     (struct klp_link){ e->link, e->name, e->ref.symbol,
								x->opts->pointers &&
									strcmp(e->link, e->name) });
		}
}

static int write_unit(struct extraction *x, struct klp_plan *plan)
{
	struct klp_plan_source *source = klp_vec_add(x->arena, &plan->sources);

	*source = (struct klp_plan_source){
		.as_is = !x->view->before,
		.file = source_name(x->arena, x->unit),
		.unit = x->unit,
	};
	klp_extract__cflags(x, source);
	klp_extract__fixed_names(x, source);
	add_funcs(x, plan);
	if (klp_extract__link(x, source, plan) < 0 || klp_extract__fixed_check(x, source) < 0)
		return x->err->code;
	add_links(x, source);
	return 0;
}

/* One may need what the fix adds to another, so all are gone through before any is written. */
static int extract_units(const struct extraction *like, const struct klp_units *units,
			 struct klp_plan *plan)
{
	struct extractions *all = like->all;

	for (size_t i = 0; i < units->n; i++) {
		struct extraction *x;

		if (klp_extract__of_unit(like, units->v[i], &x) < 0 ||
		    (x && klp_extract__reach(x) < 0))
			return like->err->code;
	}
	for (size_t i = 0; i < all->n; i++)
		if (klp_extract__settle(all->v[i]) < 0)
			return like->err->code;
	for (size_t i = 0; i < all->n; i++)
		if (write_unit(all->v[i], plan) < 0)
			return like->err->code;
	return 0;
}

/* Whatever else would have called it is not of this livepatch. */
static void unused_files(const struct extraction *like)
{
	const struct klp_views *views = like->opts->views;

	for (size_t i = 0; i < views->n && !like->opts->unpatched; i++) {
		const struct klp_unit *unit = views->v[i]->unit;
		struct klp_finding *f;
		bool used = !unit->created;

		for (size_t k = 0; k < like->all->n; k++)
			used = used || like->all->v[k]->unit == unit;
		if (used)
			continue;
		f = klp_finding_add(like->arena, like->findings, KLP_WARNING, "KLP-FILE-CREATED",
				    "no function of '%s', which the fix creates, is called by what "
				    "is patched",
				    unit->source);
		f->file = unit->source;
		f->hint = "what it does when the kernel boots or registers somewhere doesn't "
			  "happen: check that the fix works without it";
	}
}

int klp_extract(struct klp_arena *arena, struct klp_tree *tree, struct klp_closure *closure,
		const struct klp_extract_opts *opts, struct klp_plan *ret,
		struct klp_findings *findings, struct klp_error *err)
{
	struct klp_plan plan = { .name = opts->name };
	struct klp_units units = {};
	struct extractions all = {};
	struct klp_map links;
	const struct extraction like = {
		.arena = arena,
		.all = &all,
		.tree = tree,
		.closure = closure,
		.opts = opts,
		.findings = findings,
		.err = err,
		.links = &links,
	};

	err->stage = "extract";
	klp_map_init(&links, arena);
	units_of(arena, closure, &units);
	if (missing_views(arena, &units, opts, findings, err) < 0)
		return err->code;
	if (extract_units(&like, &units, &plan) < 0)
		return err->code;
	unused_files(&like);
	klp_extract__check_pointers(arena, tree, &plan, findings);
	if (plan.funcs.n)
		qsort(plan.funcs.v, plan.funcs.n, sizeof(*plan.funcs.v), compare_funcs);
	klp_plan_sort_refs(&plan);
	klp_closure_sort(closure);
	*ret = plan;
	return 0;
}
