// SPDX-License-Identifier: GPL-2.0-or-later
/* Section 7: what was compiled and compared, with what came out. */
#include <string.h>

#include "html/private.h"

/* Why there are no figures. */
static const char *unasked(const struct klp_page *page, enum klp_stage stage)
{
	const struct klp_report *r = page->report;

	if (!page->review->proof)
		return "Not proved: the proofs were left out (--no-proof).";
	if (r->nothing_to_do)
		return "Not asked: there is nothing to livepatch.";
	if (r->last < stage && r->refused)
		return "Not asked: the fix was refused before.";
	if (r->last < stage)
		return "Not asked: the run was told to stop before.";
	return NULL;
}

static char *names(struct klp_page *page, const struct klp_strs *list)
{
	struct klp_buf out;

	klp_buf_init(&out, page->arena);
	for (size_t i = 0; i < list->n && i < KLP_HTML_MAX_ROWS; i++) {
		klp_buf_add(&out, i ? ", " : "");
		klp_html__add_code(&out, list->v[i]);
	}
	if (list->n > KLP_HTML_MAX_ROWS)
		klp_buf_addf(&out, " and %zu more, see report.json", list->n - KLP_HTML_MAX_ROWS);
	if (!list->n)
		klp_buf_add(&out, "none");
	return out.p;
}

static void two_compile(struct klp_page *page)
{
	const struct klp_proof *p = &page->report->closure.proof;
	const char *not = unasked(page, KLP_STAGE_CLOSURE);
	struct klp_scope *scope;

	klp_scope_list(page->root, "HAS_TWO");
	klp_html__text(
		page, page->root, "TWO_LEAD",
		p->compiled_units ? "Each unit that the fix touches was compiled with and "
				    "without it, and compared function by function: GCC also "
				    "compiles callers by what it knew of a changed function, "
				    "and writes that down nowhere."
		: not		  ? not
		: page->review->fixes.n
			? "Not proved: no unit was compiled with and without the fix."
			: "Not proved: what an edit will change isn\xe2\x80\x99t known yet.");
	if (!p->compiled_units)
		return;
	scope = klp_scope_add(page->root, "HAS_TWO");
	klp_html__number(page, scope, "TWO_UNITS", p->compiled_units);
	klp_html__markup(scope, "TWO_CHANGED", names(page, &p->changed_in_object));
	klp_html__markup(scope, "TWO_OUTSIDE", names(page, &p->outside_patch_set));
}

static const char *same(bool is)
{
	return is ? "identical" : "<span class=\"differs\">differs</span>";
}

static const char *as_built(enum klp_as_built built)
{
	if (built == KLP_AS_BUILT_NOT_COMPARABLE)
		return "not comparable";
	return same(built == KLP_AS_BUILT_IDENTICAL);
}

static void rows(struct klp_page *page, struct klp_scope *scope)
{
	const struct klp_fidelities *list = &page->report->fidelity;

	klp_scope_list(scope, "FIDELITY");
	for (size_t i = 0; i < list->n && i < KLP_HTML_MAX_ROWS; i++) {
		const struct klp_fidelity *f = &list->v[i];
		struct klp_scope *row = klp_scope_add(scope, "FIDELITY");

		klp_html__text(page, row, "FI_FUNCTION", f->function);
		klp_html__markup(row, "FI_ISOLATED", same(f->isolated));
		klp_html__markup(row, "FI_BUILT", as_built(f->as_built));
		klp_html__markup(row, "FI_TOKENS", same(f->tokens));
		klp_html__text(page, row, "FI_WHY", f->why ? f->why : "\xe2\x80\x93");
	}
	klp_html__more(page, scope, "FIDELITY_MORE", list->n);
}

static void fidelity(struct klp_page *page)
{
	const struct klp_fidelities *list = &page->report->fidelity;
	const char *not = unasked(page, KLP_STAGE_EXTRACT);

	klp_scope_list(page->root, "HAS_FIDELITY");
	klp_html__text(page, page->root, "FIDELITY_LEAD",
		       list->n ? "The same machinery wrote the same functions once more from the "
				 "source without the fix. That was compiled, and compared with the "
				 "unit that the kernel was built from."
		       : not   ? not
			       : "Not proved: there is no function of the kernel to compare with.");
	if (list->n)
		rows(page, klp_scope_add(page->root, "HAS_FIDELITY"));
}

void klp_html__proofs(struct klp_page *page)
{
	two_compile(page);
	fidelity(page);
}
