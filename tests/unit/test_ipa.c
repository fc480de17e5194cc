// SPDX-License-Identifier: GPL-2.0-or-later
#include "parsers/ipa.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct klp_arena *arena;
static struct klp_error err;
static struct klp_ipa_dump dump;

static int setup(void **state)
{
	(void)state;
	arena = klp_arena_new();
	memset(&err, 0, sizeof(err));
	memset(&dump, 0, sizeof(dump));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	klp_arena_free(arena);
	return 0;
}

static int parse(const char *text)
{
	memset(&err, 0, sizeof(err));
	return klp_ipa_parse(arena, "x.c.000i.ipa-clones", text, strlen(text), &dump, &err);
}

static void expect_node(uint32_t i, const char *name, uint32_t order, const char *path,
			uint32_t line, uint32_t column)
{
	assert_true(i < dump.nodes.n);
	assert_string_equal(dump.nodes.v[i].name, name);
	assert_int_equal(dump.nodes.v[i].order, order);
	assert_string_equal(dump.nodes.v[i].path, path);
	assert_int_equal(dump.nodes.v[i].line, line);
	assert_int_equal(dump.nodes.v[i].column, column);
}

static void test_events(void **state)
{
	(void)state;
	assert_int_equal(parse("Callgraph clone;leaf;3;a/x.c;10;12;mid;4;a/x.c;20;13;inlining to\n"
			       "Callgraph clone;leaf;3;a/x.c;10;12;leaf.isra.0;9;a/x.c;10;12;isra\n"
			       "Callgraph clone;leaf;3;a/x.c;10;12;mid;4;a/x.c;20;13;inlining to\n"
			       "Callgraph clone;walk;5;a/x.c;30;5;walk;8;a/x.c;30;5;(null)\n"
			       "Callgraph removal;leaf;3;a/x.c;10;12\n"),
			 0);
	assert_int_equal(dump.nodes.n, 5);
	expect_node(0, "leaf", 3, "a/x.c", 10, 12);
	expect_node(1, "mid", 4, "a/x.c", 20, 13);
	expect_node(2, "leaf.isra.0", 9, "a/x.c", 10, 12);
	expect_node(3, "walk", 5, "a/x.c", 30, 5);
	expect_node(4, "walk", 8, "a/x.c", 30, 5);
	assert_int_equal(dump.edges.n, 4);
	assert_int_equal(dump.edges.v[0].from, 0);
	assert_int_equal(dump.edges.v[0].to, 1);
	assert_int_equal(dump.edges.v[0].kind, KLP_IPA_INLINE);
	assert_int_equal(dump.edges.v[0].line, 1);
	assert_int_equal(dump.edges.v[1].kind, KLP_IPA_CLONE);
	assert_string_equal(dump.edges.v[1].how, "isra");
	/* the same again, later: an event of its own */
	assert_int_equal(dump.edges.v[2].from, 0);
	assert_int_equal(dump.edges.v[2].to, 1);
	assert_int_equal(dump.edges.v[2].line, 3);
	assert_int_equal(dump.edges.v[3].kind, KLP_IPA_CLONE);
	assert_int_equal(dump.edges.v[3].line, 4);
	assert_int_equal(dump.removed.n, 1);
	assert_int_equal(dump.removed.v[0], 0);
	assert_int_equal(dump.malformed, 0);
	assert_int_equal(klp_ipa_find(&dump, "walk", 8), 4);
	assert_int_equal(klp_ipa_find(&dump, "walk", 9), UINT32_MAX);
	assert_int_equal(klp_ipa_find(&dump, "", 0), UINT32_MAX);
}

