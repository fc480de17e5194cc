// SPDX-License-Identifier: GPL-2.0-or-later
#include "prove/prove.h"

#include <stdlib.h>
#include <string.h>

#include "elf/compare.h"
#include "prove/private.h"

/* All that one unit's functions are judged by. */
struct court {
	struct klp_arena *arena;
	const struct klp_prove_subject *subject;
	const struct klp_prove_names *names;
	struct klp_compare alone, built;
	struct klp_compare loosely; /* as built, whatever the number of a static local */
	struct klp_prove_code alone_text, unit_built, text_built;
	struct klp_strs differ; /* in their tokens */
	struct klp_findings *findings;
	struct klp_fidelities *ret;
};

/* What the comparison holds against a function of the original; NULL when it is identical. */
static const char *against(struct klp_arena *arena, const struct klp_compare *c, const char *name)
{
	const struct klp_difference *d = klp_difference_find(&c->changed, name);

	if (!d)
		d = klp_difference_find(&c->only_b, name);
	if (d)
		return d->why;
	for (size_t i = 0; i < c->readers.n; i++)
		if (!strcmp(c->readers.v[i].function, name))
			return klp_sprintf(arena, "it reads '%s', whose content differs",
					   c->readers.v[i].of);
	return NULL;
}

/* The text's symbol that is the original's function `name`. */
static const struct klp_sym *in_text(const struct court *court, const struct klp_symtab *symtab,
				     const char *name)
{
	for (size_t i = 1; i < symtab->n; i++) {
		const struct klp_sym *sym = &symtab->v[i];

		if (sym->type == STT_FUNC && klp_sym_defined(sym) &&
		    !strcmp(klp_prove__original(court->names, sym->name), name))
			return sym;
	}
	return NULL;
}

static void as_built(const struct court *court, struct klp_fidelity *f)
{
	const char *why;

	f->as_built = KLP_AS_BUILT_NOT_COMPARABLE;
	if (!klp_symtab_function(&court->unit_built.symtab, f->function)) {
		f->why = "the original is inlined, or there as a clone only";
		return;
	}
	if (!in_text(court, &court->text_built.symtab, f->function)) {
		f->why = "inlined in the livepatch, or there as a clone only";
		return;
	}
	why = against(court->arena, &court->built, f->function);
	f->as_built = why ? KLP_AS_BUILT_DIFFERS : KLP_AS_BUILT_IDENTICAL;
	if (!why)
		return;
	f->why = klp_prove__explain(court->arena, f->function, &court->unit_built,
				    &court->text_built, court->names);
	if (!f->why)
		f->why =
			klp_sprintf(court->arena,
				    "%s: the original is compiled by what is known of others", why);
}

/*
 * Static locals of one name differ by a number, which isn't the same where other options are in
 * force; so isolation doesn't tell two of one function apart. As built, the numbers are the
 * kernel's: when nothing but a number differs, the text refers to the other one.
 */
static const char *other_static(const struct court *court, const struct klp_fidelity *f)
{
	if (f->as_built != KLP_AS_BUILT_DIFFERS ||
	    against(court->arena, &court->loosely, f->function))
		return NULL;
	return klp_sprintf(court->arena, "a static variable of a function is another one: %s",
			   against(court->arena, &court->built, f->function));
}

static void judge(struct court *court, const char *function)
{
	struct klp_fidelity *f;
	const char *why;

	if (!in_text(court, &court->alone_text.symtab, function))
		return; /* always inlined: it is part of the others */
	f = klp_vec_add(court->arena, court->ret);
	*f = (struct klp_fidelity){
		.function = function,
		.unit = court->subject->unpatched->unit,
		.tokens = !klp_strs_has(&court->differ, function),
	};
	as_built(court, f);
	why = against(court->arena, &court->alone, function);
	if (!why)
		why = other_static(court, f);
	f->other_static = why && !against(court->arena, &court->alone, function);
	f->isolated = !why;
	f->why = why ? why : f->why;
}

static int load_code(struct klp_arena *arena, const char *path, struct klp_prove_code *ret,
		     struct klp_error *err)
{
	if (klp_symtab_load(arena, path, &ret->symtab, err) < 0)
		return err->code;
	return klp_refs_load(arena, &ret->symtab, &ret->refs, err);
}

