// SPDX-License-Identifier: GPL-2.0-or-later
/* Section 3: all that the stages have to say, the worst first. */
#include <ctype.h>
#include <string.h>

#include "html/private.h"

char *klp_html__finding_id(struct klp_page *page, size_t index)
{
	return klp_sprintf(page->arena, "finding-%zu", index + 1);
}

/* The heading of docs/findings.md, as hosts of git make anchors. */
static char *anchor(struct klp_page *page, const char *code)
{
	char *s = klp_strdup(page->arena, code);

	for (char *p = s; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return s;
}

static void one(struct klp_page *page, size_t index)
{
	const struct klp_finding *f = &page->report->findings.v[index];
	struct klp_scope *scope = klp_scope_add(page->root, "FINDINGS");

	klp_html__markup(scope, "F_CLASS", klp_severity_name(f->severity));
	klp_html__markup(scope, "F_ID", klp_html__finding_id(page, index));
	klp_html__markup(scope, "F_SEVERITY", klp_severity_name(f->severity));
	klp_html__text(page, scope, "F_CODE", f->code);
	klp_html__text(page, scope, "F_MESSAGE", f->message);
	klp_html__if_text(page, scope, "F_HAS_PLACE", "F_PLACE",
			  f->file ? klp_html__place(page, f->file, f->line) : NULL);
	klp_html__if_text(page, scope, "F_HAS_ACCEPTED", "F_ACCEPTED", f->accepted);
	klp_html__if_text(page, scope, "F_HAS_HINT", "F_HINT", f->hint);
	klp_html__if_text(page, scope, "F_HAS_KERNEL", "F_KERNEL", f->kernel);
	klp_html__text(page, scope, "F_ANCHOR", anchor(page, f->code));
}

void klp_html__findings(struct klp_page *page)
{
	const struct klp_findings *list = &page->report->findings;
	size_t n = 0;

	klp_html__text(
		page, page->root, "FINDINGS_LEAD",
		!list->n ? "None: no stage that ran had an objection or a remark."
			 : klp_sprintf(page->arena, "%s, %s, %s; the worst first.",
				       klp_html__count(page, klp_html__severity(page, KLP_ERROR),
						       "error"),
				       klp_html__count(page, klp_html__severity(page, KLP_WARNING),
						       "warning"),
				       klp_html__count(page, klp_html__severity(page, KLP_NOTE),
						       "note")));
	klp_scope_list(page->root, "FINDINGS");
	for (int severity = KLP_ERROR; severity >= (int)KLP_NOTE; severity--)
		for (size_t i = 0; i < list->n; i++)
			if ((int)list->v[i].severity == severity && n++ < KLP_HTML_MAX_ROWS)
				one(page, i);
	klp_html__more(page, page->root, "FINDINGS_MORE", n);
}
