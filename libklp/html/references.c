// SPDX-License-Identifier: GPL-2.0-or-later
/* Section 5: what the module needs of the running kernel, and who finds it when it is loaded. */
#include <string.h>

#include "html/private.h"

/* Exports are what every module has: more than these are folded. */
#define OPEN_EXPORTS 8

static const struct {
	enum klp_symref_how how;
	const char *title, *means;
} groups[] = {
	{ KLP_HOW_RELOC, "By livepatch relocation",
	  "The kernel\xe2\x80\x99s own functions and variables, exported or not: livepatch looks "
	  "each one up by object, name and position when that object is patched. The module uses "
	  "the kernel\xe2\x80\x99s, it has no copies." },
	{ KLP_HOW_KALLSYMS, "By pointers that the module sets",
	  "Looked up by object, name and position when the module is loaded; what is missing or "
	  "ambiguous blocks the load." },
	{ KLP_HOW_EXPORT, "By ordinary export",
	  "Resolved by the module loader, as for any module." },
};

static char *table(struct klp_page *page, enum klp_symref_how how)
{
	const struct klp_symrefs *refs = &page->report->plan.refs;
	bool positions = how != KLP_HOW_EXPORT;
	struct klp_buf out;
	size_t n = 0;

	klp_buf_init(&out, page->arena);
	klp_buf_addf(&out,
		     "<table>\n<thead><tr><th scope=\"col\">Symbol</th><th scope=\"col\">Object"
		     "</th>%s<th scope=\"col\">Needed by</th></tr></thead>\n<tbody>\n",
		     positions ? "<th scope=\"col\">Position</th><th scope=\"col\">Found when this "
				 "is there</th>"
			       : "");
	for (size_t i = 0; i < refs->n; i++) {
		const struct klp_symref *r = &refs->v[i];

		if (r->how != how || n++ >= KLP_HTML_MAX_ROWS)
			continue;
		klp_buf_add(&out, "<tr><th scope=\"row\">");
		klp_html__add_code(&out, r->symbol);
		klp_buf_add(&out, "</th><td>");
		klp_html__add_code(&out, r->object);
		if (positions && r->sympos)
			klp_buf_addf(&out, "</td><td class=\"short\">number %u</td><td>",
				     r->sympos);
		else if (positions)
			klp_buf_add(&out, "</td><td class=\"short\">the only one</td><td>");
		if (positions)
			klp_html__add_code(&out, r->section_object);
		klp_buf_add(&out, "</td><td>");
		klp_html__add_code(&out, r->needed_by);
		klp_buf_add(&out, "</td></tr>\n");
	}
	klp_buf_add(&out, "</tbody>\n</table>");
	return out.p;
}

static size_t count(const struct klp_page *page, enum klp_symref_how how)
{
	const struct klp_symrefs *refs = &page->report->plan.refs;
	size_t n = 0;

	for (size_t i = 0; i < refs->n; i++)
		n += refs->v[i].how == how;
	return n;
}

void klp_html__references(struct klp_page *page)
{
	bool asked = page->report->last >= KLP_STAGE_EXTRACT && !page->report->refused;
	const struct klp_symrefs *refs = &page->report->plan.refs;

	klp_html__text(page, page->root, "REFERENCES_LEAD",
		       page->report->nothing_to_do ? "Nothing: there is no module."
		       : !asked && !refs->n
			       ? "Not known: the run ended before the new functions were extracted."
		       : refs->n ? klp_sprintf(page->arena,
					       "%s of the running kernel, %zu by ordinary export.",
					       klp_html__count(page, refs->n, "symbol"),
					       count(page, KLP_HOW_EXPORT))
				 : "Nothing of the running kernel.");
	klp_scope_list(page->root, "REF_GROUPS");
	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++) {
		size_t n = count(page, groups[i].how);
		bool folded = groups[i].how == KLP_HOW_EXPORT && n > OPEN_EXPORTS;
		struct klp_scope *scope;

		if (!n)
			continue;
		scope = klp_scope_add(page->root, "REF_GROUPS");
		klp_html__text(page, scope, "GROUP", groups[i].title);
		klp_html__text(page, scope, "GROUP_MEANS", groups[i].means);
		klp_html__number(page, scope, "GROUP_N", n);
		klp_scope_condition(scope, "GROUP_OPEN", !folded);
		klp_scope_condition(scope, "GROUP_FOLDED", folded);
		klp_html__markup(scope, "GROUP_TABLE", table(page, groups[i].how));
		klp_html__more(page, scope, "GROUP_MORE", n);
	}
}
