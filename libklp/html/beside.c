// SPDX-License-Identifier: GPL-2.0-or-later
/* A definition before and after, as a table with a row for each pair of lines. */
#include <string.h>

#include "html/match.h"
#include "html/private.h"

/* So many equal lines in a row are shown around what differs; more are folded. */
#define CONTEXT 6
#define FOLD	(2 * CONTEXT + 8)

/* A pair of lines; an index is KLP_MATCH_NONE for no line on that side. */
struct pair {
	uint32_t a, b;
	bool equal;
};
KLP_VEC(pairs, struct pair);

struct beside {
	struct klp_arena *arena;
	const struct klp_text *text;
	struct klp_pieces a, b; /* lines */
	struct pairs pairs;
	struct klp_buf *out;
	size_t room; /* of `out` */
	size_t cut;  /* lines that it had no room for */
};

/* Lines that went and lines that came, beside each other as far as there are of both. */
static void pair_up(struct beside *s)
{
	const uint32_t *to = klp_html__match(s->arena, &s->a, &s->b);
	uint32_t i = 0, k = 0;

	while (i < s->a.n || k < s->b.n) {
		uint32_t gone = i, came;

		if (i < s->a.n && to[i] == k) {
			klp_vec_push(s->arena, &s->pairs, ((struct pair){ i++, k++, true }));
			continue;
		}
		while (gone < s->a.n && to[gone] == KLP_MATCH_NONE)
			gone++;
		came = gone < s->a.n ? to[gone] : (uint32_t)s->b.n;
		while (i < gone || k < came) {
			uint32_t left = i < gone ? i++ : KLP_MATCH_NONE;
			uint32_t right = k < came ? k++ : KLP_MATCH_NONE;

			klp_vec_push(s->arena, &s->pairs, ((struct pair){ left, right, false }));
		}
	}
}

static void escape(struct beside *s, struct klp_piece piece)
{
	klp_html__escape(s->out, KLP_HTML_TEXT, piece.p, piece.len, KLP_HTML_MAX_LINE);
}

/* How much two lines have in common, in bytes that are no blanks. */
static size_t common(const struct klp_pieces *a, const uint32_t *to)
{
	size_t n = 0;

	for (size_t i = 0; i < a->n; i++)
		if (to[i] != KLP_MATCH_NONE && a->v[i].p[0] != ' ' && a->v[i].p[0] != '\t')
			n += a->v[i].len;
	return n;
}

/* The words of a line, those that the other one lacks within <del> or <ins>. */
static void words(struct beside *s, const struct klp_pieces *words, const bool *kept,
		  const char *tag)
{
	for (size_t i = 0; i < words->n;) {
		size_t first = i, len = 0;
		bool mark = !kept[i];

		for (; i < words->n && kept[i] != mark; i++)
			len += words->v[i].len;
		if (mark)
			klp_buf_addf(s->out, "<%s>", tag);
		escape(s, (struct klp_piece){ words->v[first].p, len });
		if (mark)
			klp_buf_addf(s->out, "</%s>", tag);
	}
}

/* What both cells of a row hold: marked words, where the lines are alike. */
struct row {
	struct klp_pieces a, b;
	bool *kept_a, *kept_b;
	bool marked;
};

static struct row row_of(struct beside *s, const struct pair *p)
{
	struct row row = {};
	uint32_t *to;

	if (p->equal || p->a == KLP_MATCH_NONE || p->b == KLP_MATCH_NONE ||
	    s->a.v[p->a].len > KLP_HTML_MAX_LINE || s->b.v[p->b].len > KLP_HTML_MAX_LINE)
		return row;
	klp_html__words(s->arena, s->a.v[p->a], &row.a);
	klp_html__words(s->arena, s->b.v[p->b], &row.b);
	to = klp_html__match(s->arena, &row.a, &row.b);
	row.kept_a = klp_alloc_array(s->arena, row.a.n + 1, sizeof(*row.kept_a));
	row.kept_b = klp_alloc_array(s->arena, row.b.n + 1, sizeof(*row.kept_b));
	for (size_t i = 0; i < row.a.n; i++) {
		row.kept_a[i] = to[i] != KLP_MATCH_NONE;
		if (row.kept_a[i])
			row.kept_b[to[i]] = true;
	}
	row.marked = 3 * common(&row.a, to) >= s->a.v[p->a].len;
	return row;
}

