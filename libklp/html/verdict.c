// SPDX-License-Identifier: GPL-2.0-or-later
/* The head of the page: what this is about, yes or no, and what is left for a human. */
#include <string.h>

#include "html/private.h"

size_t klp_html__severity(const struct klp_page *page, enum klp_severity severity)
{
	const struct klp_findings *list = &page->report->findings;
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++)
		n += list->v[i].severity == severity;
	return n;
}

bool klp_html__is_good(const struct klp_page *page)
{
	const struct klp_report *r = page->report;

	return !r->refused && !r->nothing_to_do && r->last == KLP_STAGE_VERIFY;
}

struct verdict {
	const char *class, *mark, *text, *means, *judge;
};

static struct verdict verdict_of(struct klp_page *page)
{
	const struct klp_report *r = page->report;
	bool warned = klp_html__severity(page, KLP_WARNING);
	static const char judge[] = "Whether the fix is right while old and new code run side by "
				    "side, no tool can tell: that is for whoever signs.";

	if (r->refused)
		return (struct verdict){
			"bad", "\xe2\x9c\x95", "Can\xe2\x80\x99t be livepatched as it is",
			"There is no module. What stands in the way is below, with what to do "
			"about it; the rest of this page says how far the questions could be "
			"answered.",
			"What a changed fix would patch can differ from what is said here."
		};
	if (r->nothing_to_do)
		return (struct verdict){ "calm", "\xe2\x80\x93", "Nothing to livepatch",
					 "The running kernel has no code that this would replace. "
					 "There is no module.",
					 "That holds for this build and its configuration alone." };
	if (r->last != KLP_STAGE_VERIFY)
		return (struct verdict){
			"calm", "\xe2\x80\xa6",
			klp_sprintf(page->arena,
				    "No objection up to stage \xe2\x80\x98%s\xe2\x80\x99",
				    klp_stage_name(r->last)),
			"The run was told to stop there. What the later stages ask has not been "
			"asked.",
			judge
		};
	return (struct verdict){
		warned ? "warn" : "good", "\xe2\x9c\x93",
		warned ? "Can be livepatched, with something to decide" : "Can be livepatched",
		r->module ? "The module is built, and was read again as the kernel will read it."
			  : "A module was built from this text, to be checked, and was read again "
			    "as the kernel will read it; the tree for which it is laid out builds "
			    "its own.",
		judge
	};
}

static void decide(struct klp_page *page, struct klp_scope *scope)
{
	const struct klp_findings *list = &page->report->findings;
	size_t n = 0;

	klp_scope_list(scope, "DECIDE");
	for (int severity = KLP_ERROR; severity >= (int)KLP_WARNING; severity--)
		for (size_t i = 0; i < list->n; i++) {
			const struct klp_finding *f = &list->v[i];
			struct klp_scope *item;

			if ((int)f->severity != severity || n++ >= KLP_HTML_MAX_ROWS)
				continue;
			item = klp_scope_add(scope, "DECIDE");
			klp_html__markup(item, "DECIDE_ID", klp_html__finding_id(page, i));
			klp_html__text(page, item, "DECIDE_MESSAGE", f->message);
			klp_html__if_text(page, item, "DECIDE_HAS_HINT", "DECIDE_HINT", f->hint);
		}
	klp_html__more(page, scope, "DECIDE_MORE", n);
}

static void decisions(struct klp_page *page)
{
	size_t errors = klp_html__severity(page, KLP_ERROR);
	size_t warnings = klp_html__severity(page, KLP_WARNING);
	struct klp_scope *scope;

	klp_scope_list(page->root, "HAS_DECIDE");
	if (!errors && !warnings)
		return;
	scope = klp_scope_add(page->root, "HAS_DECIDE");
	klp_html__text(page, scope, "DECIDE_TITLE",
		       !errors ? klp_sprintf(page->arena, "For a human to decide (%zu)", warnings)
		       : warnings ? klp_sprintf(page->arena,
						"In the way (%zu), and then to decide (%zu)",
						errors, warnings)
				  : klp_sprintf(page->arena, "In the way (%zu)", errors));
	decide(page, scope);
}

static void unproved(struct klp_page *page)
{
	const struct klp_findings *list = &page->report->findings;

	klp_scope_list(page->root, "UNPROVED");
	for (size_t i = 0; i < list->n; i++)
		if (!strcmp(list->v[i].code, "KLP-NO-PROOF"))
			klp_html__text(page, klp_scope_add(page->root, "UNPROVED"), "UNPROVED_TEXT",
				       list->v[i].message);
	if (!page->review->proof && page->report->last >= KLP_STAGE_EXTRACT &&
	    !page->report->refused && !page->report->nothing_to_do)
		klp_html__text(page, klp_scope_add(page->root, "UNPROVED"), "UNPROVED_TEXT",
			       "that the extracted text is what the kernel was built from (the "
			       "proofs were left out, by --no-proof)");
}

static void figure(struct klp_page *page, const char *label, char *value)
{
	struct klp_scope *scope = klp_scope_add(page->root, "FIGURES");

	klp_html__text(page, scope, "FIGURE_LABEL", label);
	klp_html__text(page, scope, "FIGURE", value);
}

static void figures(struct klp_page *page)
{
	const struct klp_report *r = page->report;
	const struct klp_proof *proof = &r->closure.proof;
	size_t identical = 0;

	klp_scope_list(page->root, "FIGURES");
	figure(page, page->review->fixes.n ? "changed by the fix" : "asked for",
	       klp_html__count(page, r->changed.n, "function"));
	if (r->last >= KLP_STAGE_CLOSURE)
		figure(page, r->refused ? "would be redirected" : "redirected",
		       klp_sprintf(page->arena, "%zu", r->closure.patch.n));
	if (r->last >= KLP_STAGE_EXTRACT && !r->refused) {
		figure(page, "copied along", klp_sprintf(page->arena, "%zu", r->closure.copied.n));
		figure(page, "references to the kernel",
		       klp_sprintf(page->arena, "%zu", r->plan.refs.n));
	}
	if (proof->compiled_units)
		figure(page, "changed, but neither patched nor copied",
		       klp_sprintf(page->arena, "%zu of %zu", proof->outside_patch_set.n,
				   proof->changed_in_object.n));
	for (size_t i = 0; i < r->fidelity.n; i++)
		identical += r->fidelity.v[i].isolated;
	if (r->fidelity.n)
		figure(page, "unpatched, identical to the kernel\xe2\x80\x99s code",
		       klp_sprintf(page->arena, "%zu of %zu", identical, r->fidelity.n));
}

void klp_html__verdict(struct klp_page *page)
{
	const struct verdict v = verdict_of(page);

	klp_html__markup(page->root, "VERDICT_CLASS", v.class);
	klp_html__markup(page->root, "VERDICT_MARK", v.mark);
	klp_html__plain(page, page->root, "VERDICT", v.text);
	klp_html__text(page, page->root, "VERDICT_MEANS", v.means);
	klp_html__text(page, page->root, "JUDGE", v.judge);
	decisions(page);
	unproved(page);
	figures(page);
}
