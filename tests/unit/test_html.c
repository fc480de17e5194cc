// SPDX-License-Identifier: GPL-2.0-or-later
/* The review report's parts: the escaper, what is matched with what, where nodes are drawn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "html/escape.h"
#include "html/layout.h"
#include "html/match.h"
#include "html/private.h"

static struct klp_arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = klp_arena_new();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	klp_arena_free(arena);
	return 0;
}

static const char *escaped(enum klp_html_place place, const char *s, size_t n, size_t max)
{
	struct klp_buf out;

	klp_buf_init(&out, arena);
	klp_html__escape(&out, place, s, n, max);
	assert_int_equal(strlen(out.p), out.len);
	return out.p;
}

#define text(s)	 escaped(KLP_HTML_TEXT, s, sizeof(s) - 1, KLP_HTML_MAX_TEXT)
#define plain(s) escaped(KLP_HTML_PLAIN, s, sizeof(s) - 1, KLP_HTML_MAX_TEXT)

static void test_markup_is_text(void **state)
{
	(void)state;
	assert_string_equal(
		text("<script>alert('a' && \"b\")</script>"),
		"&lt;script&gt;alert(&#39;a&#39; &amp;&amp; &quot;b&quot;)&lt;/script&gt;");
	assert_string_equal(plain("\" onload='x"), "&quot; onload=&#39;x");
	assert_string_equal(text("]]>&amp;"), "]]&gt;&amp;amp;");
	assert_string_equal(text("a\tb\nc"), "a\tb\nc");
	assert_string_equal(plain("a\tb\nc"), "a&#9;b&#10;c");
	assert_string_equal(text(""), "");
}

/* "Trojan Source", CVE-2021-42574: what is displayed must be what is compiled. */
static void test_hidden_characters_are_written_out(void **state)
{
	static const uint32_t shown[] = { 0x00,	  0x01,	  0x0b,	  0x0d,	  0x1b,	   0x7f,   0x85,
					  0xa0,	  0xad,	  0x200b, 0x200d, 0x200e,  0x2028, 0x202a,
					  0x202b, 0x202c, 0x202d, 0x202e, 0x2060,  0x2066, 0x2067,
					  0x2068, 0x2069, 0xfeff, 0xffff, 0xe0041, 0x3164 };

	(void)state;
	assert_string_equal(
		text("a\xe2\x80\xaez"),
		"a<span class=\"odd\" title=\"changes the direction of writing\">\xe2\x9f\xa6U+202E"
		"\xe2\x9f\xa7</span>z");
	assert_string_equal(plain("a\xe2\x80\xaez"), "a\xe2\x9f\xa6U+202E\xe2\x9f\xa7z");
	for (size_t i = 0; i < sizeof(shown) / sizeof(*shown); i++) {
		uint32_t c = shown[i];
		char utf8[5] = {}, name[16];
		size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
		const char *got;

		for (size_t k = n; k-- > 1; c >>= 6)
			utf8[k] = (char)(0x80 | (c & 0x3f));
		utf8[0] = (char)(n == 1 ? c : (0xf00u >> n & 0xff) | c);
		got = escaped(KLP_HTML_TEXT, utf8, n, 100);
		snprintf(name, sizeof(name), "U+%04X", shown[i]);
		assert_non_null(strstr(got, name));
	}
	/* letters of any language are letters */
	assert_string_equal(text("\xc3\xa4\xe4\xb8\xad\xf0\x9f\x98\x80"),
			    "\xc3\xa4\xe4\xb8\xad\xf0\x9f\x98\x80");
}

static void test_bytes_that_are_no_utf8(void **state)
{
	(void)state;
	assert_string_equal(plain("\xff"), "\xe2\x9f\xa6"
					   "byte FF"
					   "\xe2\x9f\xa7");
	/* overlong, a surrogate, beyond the end: each byte by itself */
	assert_non_null(strstr(plain("\xc0\xaf"), "byte C0"));
	assert_non_null(strstr(plain("\xed\xa0\x80"), "byte ED"));
	assert_non_null(strstr(plain("\xe2\x80"), "byte E2"));
	assert_non_null(strstr(plain("\xf4\x90\x80\x80"), "byte F4"));
}

static void test_long_text_says_that_it_is_cut(void **state)
{
	static char long_line[1 << 20];
	const char *got;

	(void)state;
	memset(long_line, '<', sizeof(long_line));
	got = escaped(KLP_HTML_TEXT, long_line, sizeof(long_line), KLP_HTML_MAX_LINE);
	assert_true(strlen(got) < 5 * KLP_HTML_MAX_LINE);
	assert_non_null(strstr(got, "1047576 more bytes"));
	/* nothing is cut within a character */
	got = escaped(KLP_HTML_PLAIN,
		      "ab\xe2\x82\xac"
		      "cd",
		      7, 3);
	assert_string_equal(got, "ab\xe2\x82\xac\xe2\x80\xa6 2 more bytes");
}

