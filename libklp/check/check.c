// SPDX-License-Identifier: GPL-2.0-or-later
#include "check/check.h"

#include <string.h>

#include "check/rules.h"

struct check {
	struct klp_arena *arena;
	struct klp_tree *tree;
	struct klp_closure *closure;
	struct klp_findings *findings;
	struct klp_error *err;
	struct klp_symtabs *symtabs;
};

static enum klp_verdict ask(struct klp_subject *subject)
{
	for (const struct klp_rule *rule = klp_check__rules; rule->code; rule++) {
		enum klp_verdict verdict = rule->check(subject, rule->code);

		if (verdict != KLP_GO_ON)
			return verdict;
	}
	return KLP_GO_ON;
}

static int check_one(struct check *c, struct klp_patched *patched, enum klp_verdict *ret)
{
	struct klp_subject subject = {
		.arena = c->arena,
		.findings = c->findings,
		.closure = c->closure,
		.patched = patched,
	};

	subject.whole = klp_symtabs_get(c->symtabs, klp_tree_object_file(c->tree, patched->unit), c->err);
	if (!subject.whole)
		return c->err->code;
	subject.unit = klp_symtabs_get(c->symtabs, klp_unit_code(patched->unit), c->err);
	if (!subject.unit)
		return c->err->code;
	subject.own = klp_symtab_function(subject.unit, patched->symbol);
	*ret = ask(&subject);
	return 0;
}

static int check_patch_set(struct check *c)
{
	struct klp_patched_vec *patch = &c->closure->patch, kept = {};

	for (size_t i = 0; i < patch->n; i++) {
		enum klp_verdict verdict = KLP_GO_ON;

		if (check_one(c, &patch->v[i], &verdict) < 0)
			return c->err->code;
		if (verdict != KLP_DROP)
			klp_vec_push(c->arena, &kept, patch->v[i]);
	}
	*patch = kept;
	klp_closure_sort(c->closure);
	return 0;
}

static bool has_finding(const struct check *c, const char *code, const struct klp_change *change)
{
	for (size_t i = 0; i < c->findings->n; i++) {
		const struct klp_finding *f = &c->findings->v[i];

		if (!strcmp(f->code, code) && f->severity == KLP_ERROR && f->symbol && f->file &&
		    !strcmp(f->symbol, change->function) && !strcmp(f->file, change->file))
			return true;
	}
	return false;
}

/* A header's function matters where a unit uses it; an unused one leaves nothing. */
static int is_compiled(struct check *c, const struct klp_change *change, bool *ret)
{
	const struct klp_symtab *unit;

	*ret = true;
	if (change->kind != KLP_HEADER)
		return 0;
	unit = klp_symtabs_get(c->symtabs, klp_unit_code(change->unit), c->err);
	if (!unit)
		return c->err->code;
	*ret = klp_symtab_function(unit, change->function) != NULL;
	return 0;
}

/*
 * An edited init function that isn't in the patch set: GCC put it into its callers, which
 * are init functions too, and were dropped. The edit has no effect, and that must be said.
 */
static int check_init_changes(struct check *c, const struct klp_changes *changes)
{
	static const char code[] = "KLP-INIT";

	for (size_t i = 0; i < changes->n; i++) {
		const struct klp_change *change = &changes->v[i];
		struct klp_finding *f;
		bool compiled;

		if (!change->init || change->kind == KLP_REMOVED ||
		    change->kind == KLP_LINKAGE || has_finding(c, code, change))
			continue;
		if (is_compiled(c, change, &compiled) < 0)
			return c->err->code;
		if (!compiled)
			continue;
		f = klp_finding_add(c->arena, c->findings, KLP_ERROR, code,
				    "%s '%s', which is marked __init or __exit: on a running "
				    "machine its code is gone",
				    change->kind == KLP_NAMED ? "what was asked for is"
							      : "the fix changes",
				    change->function);
		f->symbol = change->function;
		f->file = change->file;
		f->line = change->line;
		f->hint = "leave it out of the patch; what the function has set up can be "
			  "corrected from the livepatch's callbacks (struct klp_callbacks)";
	}
	return 0;
}

static int check_one_defined(struct check *c, const struct klp_changes *changes,
			     const struct klp_change *change)
{
	const struct klp_symtab *unit = NULL, *whole;

	if (!klp_check__is_for_all(change))
		return 0;
	if (!change->unit->created) {
		unit = klp_symtabs_get(c->symtabs, klp_unit_code(change->unit), c->err);
		if (!unit)
			return c->err->code;
	}
	whole = klp_symtabs_get(c->symtabs, klp_tree_object_file(c->tree, change->unit), c->err);
	if (!whole)
		return c->err->code;
	klp_check__defined(c->arena, changes, change, unit, whole, c->findings);
	return 0;
}

static int check_defined(struct check *c, const struct klp_changes *changes)
{
	for (size_t i = 0; i < changes->n; i++)
		if (check_one_defined(c, changes, &changes->v[i]) < 0)
			return c->err->code;
	return 0;
}

static struct klp_finding *init_error(struct check *c, const struct klp_patched *patched)
{
	for (size_t i = 0; i < c->findings->n; i++) {
		struct klp_finding *f = &c->findings->v[i];

		if (!strcmp(f->code, "KLP-INIT") && f->severity == KLP_ERROR && f->symbol &&
		    !strcmp(f->symbol, patched->symbol) && f->file &&
		    !strcmp(f->file, patched->file))
			return f;
	}
	return NULL;
}

/*
 * Init code beside functions that can be patched: the rest is prepared, and the author has to say
 * whether it is a fix without that part.
 */
static void settle_init(struct check *c)
{
	struct klp_patched_vec *patch = &c->closure->patch, kept = {};

	for (size_t i = 0; i < patch->n; i++)
		if (!init_error(c, &patch->v[i]))
			klp_vec_push(c->arena, &kept, patch->v[i]);
	if (!kept.n)
		return;
	*patch = kept;
	for (size_t i = 0; i < c->findings->n; i++) {
		struct klp_finding *f = &c->findings->v[i];

		if (strcmp(f->code, "KLP-INIT") || f->severity != KLP_ERROR)
			continue;
		f->severity = KLP_WARNING;
		f->message = klp_sprintf(c->arena, "%s; the rest of the fix is prepared without it",
					 f->message);
		f->hint = "decide whether the rest is worth having alone. What the function has "
			  "set up can be corrected from the livepatch's callbacks (struct "
			  "klp_callbacks); a module that is loaded later still runs its old init "
			  "code";
	}
}

static void note_lone(struct check *c)
{
	bool lone = c->tree->lone;

	for (size_t i = 0; i < c->closure->patch.n; i++) {
		const struct klp_unit *unit = c->closure->patch.v[i].unit;

		lone = lone || !strcmp(klp_tree_object_file(c->tree, unit), klp_unit_code(unit));
	}
	if (lone && c->closure->patch.n)
		klp_finding_add(c->arena, c->findings, KLP_NOTE, "KLP-LONE",
				"the build holds no vmlinux (or module) for what is patched: the "
				"symbol tables of the objects are taken for those of the kernel");
}

int klp_check(struct klp_arena *arena, struct klp_tree *tree, const struct klp_changes *changes,
	      struct klp_symtabs *symtabs, struct klp_closure *closure,
	      struct klp_findings *findings, struct klp_error *err)
{
	struct check c = { arena, tree, closure, findings, err, symtabs };

	note_lone(&c);
	if (check_patch_set(&c) < 0 || check_init_changes(&c, changes) < 0 ||
	    check_defined(&c, changes) < 0)
		return err->code;
	settle_init(&c);
	return 0;
}
