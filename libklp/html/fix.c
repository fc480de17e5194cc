// SPDX-License-Identifier: GPL-2.0-or-later
/* Section 1: the diffs, as they were given. */
#include <string.h>

#include "html/match.h"
#include "html/private.h"

/* A longer diff is folded, so that what it does to the kernel isn't pages away. */
#define LONG_DIFF 60

static bool begins(const struct klp_piece *line, const char *prefix)
{
	size_t n = strlen(prefix);

	return line->len >= n && !memcmp(line->p, prefix, n);
}

/* So many lines stand before the first file: what its author says of it. */
static size_t leading(const struct klp_fix *fix, const struct klp_pieces *lines)
{
	size_t end = fix->files.n ? fix->files.v[0].line - 1 : 0;

	for (size_t i = 0; i < end && i < lines->n; i++)
		if (begins(&lines->v[i], "diff ") || begins(&lines->v[i], "Index: "))
			return i;
	return end;
}

/* What git writes between the message and the first file: a table of what the diff changes. */
static size_t message_end(const struct klp_pieces *lines, size_t end)
{
	for (size_t i = 0; i < end; i++)
		if (lines->v[i].len == 3 && begins(&lines->v[i], "---"))
			return i;
	return end;
}

static bool is_blank(const struct klp_piece *line)
{
	return strspn(line->p, " \t\r") >= line->len;
}

static void take(size_t *room, size_t n)
{
	*room -= n < *room ? n : *room;
}

static void message(struct klp_page *page, struct klp_scope *scope, const struct klp_pieces *lines,
		    size_t end, size_t *room)
{
	size_t first = 0, last = message_end(lines, end), i;
	struct klp_buf out;

	klp_scope_list(scope, "MESSAGE");
	while (first < last && is_blank(&lines->v[first]))
		first++;
	while (last > first && is_blank(&lines->v[last - 1]))
		last--;
	if (first == last)
		return;
	klp_buf_init(&out, page->arena);
	for (i = first; i < last && i < first + KLP_HTML_MAX_ROWS && out.len <= *room; i++) {
		klp_html__escape(&out, KLP_HTML_TEXT, lines->v[i].p, lines->v[i].len,
				 KLP_HTML_MAX_LINE);
		klp_buf_add(&out, "\n");
	}
	if (i < last)
		klp_buf_addf(&out, "<span class=\"cut\">\xe2\x80\xa6 %zu more lines</span>",
			     last - i);
	take(room, out.len);
	klp_html__markup(klp_scope_add(scope, "MESSAGE"), "MESSAGE_TEXT", out.p);
}

static const char *class_of(const struct klp_fix *fix, const struct klp_piece *line, size_t number,
			    size_t *file)
{
	/* a "--- " line may be one that goes: the parser knows where files begin */
	if (*file < fix->files.n && number == fix->files.v[*file].line)
		return "file";
	if (*file < fix->files.n && number == fix->files.v[*file].line + 1) {
		++*file;
		return "file";
	}
	return begins(line, "@@")  ? "hunk"
	       : begins(line, "+") ? "ins"
	       : begins(line, "-") ? "del"
	       : begins(line, " ") ? "same"
				   : "file";
}

/* Ends where the page has room for no more; *ret_left lines are missing then. */
static char *diff(struct klp_page *page, const struct klp_fix *fix, const struct klp_pieces *lines,
		  size_t first, size_t *room, size_t *ret_left)
{
	struct klp_buf out;
	size_t file = 0;

	klp_buf_init(&out, page->arena);
	for (size_t i = first; i < lines->n; i++) {
		const char *class = class_of(fix, &lines->v[i], i + 1, &file);

		if (out.len > *room) {
			*ret_left = lines->n - i;
			break;
		}
		klp_buf_addf(&out, "<span class=\"%s\">", class);
		klp_html__escape(&out, KLP_HTML_TEXT, lines->v[i].p, lines->v[i].len,
				 KLP_HTML_MAX_LINE);
		klp_buf_add(&out, "\n</span>");
	}
	take(room, out.len);
	return out.p;
}