static void test_utf8(void **state)
{
	uint32_t c = 0;

	(void)state;
	assert_int_equal(klp_utf8("\xf0\x9f\x98\x80", 4, &c), 4);
	assert_int_equal(c, 0x1f600);
	assert_int_equal(klp_utf8("\xf0\x9f\x98\x80", 3, &c), 0);
	assert_int_equal(klp_utf8("", 1, &c), 1);
	assert_int_equal(c, 0);
}

static void pieces_of(const char *letters, struct klp_pieces *ret)
{
	for (; *letters; letters++)
		klp_vec_push(arena, ret, ((struct klp_piece){ letters, 1 }));
}

/* Equal, rising, and of b each at most once; how many. */
static size_t check_match(const struct klp_pieces *a, const struct klp_pieces *b)
{
	const uint32_t *to = klp_html__match(arena, a, b);
	uint32_t next = 0;
	size_t n = 0;

	for (size_t i = 0; i < a->n; i++) {
		if (to[i] == KLP_MATCH_NONE)
			continue;
		assert_true(to[i] >= next && to[i] < b->n);
		assert_int_equal(a->v[i].p[0], b->v[to[i]].p[0]);
		next = to[i] + 1;
		n++;
	}
	return n;
}

/* The longest common subsequence by the table that takes n times m. */
static size_t longest(const char *a, const char *b)
{
	size_t table[40][40] = {};

	for (size_t i = 1; i <= strlen(a); i++)
		for (size_t k = 1; k <= strlen(b); k++)
			table[i][k] = a[i - 1] == b[k - 1]		  ? table[i - 1][k - 1] + 1
				      : table[i - 1][k] > table[i][k - 1] ? table[i - 1][k]
									  : table[i][k - 1];
	return table[strlen(a)][strlen(b)];
}

static void test_match_is_the_longest(void **state)
{
	unsigned int seed = 1;

	(void)state;
	for (int round = 0; round < 4000; round++) {
		struct klp_pieces a = {}, b = {};
		char texts[2][32] = {};

		for (int t = 0; t < 2; t++)
			for (int i = 0, n = rand_r(&seed) % 30; i < n; i++)
				texts[t][i] = (char)('a' + rand_r(&seed) % (2 + round % 5));
		pieces_of(texts[0], &a);
		pieces_of(texts[1], &b);
		assert_int_equal(check_match(&a, &b), longest(texts[0], texts[1]));
	}
}

/* Two texts without a line in common, between equal ends. */
static void test_match_is_bounded(void **state)
{
	const size_t n = 20000;
	char *all = klp_alloc(arena, 2 * n);
	struct klp_pieces a = {}, b = {};

	(void)state;
	for (size_t i = 0; i < n; i++) {
		bool end = i < 10 || i >= n - 10;

		all[i] = 'x';
		all[n + i] = end ? 'x' : 'y';
		klp_vec_push(arena, &a, ((struct klp_piece){ all + i, 1 }));
		klp_vec_push(arena, &b, ((struct klp_piece){ all + n + i, 1 }));
	}
	assert_int_equal(check_match(&a, &b), 20);
}

static void test_lines_and_words(void **state)
{
	struct klp_pieces lines = {}, words = {};

	(void)state;
	klp_html__lines(arena, "a\n\nb", &lines);
	assert_int_equal(lines.n, 3);
	assert_int_equal(lines.v[1].len, 0);
	klp_html__words(arena, (struct klp_piece){ "x->len  <= 10;", 14 }, &words);
	assert_int_equal(words.n, 10); /* x - > len "  " < = " " 10 ; */
	assert_int_equal(words.v[4].len, 2);
}

static const char *beside(const char *before, const char *after, size_t room)
{
	const struct klp_text text = {
		.before = before, .after = after, .before_line = 10, .after_line = 20
	};
	struct klp_buf out;

	klp_buf_init(&out, arena);
	klp_html__beside(&out, &text, room);
	return out.p;
}

static void test_beside(void **state)
{
	const char *got = beside("a();\nif (x <= y)\n\tb();\n",
				 "a();\nif (x < y)\n\tb();\n\tc();\n", 1 << 20);

	(void)state;
	assert_non_null(strstr(got, "<tr class=\"eq\"><td class=\"n was\">10  </td>"));
	assert_non_null(strstr(got, "11 \xe2\x88\x92</td><td class=\"c del was\">if (x "
				    "&lt;<del>=</del> y)</td>"));
	assert_non_null(strstr(got, "21 +</td><td class=\"c ins\">if (x &lt; y)</td>"));
	/* what only one side has stands beside nothing */
	assert_non_null(strstr(got, "<td class=\"c none was\"></td><td class=\"n ins\">23 +</td>"));
	got = beside(NULL, "a();\n", 1 << 20);
	assert_non_null(strstr(got, "New"));
	assert_null(strstr(got, "was"));
}

