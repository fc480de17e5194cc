// SPDX-License-Identifier: GPL-2.0-or-later
/* Sections 8 and 9: how far the run came, and how to do it again. */
#include <string.h>

#include "html/private.h"

static const char *stage_says(enum klp_stage stage)
{
	static const char *const texts[KLP_NSTAGES] = {
		[KLP_STAGE_DETECT] =
			"which functions the fix changes, by the compiler\xe2\x80\x99s "
			"tokens of both versions",
		[KLP_STAGE_CLOSURE] =
			"whose machine code holds a copy of them, by the "
			"compiler\xe2\x80\x99s dumps and the kernel\xe2\x80\x99s objects",
		[KLP_STAGE_CHECK] = "whether each can be redirected, by the symbol tables of what "
				    "runs",
		[KLP_STAGE_EXTRACT] = "the new functions and what they need, as C",
		[KLP_STAGE_RENDER] = "the module\xe2\x80\x99s directory",
		[KLP_STAGE_BUILD] = "Kbuild, with the kernel\xe2\x80\x99s own flags",
		[KLP_STAGE_CONVERT] = "references to the kernel become livepatch relocations",
		[KLP_STAGE_VERIFY] = "the finished file, read again by the rules of the module "
				     "loader and of livepatch",
	};

	return texts[stage];
}

static void stages(struct klp_page *page)
{
	const struct klp_report *r = page->report;
	struct klp_scope *scope = klp_scope_add(page->root, "HAS_STAGES");

	klp_scope_list(scope, "STAGES");
	for (int i = 0; i < KLP_NSTAGES; i++) {
		struct klp_scope *row = klp_scope_add(scope, "STAGES");
		bool done = i <= (int)r->last, stop = i == (int)r->last && r->refused;

		klp_html__markup(row, "STAGE_CLASS", stop ? "stop" : done ? "done" : "not");
		klp_html__markup(row, "STAGE_MARK",
				 stop	? "\xe2\x9c\x95"
				 : done ? "\xe2\x9c\x93"
					: "\xe2\x80\x93");
		klp_html__markup(row, "STAGE", klp_stage_name((enum klp_stage)i));
		klp_html__text(page, row, "STAGE_TEXT",
			       klp_sprintf(page->arena, "%s%s", stage_says((enum klp_stage)i),
					   stop	  ? " (the last one: refused)"
					   : done ? ""
						  : " (not reached)"));
	}
}

static size_t about_module(const struct klp_page *page)
{
	static const char of_verify[] = "KLP-V-*"; /* see docs/findings.md */
	const struct klp_findings *list = &page->report->findings;
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++)
		n += !strncmp(list->v[i].code, of_verify, sizeof(of_verify) - 2);
	return n;
}

static void verification(struct klp_page *page)
{
	const struct klp_report *r = page->report;
	size_t n = about_module(page);

	klp_scope_list(page->root, "HAS_STAGES");
	klp_html__text(page, page->root, "VERIFY_LEAD",
		       r->last < KLP_STAGE_VERIFY
			       ? "There is none that was verified; this is how far the run came:"
		       : n ? klp_sprintf(page->arena,
					 "It was read again as the kernel will read it: %s, above. "
					 "These were the stages:",
					 klp_html__count(page, n, "finding"))
			   : "It was read again as the kernel will read it, and as the plan "
			     "describes it, without a finding. Signatures, and what else is loaded "
			     "there, are not looked at. These were the stages:");
	stages(page);
}

void klp_html__finished(struct klp_page *page)
{
	const struct klp_report *r = page->report;
	bool made = r->last >= KLP_STAGE_RENDER && !r->refused && !r->nothing_to_do;

	verification(page);
	klp_html__text(page, page->root, "COMMAND", page->review->command);
	klp_scope_condition(page->root, "HAS_MODULE", made && !page->review->suse);
	klp_html__if_text(page, page->root, "NO_MODULE", "NO_MODULE_TEXT",
			  !made ? "There is no module to load."
			  : page->review->suse
				  ? "This directory belongs into the tree that it is laid out for, "
				    "whose own scripts build it."
				  : NULL);
}