static void files(struct klp_page *page, struct klp_scope *scope, const struct klp_fix *fix)
{
	klp_scope_list(scope, "FIX_FILES");
	for (size_t i = 0; i < fix->files.n && i < KLP_HTML_MAX_ROWS; i++) {
		const struct klp_fix_file *f = &fix->files.v[i];
		struct klp_scope *row = klp_scope_add(scope, "FIX_FILES");

		klp_html__text(page, row, "PATH", f->path);
		klp_html__if_text(page, row, "PATH_WHAT", "PATH_WHAT_TEXT",
				  f->created   ? "new"
				  : f->deleted ? "deleted"
					       : NULL);
		klp_html__number(page, row, "ADDED", f->added);
		klp_html__number(page, row, "REMOVED", f->removed);
	}
	klp_html__more(page, scope, "FIX_FILES_MORE", fix->files.n);
}

static void one(struct klp_page *page, const struct klp_fix *fix, size_t *room)
{
	struct klp_scope *scope = klp_scope_add(page->root, "FIXES");
	const char *name = strcmp(fix->name, "-") ? fix->name : "standard input";
	struct klp_pieces lines = {};
	size_t first, left = 0;
	bool folded;

	klp_html__lines(page->arena, fix->text, &lines);
	first = leading(fix, &lines);
	folded = lines.n - first > LONG_DIFF;
	klp_html__text(page, scope, "FIX", name);
	klp_html__plain(page, scope, "FIX_PLAIN", name);
	klp_scope_condition(scope, "FIX_OF_BASE", fix->of_base);
	message(page, scope, &lines, first, room);
	files(page, scope, fix);
	klp_scope_condition(scope, "DIFF_SHORT", !folded);
	klp_scope_condition(scope, "DIFF_LONG", folded);
	klp_html__number(page, scope, "DIFF_LINES", lines.n - first);
	klp_html__markup(scope, "DIFF", diff(page, fix, &lines, first, room, &left));
	klp_html__if_text(page, scope, "DIFF_CUT", "DIFF_CUT_TEXT",
			  left ? klp_sprintf(page->arena,
					     "The last %zu lines are left out: this page has room "
					     "for %zu KiB of diffs.",
					     left, KLP_HTML_MAX_DIFFS >> 10)
			       : NULL);
}

/* A mail's or git's subject, of the fixes that are new here. */
static void subjects(struct klp_page *page)
{
	const struct klp_fixes *fixes = &page->review->fixes;

	klp_scope_list(page->root, "SUBJECTS");
	for (size_t i = 0; i < fixes->n && i < KLP_HTML_MAX_ROWS; i++)
		if (fixes->v[i].subject && !fixes->v[i].of_base)
			klp_html__text(page, klp_scope_add(page->root, "SUBJECTS"), "SUBJECT",
				       fixes->v[i].subject);
}

static void what(struct klp_page *page)
{
	const struct klp_fixes *fixes = &page->review->fixes;
	size_t added = 0, removed = 0;
	struct klp_map touched;
	struct klp_buf out;

	klp_map_init(&touched, page->arena);
	for (size_t i = 0; i < fixes->n; i++)
		for (size_t k = 0; k < fixes->v[i].files.n; k++) {
			const struct klp_fix_file *f = &fixes->v[i].files.v[k];

			added += f->added;
			removed += f->removed;
			klp_map_put(&touched, f->path, &touched);
		}
	klp_buf_init(&out, page->arena);
	if (fixes->n)
		klp_buf_addf(&out, "%s to %s, +%zu \xe2\x88\x92%zu lines",
			     klp_html__count(page, fixes->n, "fix"),
			     klp_html__count(page, touched.n, "file"), added, removed);
	else
		klp_buf_addf(&out, "%s, asked for by name",
			     klp_html__count(page, page->report->changed.n, "function"));
	if (page->review->release)
		klp_buf_addf(&out, ", for Linux %s", page->review->release);
	klp_html__text(page, page->root, "WHAT", out.p);
}

void klp_html__fix(struct klp_page *page)
{
	const struct klp_fixes *fixes = &page->review->fixes;
	size_t room = KLP_HTML_MAX_DIFFS;

	what(page);
	subjects(page);
	klp_scope_condition(page->root, "NO_FIX", !fixes->n);
	klp_scope_list(page->root, "FIXES");
	for (size_t i = 0; i < fixes->n && i < KLP_HTML_MAX_ROWS; i++)
		one(page, &fixes->v[i], &room);
	klp_html__more(page, page->root, "FIXES_MORE", fixes->n);
}