/* Also functions of headers that the text has a copy of: they must not differ either. */
static void judge_others(struct court *court)
{
	const struct klp_differences *changed = &court->alone.changed;

	for (size_t i = 0; i < changed->n; i++) {
		bool done = false;

		for (size_t j = 0; j < court->ret->n; j++)
			done = done || (court->ret->v[j].unit == court->subject->unpatched->unit &&
					!strcmp(court->ret->v[j].function, changed->v[i].a));
		if (!done)
			judge(court, changed->v[i].a);
	}
}

static void text_differs(const struct court *court, const char *function, const char *which)
{
	struct klp_finding *f =
		klp_finding_add(court->arena, court->findings, KLP_WARNING, "KLP-FIDELITY-TEXT",
				"the text of '%s' differs from that of %s behind the preprocessor",
				function, which);

	f->symbol = function;
	f->file = court->subject->unpatched->unit->source;
	f->hint = "a macro that it uses is another one in the livepatch, or a piece of it was left "
		  "out: compare the function in the generated file with the source";
}

/* What is shipped says what the fixed source says. */
static void check_shipped(const struct court *court, const struct klp_prove_names *names)
{
	const struct klp_prove_subject *s = court->subject;
	struct klp_strs differ = {};

	if (!s->shipped || !s->shipped_toks.toks.v.n)
		return;
	klp_prove__tokens(court->arena, &s->shipped_toks, s->after, names, &s->shipped->stale,
			  &differ);
	for (size_t i = 0; i < differ.n; i++)
		if (!klp_strs_has(&s->shipped->rewritten, differ.v[i]))
			text_differs(court, differ.v[i], "the fixed source");
}

static int compare_alone(struct klp_arena *arena, const struct klp_prove_subject *subject,
			 const struct klp_prove_names *names, struct klp_compare *ret,
			 struct klp_error *err)
{
	const struct klp_compare_names alone = { &names->symbols, false };

	return klp_compare_excerpt(arena, subject->unit_alone, subject->alone, &alone, ret, err);
}

static int judge_unit(struct court *court, const struct klp_closure *closure,
		      const struct klp_plan *plan, struct klp_error *err)
{
	const struct klp_prove_subject *s = court->subject;
	const struct klp_compare_names names = { &court->names->symbols, true };
	const struct klp_compare_names loose = { &court->names->symbols, false };
	struct klp_prove_names shipped;

	if (compare_alone(court->arena, s, court->names, &court->alone, err) < 0 ||
	    klp_compare_excerpt(court->arena, s->unit_built, s->unpatched->object, &names,
				&court->built, err) < 0 ||
	    klp_compare_excerpt(court->arena, s->unit_built, s->unpatched->object, &loose,
				&court->loosely, err) < 0 ||
	    load_code(court->arena, s->alone, &court->alone_text, err) < 0 ||
	    load_code(court->arena, s->unit_built, &court->unit_built, err) < 0 ||
	    load_code(court->arena, s->unpatched->object, &court->text_built, err) < 0)
		return err->code;
	klp_prove__tokens(court->arena, &s->toks, s->before, court->names, NULL, &court->differ);
	for (size_t i = 0; i < closure->patch.n; i++)
		if (closure->patch.v[i].unit == s->unpatched->unit)
			judge(court, closure->patch.v[i].symbol);
	for (size_t i = 0; i < closure->copied.n; i++)
		if (closure->copied.v[i].unit == s->unpatched->unit)
			judge(court, closure->copied.v[i].symbol);
	judge_others(court);
	for (size_t i = 0; i < court->differ.n; i++)
		text_differs(court, court->differ.v[i], "the original");
	klp_prove__names(court->arena, plan, &shipped);
	check_shipped(court, &shipped);
	return 0;
}

static struct klp_finding *not_proved(struct klp_arena *arena, const char *file, const char *why,
				      struct klp_findings *findings)
{
	struct klp_finding *f = klp_finding_add(
		arena, findings, KLP_WARNING, "KLP-NO-FIDELITY",
		"whether what was extracted is what the kernel runs can't be proved: %s", why);

	f->file = file;
	f->hint = "compare the functions of the generated file with the source by hand";
	return f;
}

void klp_prove_unknown(struct klp_arena *arena, const struct klp_findings *unpatched,
		       struct klp_findings *findings)
{
	for (size_t i = 0; i < unpatched->n; i++) {
		const struct klp_finding *from = &unpatched->v[i];
		struct klp_finding *f;

		if (from->severity != KLP_ERROR)
			continue;
		f = not_proved(arena, from->file,
			       klp_sprintf(arena, "without the fix, %s", from->message), findings);
		f->symbol = from->symbol;
		f->line = from->line;
	}
}

