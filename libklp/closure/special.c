// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Callees that gcc specialised to their old callers (value ranges, known bits, constants: its
 * ipa-cp). Where the fix changes what is passed, such a callee differs though no line of it
 * does: old callers may go on with the old one, new ones need their own. A copy in the
 * livepatch does for that only as long as all new callers are in the livepatch, too: what a
 * patched function calls in the kernel goes on to call the old one, with new arguments.
 */
#include "closure/hidden.h"

#include <string.h>

#include "elf/compare.h"

static bool is_function(const struct klp_sym *sym)
{
	return sym && sym->type == STT_FUNC && klp_sym_defined(sym);
}

bool klp_closure__calls(struct klp_arena *arena, const struct klp_refs *refs,
			const struct klp_sym *from, struct klp_map *seen,
			bool (*hit)(void *ctx, const struct klp_sym *sym), void *ctx)
{
	KLP_VEC(, const struct klp_sym *) todo = {};

	klp_vec_push(arena, &todo, from);
	klp_map_put(seen, from->name, seen);
	for (size_t i = 0; i < todo.n; i++)
		for (size_t k = 0; k < refs->n; k++) {
			const struct klp_ref *r = &refs->v[k];

			if (!r->from || r->from->place != todo.v[i]->place || !is_function(r->to))
				continue;
			if (hit(ctx, r->to))
				return true;
			if (klp_map_get(seen, r->to->name))
				continue;
			klp_map_put(seen, r->to->name, seen);
			klp_vec_push(arena, &todo, r->to);
		}
	return false;
}

static bool is_named(void *ctx, const struct klp_sym *sym)
{
	return !strcmp(ctx, sym->name);
}

/* A patched function that calls `symbol` in the old code, directly or not, or NULL. */
static const char *patched_above(struct klp_work *work, const char *symbol)
{
	for (size_t i = 0; i < work->closure->patch.n; i++) {
		const struct klp_patched *p = &work->closure->patch.v[i];
		const struct klp_sym *sym = p->unit == work->unit
						    ? klp_symtab_function(&work->before, p->symbol)
						    : NULL;
		struct klp_map seen;

		klp_map_init(&seen, work->arena);
		if (sym && klp_closure__calls(work->arena, &work->before_refs, sym, &seen, is_named,
					      (void *)(uintptr_t)symbol))
			return p->symbol;
	}
	return NULL;
}

static bool shares_section(const struct klp_symtab *symtab, const struct klp_sym *sym)
{
	for (size_t i = 0; i < symtab->n; i++) {
		const struct klp_sym *other = &symtab->v[i];

		if (other != sym && other->type == STT_FUNC && other->shndx == sym->shndx &&
		    other->value != sym->value)
			return true;
	}
	return false;
}

/* With calls within a section that the source names (.sched.text): they have no relocations. */
static int load_after_refs(struct klp_work *work)
{
	const struct klp_symtab *after = &work->after;

	if (work->after_refs_loaded)
		return 0;
	if (klp_refs_load(work->arena, after, &work->after_refs, work->err) < 0)
		return work->err->code;
	for (size_t i = 0; i < after->n; i++) {
		const struct klp_sym *sym = &after->v[i];

		if (is_function(sym) && !klp_sym_is_init(sym) && shares_section(after, sym) &&
		    klp_refs_settled(work->arena, after, sym, &work->after_refs, work->err) < 0)
			return work->err->code;
	}
	work->after_refs_loaded = true;
	return 0;
}

/* A function of the fixed unit whose text is in the livepatch: what it calls is new as well. */
static bool is_new_text(const struct klp_work *work, const struct klp_sym *sym)
{
	const char *function = klp_closure__source_name(work->arena, sym->name);

	for (size_t i = 0; i < work->closure->patch.n; i++) {
		const struct klp_patched *p = &work->closure->patch.v[i];

		if (p->unit == work->unit && !strcmp(p->symbol, function))
			return true;
	}
	for (size_t i = 0; i < work->copied.n; i++)
		if (work->copied.v[i].unit == work->unit &&
		    !strcmp(work->copied.v[i].symbol, function))
			return true;
	return klp_difference_find(&work->compare.changed, sym->name) ||
	       klp_difference_find(&work->compare.only_b, sym->name);
}

struct old_call {
	struct klp_work *work;
	const char *symbol; /* in the fixed unit */
	struct klp_map old; /* functions of the kernel that were looked through */
};

/* New text calls `sym`: does that, being the kernel's, call the specialised one? */
static bool leads_to_old(void *ctx, const struct klp_sym *sym)
{
	struct old_call *q = ctx;

	return !is_new_text(q->work, sym) && !klp_map_get(&q->old, sym->name) &&
	       klp_closure__calls(q->work->arena, &q->work->after_refs, sym, &q->old, is_named,
				  (void *)(uintptr_t)q->symbol);
}

/* Whether the livepatch would get to the kernel's `symbol` through other code of the kernel. */
static bool is_called_by_old(struct klp_work *work, const char *symbol)
{
	struct old_call q = { work, symbol, {} };

	klp_map_init(&q.old, work->arena);
	for (size_t i = 0; i < work->after.n; i++) {
		const struct klp_sym *sym = &work->after.v[i];
		bool calls_old = false;

		if (!is_function(sym) || !is_new_text(work, sym))
			continue;
		for (size_t k = 0; !calls_old && k < work->after_refs.n; k++) {
			const struct klp_ref *r = &work->after_refs.v[k];

			calls_old = r->from && r->from->place == sym->place &&
				    is_function(r->to) && leads_to_old(&q, r->to);
		}
		if (calls_old)
			return true;
	}
	return false;
}

int klp_closure__specialised(struct klp_work *work, const struct klp_difference *d,
			     const char **ret_caller)
{
	const struct klp_sym *sym = klp_symtab_function(&work->before, d->a);
	const struct klp_compare *plain;
	const char *caller;

	*ret_caller = NULL;
	if (!sym || sym->bind != STB_LOCAL)
		return 0;
	caller = patched_above(work, d->a);
	if (!caller)
		return 0;
	if (klp_closure__compare_unspecialised(work, &plain) < 0 || load_after_refs(work) < 0)
		return work->err->code;
	if (plain && !klp_difference_find(&plain->changed, d->a) && !is_called_by_old(work, d->b))
		*ret_caller = caller;
	return 0;
}
