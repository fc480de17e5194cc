// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "html/private.h"

static char *escaped(struct klp_page *page, enum klp_html_place place, const char *text)
{
	struct klp_buf out;

	klp_buf_init(&out, page->arena);
	if (text)
		klp_html__escape(&out, place, text, strlen(text), KLP_HTML_MAX_TEXT);
	return out.p;
}

void klp_html__text(struct klp_page *page, struct klp_scope *scope, const char *name,
		    const char *text)
{
	klp_scope_set(scope, name, escaped(page, KLP_HTML_TEXT, text));
}

void klp_html__plain(struct klp_page *page, struct klp_scope *scope, const char *name,
		     const char *text)
{
	klp_scope_set(scope, name, escaped(page, KLP_HTML_PLAIN, text));
}

void klp_html__markup(struct klp_scope *scope, const char *name, const char *markup)
{
	klp_scope_set(scope, name, markup);
}

void klp_html__number(struct klp_page *page, struct klp_scope *scope, const char *name, size_t n)
{
	klp_scope_set(scope, name, klp_sprintf(page->arena, "%zu", n));
}

void klp_html__if_text(struct klp_page *page, struct klp_scope *scope, const char *list,
		       const char *name, const char *text)
{
	klp_scope_list(scope, list);
	if (text)
		klp_html__text(page, klp_scope_add(scope, list), name, text);
}

void klp_html__more(struct klp_page *page, struct klp_scope *scope, const char *name, size_t n)
{
	char *text = NULL;

	if (n > KLP_HTML_MAX_ROWS)
		text = klp_sprintf(page->arena,
				   "And %zu more: this page shows %d of them, report.json has all.",
				   n - KLP_HTML_MAX_ROWS, KLP_HTML_MAX_ROWS);
	klp_html__if_text(page, scope, name, klp_sprintf(page->arena, "%s_TEXT", name), text);
}

void klp_html__add(struct klp_buf *out, const char *text)
{
	if (text)
		klp_html__escape(out, KLP_HTML_TEXT, text, strlen(text), KLP_HTML_MAX_TEXT);
}

void klp_html__add_code(struct klp_buf *out, const char *text)
{
	klp_buf_add(out, "<code>");
	klp_html__add(out, text);
	klp_buf_add(out, "</code>");
}

char *klp_html__place(struct klp_page *page, const char *file, unsigned int line)
{
	if (!file)
		return klp_strdup(page->arena, "");
	return line ? klp_sprintf(page->arena, "%s:%u", file, line) : klp_strdup(page->arena, file);
}

char *klp_html__count(struct klp_page *page, size_t n, const char *what)
{
	const char *many = what[strlen(what) - 1] == 'x' ? "es" : "s";

	return klp_sprintf(page->arena, "%zu %s%s", n, what, n == 1 ? "" : many);
}
