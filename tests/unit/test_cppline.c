// SPDX-License-Identifier: GPL-2.0-or-later
#include "parsers/cppline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

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

static const char *const kinds[] = {
	[KLP_CPP_INCLUDE] = "include", [KLP_CPP_DEFINE] = "define", [KLP_CPP_UNDEF] = "undef",
	[KLP_CPP_IF] = "if",	       [KLP_CPP_ELSE] = "else",	    [KLP_CPP_ENDIF] = "endif",
	[KLP_CPP_OTHER] = "other",
};

/* "2:define A [#define A]; ..." with line ends as '|'. */
static const char *show(const char *text)
{
	struct klp_cpplines lines = {};
	struct klp_buf out;

	klp_cpplines_scan(arena, text, strlen(text), &lines);
	klp_buf_init(&out, arena);
	for (size_t i = 0; i < lines.n; i++) {
		const struct klp_cppline *l = &lines.v[i];

		klp_buf_addf(&out, "%s%u:%s", i ? "; " : "", l->line, kinds[l->kind]);
		if (l->name)
			klp_buf_addf(&out, " %s", l->name);
		klp_buf_addf(&out, " [%.*s]", (int)(l->to - l->from), text + l->from);
	}
	for (char *p = out.p; *p; p++)
		if (*p == '\n')
			*p = '|';
	return out.p;
}

static void test_lines(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "", "" },
		{ "int a;\n", "" },
		{ "#define A 1\n", "1:define A [#define A 1]" },
		{ "#define A(x) x\nint a;", "1:define A [#define A(x) x]" },
		{ "a;\n  #\tdefine  A\n", "2:define A [#\tdefine  A]" },
		{ "#undef A", "1:undef A [#undef A]" },
		{ "#include <a/b.h>\n", "1:include <a/b.h> [#include <a/b.h>]" },
		{ "#include \"a b.h\" /* x */\n",
		  "1:include \"a b.h\" [#include \"a b.h\" /* x */]" },
		{ "#include_next <a.h>\n", "1:include <a.h> [#include_next <a.h>]" },
		{ "#include TRACE(x)\n", "1:include  [#include TRACE(x)]" },
		{ "#if A\n#elif B\n#else\n#endif\n",
		  "1:if [#if A]; 2:else [#elif B]; 3:else [#else]; 4:endif [#endif]" },
		{ "#ifdef A\n#ifndef B\n", "1:if [#ifdef A]; 2:if [#ifndef B]" },
		{ "#pragma once\n#error x\n#line 3\n#\n",
		  "1:other [#pragma once]; 2:other [#error x]; 3:other [#line 3]; 4:other [#]" },
		{ "#iffy\n#defined A\n", "1:other [#iffy]; 2:other [#defined A]" },
		/* logical lines */
		{ "#define A \\\n 1\nb\n", "1:define A [#define A \\| 1]" },
		{ "#define A \\\r\n 1\nb\n", "1:define A [#define A \\\r| 1]" },
		{ "#define A /* x\n y */ 1\nb\n#undef A\n",
		  "1:define A [#define A /* x| y */ 1]; 4:undef A [#undef A]" },
		{ "#define A // x \\\n y\nb\n", "1:define A [#define A // x \\| y]" },
		{ "#define A \"/*\"\nb\n#undef A\n",
		  "1:define A [#define A \"/*\"]; 3:undef A [#undef A]" },
		{ "#define A '\"' /* x\n */\n#undef A\n",
		  "1:define A [#define A '\"' /* x| */]; 3:undef A [#undef A]" },
		{ "#error don't /* x\n #y */\n#undef A\n",
		  "1:other [#error don't /* x| #y */]; 3:undef A [#undef A]" },
		{ "#define A \"\\\"/*\"\n#undef A\n",
		  "1:define A [#define A \"\\\"/*\"]; 2:undef A [#undef A]" },
		/* a comment between the words of a directive */
		{ "# /* x */ define /* y */ A\n", "1:define A [# /* x */ define /* y */ A]" },
		{ "# \\\n define \\\n A\n", "1:define A [# \\| define \\| A]" },
		{ "#include /* x */ <a.h>\n", "1:include <a.h> [#include /* x */ <a.h>]" },
		/* no directives */
		{ "a # define A\n", "" },
		{ "/*\n#define A\n*/\n", "" },
		{ "// \\\n#define A\n", "" },
		{ "\"\\\n#define A\"\n", "" },
		{ "x \\\n#define A\n", "" },
		/* a comment before it doesn't hide one */
		{ "/* x */ #define A\n", "1:define A [#define A]" },
		{ "/* x\n */ #define A\n", "2:define A [#define A]" },
		{ "'\"'\n#define A\n'\"'\n", "2:define A [#define A]" },
		{ "it's\n#define A\n", "2:define A [#define A]" },
	};

	unsigned int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (strcmp(show(cases[i].text), cases[i].want)) {
			wrong++;
			print_error("%s\n  is  %s\n  not %s\n", cases[i].text, show(cases[i].text),
				    cases[i].want);
		}
	assert_int_equal(wrong, 0);
}

/* Every prefix of a text, each byte behind it out of bounds. */
static void test_truncated(void **state)
{
	static const char text[] =
		"/* a */ # /* b */ define A(x) \\\r\n '\"' \"\\\"/*\" // c\\\nd\n"
		"#include <a.h\n#include \"x\" /* y\n";

	(void)state;
	for (size_t n = 0; n < sizeof(text); n++) {
		char *copy = test_malloc(n ? n : 1);
		struct klp_cpplines lines = {};

		memcpy(copy, text, n);
		klp_cpplines_scan(arena, copy, n, &lines);
		for (size_t i = 0; i < lines.n; i++) {
			assert_true(lines.v[i].from < lines.v[i].to);
			assert_true(lines.v[i].to <= n);
		}
		test_free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_lines, setup, teardown),
		cmocka_unit_test_setup_teardown(test_truncated, setup, teardown),
	};

	return cmocka_run_group_tests_name("cppline", tests, NULL, NULL);
}
