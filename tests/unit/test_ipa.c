// SPDX-License-Identifier: GPL-2.0-or-later
#include "parsers/ipa.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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
			       "Callgraph removal;inner.0;13;x;1.c;3;4"),
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

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_events),
		T(test_names_and_paths),
		T(test_what_is_no_record_is_counted),
		T(test_binary_data_and_long_lines),
		T(test_base_len),
	};

	return cmocka_run_group_tests_name("ipa", tests, NULL, NULL);
}