static void cells(struct beside *s, const struct pair *p, const struct row *row, bool after)
{
	uint32_t line = after ? p->b : p->a;
	const struct klp_pieces *lines = after ? &s->b : &s->a;
	unsigned int first = after ? s->text->after_line : s->text->before_line;
	const char *side = after ? "" : " was";
	const char *class = p->equal ? "" : after ? " ins" : " del";

	if (line == KLP_MATCH_NONE) {
		klp_buf_addf(s->out, "<td class=\"n none%s\"></td><td class=\"c none%s\"></td>",
			     side, side);
		return;
	}
	klp_buf_addf(s->out, "<td class=\"n%s%s\">%u%s</td><td class=\"c%s%s\">", class, side,
		     first + line,
		     p->equal ? "  "
		     : after  ? " +"
			      : " \xe2\x88\x92",
		     class, side);
	if (row->marked)
		words(s, after ? &row->b : &row->a, after ? row->kept_b : row->kept_a,
		      after ? "ins" : "del");
	else
		escape(s, lines->v[line]);
	klp_buf_add(s->out, "</td>");
}

static bool is_full(struct beside *s)
{
	bool full = s->out->len > s->room;

	s->cut += full;
	return full;
}

static void table(struct beside *s, size_t from, size_t to)
{
	klp_buf_add(s->out, "<table class=\"sbs\"><colgroup><col class=\"cn\"/><col/><col "
			    "class=\"cn\"/><col/></colgroup>\n");
	klp_buf_add(s->out, "<thead><tr><th scope=\"col\" colspan=\"2\">Before</th><th "
			    "scope=\"col\" colspan=\"2\">After</th></tr></thead>\n<tbody>\n");
	for (size_t i = from; i < to; i++) {
		const struct pair *p = &s->pairs.v[i];
		struct row row;

		if (is_full(s))
			continue;
		row = row_of(s, p);
		klp_buf_addf(s->out, "<tr class=\"%s\">", p->equal ? "eq" : "ch");
		cells(s, p, &row, false);
		cells(s, p, &row, true);
		klp_buf_add(s->out, "</tr>\n");
	}
	klp_buf_add(s->out, "</tbody></table>\n");
}

static size_t equal_run(const struct beside *s, size_t from)
{
	size_t n = 0;

	while (from + n < s->pairs.n && s->pairs.v[from + n].equal)
		n++;
	return n;
}

/* What differs with its surroundings; long stretches without a difference are folded. */
static void tables(struct beside *s)
{
	size_t from = 0;

	for (size_t i = 0; i < s->pairs.n;) {
		size_t run = equal_run(s, i), first = i ? CONTEXT : 0;
		size_t last = i + run < s->pairs.n ? CONTEXT : 0;

		if (run < FOLD || run == s->pairs.n) {
			i += run ? run : 1;
			continue;
		}
		if (i + first > from)
			table(s, from, i + first);
		klp_buf_addf(s->out, "<details><summary>%zu lines without a difference</summary>\n",
			     run - first - last);
		table(s, i + first, i + run - last);
		klp_buf_add(s->out, "</details>\n");
		from = i = i + run - last;
	}
	if (from < s->pairs.n)
		table(s, from, s->pairs.n);
}

/* One column is enough where there is one version, or both are the same. */
static void single(struct beside *s, const char *text, unsigned int first, const char *heading,
		   const char *class, const char *sign)
{
	struct klp_pieces lines = {};

	klp_html__lines(s->arena, text, &lines);
	klp_buf_addf(s->out,
		     "<table class=\"sbs\"><colgroup><col class=\"cn\"/><col/></colgroup>\n"
		     "<thead><tr><th scope=\"col\" colspan=\"2\">%s</th></tr></thead>\n<tbody>\n",
		     heading);
	for (size_t i = 0; i < lines.n; i++) {
		if (is_full(s))
			continue;
		klp_buf_addf(s->out, "<tr><td class=\"n%s\">%zu %s</td><td class=\"c%s\">", class,
			     first + i, sign, class);
		escape(s, lines.v[i]);
		klp_buf_add(s->out, "</td></tr>\n");
	}
	klp_buf_add(s->out, "</tbody></table>\n");
}

void klp_html__beside(struct klp_buf *out, const struct klp_text *text, size_t room)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct beside s = { .arena = arena, .text = text, .out = out, .room = room };

	klp_buf_add(out, "<div class=\"sheet\">\n");
	if (!text->before) {
		single(&s, text->after, text->after_line, "New", " ins", "+");
	} else if (!text->after) {
		single(&s, text->before, text->before_line, "Removed", " del", "\xe2\x88\x92");
	} else if (text->before == text->after) {
		single(&s, text->before, text->before_line, "Before and after", "", " ");
	} else {
		klp_html__lines(arena, text->before, &s.a);
		klp_html__lines(arena, text->after, &s.b);
		pair_up(&s);
		tables(&s);
	}
	klp_buf_add(out, "</div>\n");
	if (s.cut)
		klp_buf_addf(
			out,
			"<p class=\"more\">%zu more lines are left out: this page has room for "
			"%zu MiB of source.</p>\n",
			s.cut, room >> 20);
}
