// SPDX-License-Identifier: GPL-2.0-or-later
#include "closure/hidden.h"

#include <string.h>

#include "elf/compare.h"

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

struct question {
	const struct klp_work *work;
	const struct klp_changes *changes;
	const char *found;
};

static bool is_answer(void *ctx, const struct klp_sym *sym)
{
	struct question *q = ctx;

	if (!is_changed(q->changes, q->work, sym->name))
		return false;
	q->found = sym->name;
	return true;
}

/* A changed function that `symbol` calls in the old code, directly or not, or NULL. */
static const char *changed_below(struct klp_work *work, const struct klp_changes *changes,
				 const char *symbol)
{
	const struct klp_sym *sym = klp_symtab_function(&work->before, symbol);
	struct question q = { work, changes, NULL };
	struct klp_map seen;

	klp_map_init(&seen, work->arena);
	return sym && klp_closure__calls(work->arena, &work->before_refs, sym, &seen, is_answer,
					 &q)
		       ? q.found
		       : NULL;
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

bool klp_closure__part(const struct klp_work *work, const char *a, const char *b)
{
	return work->compared && share_address(&work->symtab, a, b) &&
	       !share_address(&work->after, a, b);
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

/*
 * Already patched, copied, or dealt with through its callers. That is asked of the symbol: one
 * clone of a function may hold what the fix changes, and another one rely on it.
 */
static bool is_settled(struct klp_work *work, const char *symbol)
{
	return klp_closure_find(work->closure, work->unit, symbol) ||
	       klp_closure_left_out(work->closure, work->unit, symbol) ||
	       klp_map_get(&work->up, symbol) || klp_map_get(&work->special, symbol) ||
	       is_settled_by_alias(work, symbol);
}

static const char *first_change(const struct klp_work *work, const struct klp_changes *changes)
{
	for (size_t i = 0; i < changes->n; i++)
		if (changes->v[i].unit == work->unit && changes->v[i].kind != KLP_NAMED)
			return changes->v[i].function;
	return work->unit->source;
}

static int hidden_dependency(struct klp_work *work, const char *symbol, const char *of,
			     const char *why)
{
	const struct klp_cause cause = {
		.kind = KLP_REASON_HIDDEN,
		.of = of,
		.evidence = klp_sprintf(work->arena,
					"%s compiled before and after the fix: '%s' differs, %s",
					work->unit->object, symbol, why),
	};

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

/* Data that can't change at run time and that the fix changes: who reads it is old. */
static int readers(struct klp_work *work)
{
	const struct klp_compare *c = &work->compare;

	for (size_t i = 0; i < c->readers.n; i++) {
		const struct klp_reader *r = &c->readers.v[i];
		const struct klp_difference *data = klp_difference_find(&c->changed_data, r->of);

		if (!data || data->writable || is_shared_data(work, r->of) ||
		    is_settled(work, r->function) ||
		    !klp_symtab_function(&work->before, r->function))
			continue;
		if (hidden_dependency(work, r->function, r->of,
				      klp_sprintf(work->arena, "it reads '%s'", r->of)) < 0)
			return work->err->code;
	}
	return 0;
}

/* What differs and calls what the fix edits differs by what gcc knows of that. */
static int callers(struct klp_work *work, const struct klp_changes *changes)
{
	for (size_t i = 0; i < work->compare.changed.n; i++) {
		const struct klp_difference *d = &work->compare.changed.v[i];
		const char *below;

		klp_strs_add(work->arena, &work->closure->proof.changed_in_object, d->a);
		below = is_settled(work, d->a) ? NULL : changed_below(work, changes, d->a);
		if (below && hidden_dependency(work, d->a, below, d->why) < 0)
			return work->err->code;
	}
	return 0;
}

/* One that can't be copied is patched, by which others may be called by new text. */
static int callees(struct klp_work *work, const struct klp_changes *changes)
{
	const struct klp_differences *changed = &work->compare.changed;
	size_t patched = SIZE_MAX;
	const char *caller;

	while (patched != work->closure->patch.n) {
		patched = work->closure->patch.n;
		for (size_t i = 0; i < changed->n; i++) {
			const struct klp_difference *d = &changed->v[i];

			if (is_settled(work, d->a))
				continue;
			if (klp_closure__specialised(work, d, &caller) < 0)
				return work->err->code;
			if (!caller && hidden_dependency(work, d->a, first_change(work, changes),
							 d->why) < 0)
				return work->err->code;
		}
	}
	for (size_t i = 0; i < changed->n; i++) {
		const char *symbol = changed->v[i].a;

		if (is_settled(work, symbol))
			continue;
		if (klp_closure__specialised(work, &changed->v[i], &caller) < 0)
			return work->err->code;
		if (!caller)
			continue;
		klp_map_put(&work->special, symbol, work);
		klp_closure__copy(work, klp_closure__source_name(work->arena, symbol),
				  KLP_COPY_SPECIALISED, caller);
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
	if (callers(work, changes) < 0 || readers(work) < 0 || callees(work, changes) < 0)
		return work->err->code;
	for (size_t i = 0; i < work->compare.changed.n; i++) {
		const struct klp_difference *d = &work->compare.changed.v[i];

		/* a finding of its own says so */
		if (klp_closure_left_out(work->closure, work->unit, d->a))
			klp_strs_add(work->arena, &work->closure->proof.outside_patch_set, d->a);
		else if (!is_settled(work, d->a))
			outside(work, d);
	}
	return 0;
}
