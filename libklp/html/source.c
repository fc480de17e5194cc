// SPDX-License-Identifier: GPL-2.0-or-later
/* Section 4: what changes, and what is patched, as it is written. */
#include <string.h>

#include "html/private.h"

struct sources {
	struct klp_page *page;
	struct klp_buf out;
	size_t unshown; /* for lack of room */
};

static bool is_of(const struct klp_text *text, const struct klp_unit *unit, const char *function)
{
	bool unit_is = false;

	for (size_t i = 0; i < text->units.n; i++)
		unit_is = unit_is || text->units.v[i] == unit;
	return unit_is && klp_strs_has(&text->functions, function);
}

static const struct klp_patched *patched(const struct klp_page *page, const struct klp_text *text)
{
	const struct klp_patched_vec *patch = &page->report->closure.patch;

	for (size_t i = 0; i < patch->n; i++)
		if (is_of(text, patch->v[i].unit, patch->v[i].symbol))
			return &patch->v[i];
	return NULL;
}

static const struct klp_change *changed(const struct klp_page *page, const struct klp_text *text)
{
	const struct klp_changes *changes = &page->report->changed;

	for (size_t i = 0; i < changes->n; i++)
		if (is_of(text, changes->v[i].unit, changes->v[i].function))
			return &changes->v[i];
	return NULL;
}

static void names(struct klp_buf *out, const struct klp_text *text)
{
	for (size_t i = 0; i < text->functions.n && i < 12; i++) {
		klp_buf_add(out, i ? ", " : "");
		klp_html__add_code(out, text->functions.v[i]);
	}
	if (text->functions.n > 12)
		klp_buf_addf(out, " and %zu more", text->functions.n - 12);
}

/* Why an unchanged function is patched, by its first reason. */
static void why(struct klp_buf *out, const struct klp_patched *p)
{
	const struct klp_reason *r = &p->reasons.v[0];

	klp_html__add(out, klp_reason_says(r->kind));
	if (klp_reason_is_of_another(r->kind) && r->of)
		klp_html__add_code(out, r->of);
	if (p->reasons.n > 1)
		klp_buf_addf(out, ", and %zu more reason%s", p->reasons.n - 1,
			     p->reasons.n == 2 ? "" : "s");
}

static void meta(struct sources *s, const struct klp_text *text, const struct klp_change *c,
		 const struct klp_patched *p)
{
	/* of what stays as it is, the place in the kernel that runs */
	bool stays = !text->after || text->before == text->after;
	unsigned int line = stays ? text->before_line : text->after_line;
	struct klp_buf *out = &s->out;

	klp_buf_add(out, "<p class=\"meta\">");
	klp_html__add_code(out, klp_html__place(s->page, text->file, line));
	if (c && c->kind == KLP_NAMED)
		klp_buf_add(out, " \xc2\xb7 asked for, as it is");
	else if (c)
		klp_buf_addf(out, " \xc2\xb7 %s",
			     c->kind == KLP_ADDED     ? "new in the fix"
			     : c->kind == KLP_REMOVED ? "removed by the fix"
			     : c->kind == KLP_LINKAGE ? "only its linkage changes"
						      : "changed by the fix");
	if (text->units.n > 1)
		klp_buf_addf(out, " \xc2\xb7 in %zu units", text->units.n);
	if (p) {
		klp_buf_add(out, s->page->report->refused ? " \xc2\xb7 would be patched in "
							  : " \xc2\xb7 patched in ");
		klp_html__add_code(out, p->object);
	} else {
		klp_buf_add(out, " \xc2\xb7 not redirected by itself");
	}
	klp_buf_add(out, "</p>\n");
}

static void one(struct sources *s, const struct klp_text *text)
{
	const struct klp_patched *p = patched(s->page, text);
	const struct klp_change *c = changed(s->page, text);
	bool folded = text->before == text->after && !(c && c->kind == KLP_NAMED);
	struct klp_buf *out = &s->out;

	if (out->len > KLP_HTML_MAX_SOURCE) {
		s->unshown++;
		return;
	}
	klp_buf_add(out, "<article class=\"function\">\n<h3>");
	names(out, text);
	klp_buf_add(out, "</h3>\n");
	meta(s, text, c, p);
	if (folded) {
		klp_buf_add(out, "<details><summary>");
		klp_buf_add(out, c ? "Its text is the same; what it says has another meaning"
				   : "Its text is the same; it ");
		if (!c && p)
			why(out, p);
		klp_buf_add(out, "</summary>\n");
	}
	klp_html__beside(out, text, KLP_HTML_MAX_SOURCE);
	klp_buf_add(out, folded ? "</details>\n</article>\n" : "</article>\n");
}

/* What the fix changes comes first. */
static void all(struct sources *s)
{
	const struct klp_texts *texts = &s->page->review->texts;

	for (size_t i = 0; i < texts->n; i++)
		if (texts->v[i].before != texts->v[i].after || changed(s->page, &texts->v[i]))
			one(s, &texts->v[i]);
	for (size_t i = 0; i < texts->n; i++)
		if (texts->v[i].before == texts->v[i].after && !changed(s->page, &texts->v[i]))
			one(s, &texts->v[i]);
}

static char *textless(struct klp_page *page, size_t unshown)
{
	const struct klp_strs *list = &page->review->textless;
	struct klp_buf out;

	klp_buf_init(&out, page->arena);
	if (unshown)
		klp_buf_addf(
			&out,
			"%zu more definitions are not shown: this page has room for %zu MiB of "
			"source. ",
			unshown, KLP_HTML_MAX_SOURCE >> 20);
	for (size_t i = 0; i < list->n && i < KLP_HTML_MAX_ROWS; i++)
		klp_buf_addf(&out, "%s%s",
			     i ? ", " : "Their source could not be told: ", list->v[i]);
	if (list->n > KLP_HTML_MAX_ROWS)
		klp_buf_addf(&out, " and %zu more", list->n - KLP_HTML_MAX_ROWS);
	return out.len ? out.p : NULL;
}

void klp_html__source(struct klp_page *page)
{
	const struct klp_texts *texts = &page->review->texts;
	struct sources s = { .page = page };
	bool fix = page->review->fixes.n;

	klp_buf_init(&s.out, page->arena);
	all(&s);
	klp_html__text(page, page->root, "SOURCE_LEAD",
		       !texts->n && page->report->nothing_to_do ? "None: no function changes."
		       : !texts->n ? "None: the run didn\xe2\x80\x99t come to a function."
		       : fix ? "Each function that the fix changes, and each that is patched. "
			       "Lines that differ have \xe2\x88\x92 and + behind their number; "
			       "characters that can\xe2\x80\x99t be seen, or that turn the "
			       "direction of writing, are written out in \xe2\x9f\xa6\xe2\x9f\xa7."
			     : "Each function as it is in the kernel\xe2\x80\x99s source.");
	klp_html__markup(page->root, "SOURCES", s.out.p);
	klp_html__if_text(page, page->root, "TEXTLESS", "TEXTLESS_TEXT", textless(page, s.unshown));
}