static void test_names_and_paths(void **state)
{
	(void)state;
	assert_int_equal(parse("Callgraph clone;*renamed;0;a;b c/s p.c;1;5;**star;1;/a;b/x.c;2;7;"
			       "inlining to\n"
			       "Callgraph removal;__builtin_unreachable;12;<built-in>;0;0\n"
			       "Callgraph removal;inner.0;13;x;1.c;3;4\n"),
			 0);
	assert_int_equal(dump.malformed, 0);
	expect_node(0, "renamed", 0, "a;b c/s p.c", 1, 5);
	expect_node(1, "*star", 1, "/a;b/x.c", 2, 7);
	expect_node(2, "__builtin_unreachable", 12, "<built-in>", 0, 0);
	expect_node(3, "inner.0", 13, "x;1.c", 3, 4);
}

static void test_what_is_no_record_is_counted(void **state)
{
	(void)state;
	assert_int_equal(parse("Callgraph removal;f;1;x.c;1;2\n"
			       "\n"
			       "something else\n"
			       "Callgraph clone;f;1;x.c;1;2;g;2;x.c;3;4\n"
			       "Callgraph clone;f;1;x.c;1;2;g;2;x.c;3;inlining to\n"
			       "Callgraph clone;f;1;x.c;1;2;;2;x.c;3;4;isra\n"
			       "Callgraph clone;f;99999999999;x.c;1;2;g;2;x.c;3;4;isra\n"
			       "Callgraph clone;f;1;a;1;2;b;3;p;1;2;g;2;x.c;3;4;isra\n"
			       "Callgraph removal;f;1;;1;2\n"
			       "Callgraph removal;f;1;x.c;1\n"
			       "Callgraph removal;*;1;x.c;1;2\n"
			       "Callgraph"),
			 0);
	assert_int_equal(dump.nodes.n, 1);
	assert_int_equal(dump.edges.n, 0);
	assert_int_equal(dump.malformed, 10);
	assert_int_equal(dump.malformed_line, 3);
}

static void test_binary_data_and_long_lines(void **state)
{
	char *line = klp_alloc(arena, KLP_IPA_MAX_LINE + 3);

	(void)state;
	assert_int_equal(klp_ipa_parse(arena, "x", "\n\nELF\0", 6, &dump, &err), KLP_EINPUT);
	assert_int_equal(err.line, 3);
	memset(line, 'a', KLP_IPA_MAX_LINE);
	assert_int_equal(parse(line), 0);
	assert_int_equal(dump.malformed, 1);
	line[KLP_IPA_MAX_LINE] = 'a';
	assert_int_equal(parse(line), KLP_EINPUT);
	assert_int_equal(err.line, 1);
	assert_int_equal(parse(""), 0);
	assert_int_equal(dump.nodes.n, 0);
}

/* As compilers before GCC 7.1 wrote it, where a distribution had put it in. */
static void test_old_form(void **state)
{
	(void)state;
	assert_int_equal(
		parse("Callgraph removal;__ilog2_u64;159;include/linux/log2.h;40;5\n"
		      "Callgraph clone;set.part.3;1348;fs/i.c;210;5;<-;set;1291;fs/i.c;210;5;"
		      "optimization:;inlining to\n"
		      "Callgraph "
		      "clone;get;7;a;b.c;1;2;<-;get.isra.1;8;a;b.c;1;2;optimization:;isra\n"
		      "Callgraph clone;f;1;x.c;1;2;g;2;x.c;3;4;optimization:;inlining to\n"
		      "Callgraph clone;f;1;x.c;1;2;<-;g;2;x.c;3;4;inlining to\n"),
		0);
	assert_int_equal(dump.edges.n, 2);
	assert_int_equal(dump.edges.v[0].kind, KLP_IPA_INLINE);
	assert_string_equal(dump.nodes.v[dump.edges.v[0].from].name, "set.part.3");
	assert_string_equal(dump.nodes.v[dump.edges.v[0].to].name, "set");
	assert_int_equal(dump.nodes.v[dump.edges.v[0].to].order, 1291);
	assert_string_equal(dump.edges.v[1].how, "isra");
	assert_string_equal(dump.nodes.v[dump.edges.v[1].to].path, "a;b.c");
	/* half of either is none */
	assert_int_equal(dump.malformed, 2);
	assert_int_equal(dump.malformed_line, 4);
}

