// SPDX-License-Identifier: GPL-2.0-or-later
#include "html/html.h"

#include "html/private.h"

int klp_html_report(struct klp_arena *arena, const struct klp_report *report,
		    const struct klp_review *review, const char **ret, struct klp_error *err)
{
	struct klp_page page = {
		.arena = arena, .report = report, .review = review, .root = klp_scope_new(arena)
	};
	struct klp_buf out;

	klp_callgraph(arena, report, &page.graph);
	klp_html__plain(&page, page.root, "NAME", report->name);
	klp_html__markup(page.root, "STYLE", klp_template_get("report.css"));
	klp_html__markup(page.root, "VERSION", KLP_VERSION);
	klp_html__text(&page, page.root, "KERNEL",
		       review->release ? klp_sprintf(arena, "Linux %s", review->release)
				       : "a kernel whose release the build doesn't tell");
	klp_html__verdict(&page);
	klp_html__fix(&page);
	klp_html__patched(&page);
	klp_html__findings(&page);
	klp_html__source(&page);
	klp_html__references(&page);
	klp_html__around(&page);
	klp_html__proofs(&page);
	klp_html__finished(&page);
	klp_buf_init(&out, arena);
	if (klp_template_expand("report.html", klp_template_get("report.html"), page.root, &out,
				err) < 0)
		return err->code;
	*ret = out.p;
	return 0;
}