/* A function of a million lines is no page of a hundred megabytes. */
static void test_beside_is_bounded(void **state)
{
	const size_t n = 1000000, room = 100000;
	char *text = klp_alloc(arena, 2 * n + 1);
	const char *got;

	(void)state;
	for (size_t i = 0; i < n; i++)
		memcpy(text + 2 * i, "x\n", 2);
	for (int both = 0; both < 2; both++) {
		got = beside(both ? "y\n" : NULL, text, room);
		assert_true(strlen(got) < room + 2000);
		assert_non_null(strstr(got, "more lines are left out"));
	}
}

static void node(struct klp_layout *l, unsigned int width, bool root)
{
	klp_vec_push(arena, &l->nodes, ((struct klp_layout_node){ .width = width, .root = root }));
}

static void edge(struct klp_layout *l, unsigned int from, unsigned int to)
{
	klp_vec_push(arena, &l->edges, ((struct klp_layout_edge){ from, to }));
}

static bool overlap(const struct klp_layout *l, size_t i, size_t k)
{
	const struct klp_layout_node *a = &l->nodes.v[i], *b = &l->nodes.v[k];

	return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + l->node_height &&
	       b->y < a->y + l->node_height;
}

static void check_layout(const struct klp_layout *l)
{
	bool reached = true;

	for (size_t i = 0; i < l->nodes.n; i++) {
		assert_true(l->nodes.v[i].x + l->nodes.v[i].width <= l->width);
		assert_true(l->nodes.v[i].y + l->node_height <= l->height);
		for (size_t k = i + 1; k < l->nodes.n; k++)
			assert_false(overlap(l, i, k));
	}
	/*
	 * An edge never leaps over a column, it would cross the boxes there. (It may where a part
	 * of the graph has no root: a caller graph has one for each part.)
	 */
	for (size_t i = 0; i < l->nodes.n; i++)
		reached = reached && (l->nodes.v[i].column || l->nodes.v[i].root);
	for (size_t i = 0; reached && i < l->edges.n; i++)
		assert_true(l->nodes.v[l->edges.v[i].to].column <=
			    l->nodes.v[l->edges.v[i].from].column + 1);
}

static void test_layout_of_a_tree(void **state)
{
	struct klp_layout l = { .node_height = 40, .row_gap = 10, .column_gap = 100 };

	(void)state;
	node(&l, 80, true);
	for (int i = 0; i < 3; i++)
		node(&l, 60, false);
	edge(&l, 0, 1);
	edge(&l, 0, 2);
	edge(&l, 2, 3);
	klp_html__layout(arena, &l);
	check_layout(&l);
	assert_int_equal(l.nodes.v[0].column, 0);
	assert_int_equal(l.nodes.v[3].column, 2);
	assert_int_equal(l.nodes.v[0].y, 25); /* the middle of its two */
	assert_int_equal(l.nodes.v[1].y, 0);
	assert_int_equal(l.nodes.v[2].y, 50);
	assert_int_equal(l.width, 80 + 100 + 60 + 100 + 60);
	assert_int_equal(l.height, 90);
}

static void test_layout_of_anything(void **state)
{
	unsigned int seed = 7;

	(void)state;
	for (int round = 0; round < 500; round++) {
		struct klp_layout l = { .node_height = 44, .row_gap = 14, .column_gap = 138 };
		unsigned int n = 1 + (unsigned int)rand_r(&seed) % 40;

		for (unsigned int i = 0; i < n; i++)
			node(&l, 50 + (unsigned int)rand_r(&seed) % 200, rand_r(&seed) % 4 == 0);
		for (unsigned int i = 0, m = (unsigned int)rand_r(&seed) % 80; i < m; i++)
			edge(&l, (unsigned int)rand_r(&seed) % n, (unsigned int)rand_r(&seed) % n);
		klp_html__layout(arena, &l);
		check_layout(&l);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_markup_is_text, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hidden_characters_are_written_out, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_bytes_that_are_no_utf8, setup, teardown),
		cmocka_unit_test_setup_teardown(test_long_text_says_that_it_is_cut, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_utf8, setup, teardown),
		cmocka_unit_test_setup_teardown(test_match_is_the_longest, setup, teardown),
		cmocka_unit_test_setup_teardown(test_match_is_bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lines_and_words, setup, teardown),
		cmocka_unit_test_setup_teardown(test_beside, setup, teardown),
		cmocka_unit_test_setup_teardown(test_beside_is_bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(test_layout_of_a_tree, setup, teardown),
		cmocka_unit_test_setup_teardown(test_layout_of_anything, setup, teardown),
	};

	return cmocka_run_group_tests_name("html", tests, NULL, NULL);
}