static void expect_complaint(const char *text, unsigned int line, const char *why)
{
	assert_int_equal(parse(text), 0);
	assert_int_equal(dump.malformed_line, line);
	assert_string_equal(dump.malformed_why, why);
}

/* What wrote a line that is no record has to be found out by people. */
static void test_what_is_wrong_is_said(void **state)
{
	char *many = klp_alloc(arena, 200);

	(void)state;
	expect_complaint("\nCallgraph clone;f;1;x.c;1;2;g;2;x.c;3;4;inlining to", 2,
			 "it ends in the middle: the dump was cut off");
	expect_complaint("Callgraph clone: f/1 (x.c:1:2) <- g/2 (location:x.c:3:4) "
			 "(optimization:inlining)\n",
			 1, "it is in words: only development versions before GCC 7.1 wrote it so");
	expect_complaint("Callgraph clone;f;1;x.c;g;2;x.c;inlining to\n", 1,
			 "it has 7 fields behind 'Callgraph clone', where gcc writes 11");
	expect_complaint("Callgraph removal;f;1\n", 1,
			 "it has 2 fields behind 'Callgraph removal', where gcc writes 5");
	expect_complaint("Callgraph removal;f;1;x.c;one;2\n", 1,
			 "its fields are not name, number, path, line and column");
	expect_complaint("Callgraph merge;f;1;x.c;1;2\n", 1, "it is no record that gcc writes");
	strcpy(many, "Callgraph clone;");
	memset(many + strlen(many), ';', 100);
	strcat(many, "\n");
	expect_complaint(many, 1, "it has more than 64 fields");
	/* the first one counts */
	expect_complaint("hello\nCallgraph removal;f;1\n", 1, "it is no record that gcc writes");
	assert_int_equal(parse("Callgraph removal;f;1;x.c;1;2\n"), 0);
	assert_null(dump.malformed_why);
}

static void test_line_of_a_megabyte(void **state)
{
	size_t len = 1 << 20;
	char *text = klp_alloc(arena, len + 64);

	(void)state;
	strcpy(text, "Callgraph removal;f;1;x.c;1;2\n");
	memset(text + strlen(text), ';', len);
	assert_int_equal(klp_ipa_parse(arena, "x", text, strlen(text), &dump, &err), KLP_EINPUT);
	assert_int_equal(err.line, 2);
	assert_string_equal(err.file, "x");
}

/*
 * Cut off anywhere: what is whole is read, the rest is one line that is none, even where it
 * could be one: "inlining t", or a number without its last digits.
 */
static void test_truncated(void **state)
{
	static const char text[] = "Callgraph clone;f;1;x.c;1;2;g;2;x.c;3;4;inlining to\n"
				   "Callgraph clone;g;2;x.c;3;4;h;3;x.c;5;6;inlining to\n";
	size_t first = (size_t)(strchr(text, '\n') - text);

	(void)state;
	for (size_t n = 0; n < sizeof(text); n++) {
		size_t whole = (size_t)(n > first) + (n == sizeof(text) - 1);

		assert_int_equal(klp_ipa_parse(arena, "x", text, n, &dump, &err), 0);
		assert_int_equal(dump.edges.n, whole);
		assert_int_equal(dump.malformed, n && text[n - 1] != '\n');
		assert_int_equal(dump.malformed_line, dump.malformed ? whole + 1 : 0);
	}
}

/* Two that take in each other, one that takes in itself: as dumps of recursive functions have. */
static void test_cycles(void **state)
{
	(void)state;
	assert_int_equal(parse("Callgraph clone;f;1;x.c;1;2;g;2;x.c;3;4;inlining to\n"
			       "Callgraph clone;g;2;x.c;3;4;f;1;x.c;1;2;inlining to\n"
			       "Callgraph clone;f;1;x.c;1;2;f;1;x.c;1;2;inlining to\n"),
			 0);
	assert_int_equal(dump.nodes.n, 2);
	assert_int_equal(dump.edges.n, 3);
	assert_int_equal(dump.edges.v[2].from, dump.edges.v[2].to);
}