static const struct klp_plan_source *source_of(const struct klp_plan *plan,
					       const struct klp_unit *unit)
{
	for (size_t i = 0; i < plan->sources.n; i++)
		if (plan->sources.v[i].unit == unit)
			return &plan->sources.v[i];
	return NULL;
}

static int compare_fidelity(const void *a, const void *b)
{
	const struct klp_fidelity *x = a, *y = b;
	int order = strcmp(x->unit->object, y->unit->object);

	return order ? order : strcmp(x->function, y->function);
}

int klp_prove(struct klp_arena *arena, const struct klp_plan *plan,
	      const struct klp_plan *unpatched, const struct klp_closure *closure,
	      const struct klp_prove_opts *opts, struct klp_fidelities *ret,
	      struct klp_findings *findings, struct klp_error *err)
{
	struct klp_prove_subject *subjects =
		klp_alloc_array(arena, unpatched->sources.n + 1, sizeof(*subjects));
	struct klp_prove_names names;
	size_t n = 0;

	for (size_t i = 0; i < unpatched->sources.n; i++) {
		const struct klp_plan_source *source = &unpatched->sources.v[i];
		const struct klp_view *view = klp_views_get(opts->views, source->unit);

		if (!source->object)
			continue; /* said by extract */
		subjects[n++] = (struct klp_prove_subject){
			.unpatched = source,
			.shipped = source_of(plan, source->unit),
			.after = view,
			.before = view->before ? view->before : view,
		};
	}
	if (klp_prove__compile(arena, subjects, n, false, opts, err) < 0)
		return err->code;
	klp_prove__names(arena, unpatched, &names);
	for (size_t i = 0; i < n; i++) {
		struct court court = {
			.arena = arena,
			.subject = &subjects[i],
			.names = &names,
			.findings = findings,
			.ret = ret,
		};

		if (subjects[i].trouble)
			not_proved(arena, subjects[i].unpatched->unit->source, subjects[i].trouble,
				   findings);
		else if (judge_unit(&court, closure, plan, err) < 0)
			return err->code;
	}
	if (ret->n)
		qsort(ret->v, ret->n, sizeof(*ret->v), compare_fidelity);
	return 0;
}

bool klp_prove_differs(const struct klp_fidelities *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (!list->v[i].isolated)
			return true;
	return false;
}

/* Those of one unit that its data make identical. */
static int settle_data(struct klp_arena *arena, const struct klp_plan *data,
		       const struct klp_prove_subject *subject, struct klp_fidelities *list,
		       struct klp_error *err)
{
	struct klp_prove_names names;
	struct klp_compare compare;

	klp_prove__names(arena, data, &names);
	if (compare_alone(arena, subject, &names, &compare, err) < 0)
		return err->code;
	for (size_t i = 0; i < list->n; i++) {
		struct klp_fidelity *f = &list->v[i];

		if (f->unit != subject->unpatched->unit || f->isolated || f->other_static ||
		    against(arena, &compare, f->function))
			continue;
		f->isolated = true;
		f->why = klp_sprintf(arena, "the original sees the variables, too: %s", f->why);
	}
	return 0;
}

int klp_prove_data(struct klp_arena *arena, const struct klp_plan *data,
		   const struct klp_prove_opts *opts, struct klp_fidelities *list,
		   struct klp_error *err)
{
	for (size_t i = 0; i < data->sources.n; i++) {
		struct klp_prove_subject subject = { .unpatched = &data->sources.v[i] };

		if (!subject.unpatched->object)
			continue;
		if (klp_prove__compile(arena, &subject, 1, true, opts, err) < 0)
			return err->code;
		if (subject.alone && subject.unit_alone &&
		    settle_data(arena, data, &subject, list, err) < 0)
			return err->code;
	}
	return 0;
}

void klp_prove_findings(struct klp_arena *arena, const struct klp_fidelities *list,
			struct klp_findings *findings)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct klp_fidelity *p = &list->v[i];
		struct klp_finding *f;

		if (p->isolated)
			continue;
		f = klp_finding_add(arena, findings, KLP_ERROR, "KLP-FIDELITY",
				    "the extracted text of '%s' doesn't compile to the code of the "
				    "original: %s",
				    p->function, p->why);
		f->symbol = p->function;
		f->file = p->unit->source;
		f->hint = "extraction lost or changed something that the function's code depends "
			  "on: compare the text (--no-proof writes it) with the source, and report "
			  "the construct";
	}
}