static long resident_kb(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	long pages = 0, rss = 0;

	assert_non_null(f);
	assert_int_equal(fscanf(f, "%ld %ld", &pages, &rss), 2);
	fclose(f);
	return rss * 4;
}

/* Memory grows with the text, not faster. */
static void test_a_million_edges_on_one_node(void **state)
{
	static const char line[] =
		"Callgraph clone;leaf;1;x.c;1;2;host%06d;%d;x.c;3;4;inlining to\n";
	const int n = 1000000;
	size_t cap = (size_t)n * (sizeof(line) + 16), len = 0;
	char *text = malloc(cap);
	long before;

	(void)state;
	assert_non_null(text);
	for (int i = 0; i < n; i++)
		len += (size_t)sprintf(text + len, line, i, i);
	before = resident_kb();
	assert_int_equal(klp_ipa_parse(arena, "x", text, len, &dump, &err), 0);
	assert_int_equal(dump.edges.n, n);
	assert_int_equal(dump.nodes.n, n + 1);
	assert_int_equal(dump.malformed, 0);
	assert_in_range(resident_kb() - before, 0, 5 * (long)(len / 1024));
	assert_int_equal(klp_ipa_find(&dump, "host999999", 999999), n);
	free(text);
}

static void test_base_len(void **state)
{
	static const struct {
		const char *name;
		size_t len;
	} names[] = {
		{ "foo", 3 },
		{ "foo.isra.0", 3 },
		{ "foo.constprop.12", 3 },
		{ "foo.part.0.constprop.1.isra.3", 3 },
		{ "foo.cold", 3 },
		{ "foo.isra.0.cold", 3 },
		{ "foo.cold.7", 3 },
		{ "foo.localalias", 3 },
		{ "foo.localalias.2", 3 },
		{ "foo.lto_priv.0", 3 },
		{ "inner.0", 7 },
		{ "inner.0.isra.0", 7 },
		{ "foo.isra", 8 },
		{ "foo.isra.", 9 },
		{ "foo.israel.0", 12 },
		{ "foo.cold.x", 10 },
		{ "foo.isra.0.x", 12 },
		{ ".isra.0", 7 },
		{ "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		assert_int_equal(klp_ipa_base_len(names[i].name), names[i].len);
}

/* What link-time optimisation makes of the names of statics. */
static void test_names_of_links(void **state)
{
	static const struct {
		const char *name, *plain;
		bool clone;
	} names[] = {
		{ "foo", "foo", false },
		{ "foo.lto_priv.0", "foo", false },
		{ "foo.lto_priv.1.lto_priv.0", "foo", false },
		{ "foo.isra.0", "foo.isra.0", true },
		{ "foo.lto_priv.12.isra.0", "foo.isra.0", true },
		{ "foo.part.0.lto_priv.3", "foo.part.0", true },
		{ "foo.lto_priv.0.cold", "foo.cold", true },
		{ "foo.localalias", "foo.localalias", true },
		/* none of these suffixes */
		{ "foo.lto_priv.x", "foo.lto_priv.x", false },
		{ "foo.lto_priv.0.bar", "foo.lto_priv.0.bar", false },
		{ "inner.0", "inner.0", false },
		{ "", "", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		assert_string_equal(klp_ipa_plain_name(arena, names[i].name), names[i].plain);
		assert_int_equal(klp_ipa_is_clone(names[i].name), names[i].clone);
	}
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_events),
		T(test_names_and_paths),
		T(test_what_is_no_record_is_counted),
		T(test_binary_data_and_long_lines),
		T(test_old_form),
		T(test_what_is_wrong_is_said),
		T(test_line_of_a_megabyte),
		T(test_truncated),
		T(test_cycles),
		T(test_a_million_edges_on_one_node),
		T(test_base_len),
		T(test_names_of_links),
	};

	return cmocka_run_group_tests_name("ipa", tests, NULL, NULL);
}
