// SPDX-License-Identifier: GPL-2.0-or-later
#include "parsers/ctoken.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

static struct klp_arena *arena;
static struct klp_error err;

static int setup(void **state)
{
	(void)state;
	arena = klp_arena_new();
	memset(&err, 0, sizeof(err));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	klp_arena_free(arena);
	return 0;
}

enum text_kind { SOURCE, DIRECTIVES, PREPROCESSED };

static int lex(enum text_kind kind, const char *text, size_t len, struct klp_ctoks *toks)
{
	memset(toks, 0, sizeof(*toks));
	memset(&err, 0, sizeof(err));
	if (kind == PREPROCESSED)
		return klp_ctok_preprocessed(arena, "t.c", text, len, toks, &err);
	return klp_ctok_source(arena, "t.c", text, len, kind == DIRECTIVES, toks, &err);
}

/* "i:foo p:( n:1 p:)": the kind's first letter and the text of each token. */
static const char *show(const struct klp_ctoks *toks)
{
	struct klp_buf out;

	klp_buf_init(&out, arena);
	for (size_t i = 0; i < toks->v.n; i++)
		klp_buf_addf(&out, "%s%c:%.*s", i ? " " : "", "inscp#"[toks->v.v[i].kind],
			     (int)toks -> v.v[i].len, toks->v.v[i].p);
	return out.p;
}

static void test_tokens(void **state)
{
	static const struct {
		enum text_kind kind;
		const char *text, *want;
	} cases[] = {
		{ SOURCE, "", "" },
		{ SOURCE, "int x;", "i:int i:x p:;" },
		{ SOURCE, "a->b-->c", "i:a p:-> i:b p:- p:-> i:c" },
		{ SOURCE, "f(int, ...)", "i:f p:( i:int p:, p:... p:)" },
		{ SOURCE, "a..b", "i:a p:. p:. i:b" },
		{ SOURCE, ".5e+3f 0x1fULL 1e-2 07", "n:.5e+3f n:0x1fULL n:1e-2 n:07" },
		{ SOURCE, "a+1-b", "i:a p:+ n:1 p:- i:b" },
		{ SOURCE, "\"a\\\"b\" 'x' '\\''", "s:\"a\\\"b\" c:'x' c:'\\''" },
		{ SOURCE, "\"/* no comment */\"", "s:\"/* no comment */\"" },
		{ SOURCE, "a/* \" ' */b//' c\nd", "i:a i:b i:d" },
		{ SOURCE, "a / b", "i:a p:/ i:b" },
		{ SOURCE, "a // x \\\n still a comment\nb", "i:a i:b" },
		{ SOURCE, "a \\\n b", "i:a i:b" },
		{ SOURCE, "a \\\r\n b", "i:a i:b" },
		{ SOURCE, "\"one\\\ntwo\"", "s:\"one\\\ntwo\"" },
		{ SOURCE, "\"one\\\r\ntwo\"", "s:\"one\\\r\ntwo\"" },
		{ SOURCE, "'a\nb \"c", "p:' i:a i:b p:\" i:c" },
		{ SOURCE, "\"a\\\n b\nc", "p:\" i:a i:b i:c" },
		{ SOURCE, "$a \xc3\xa9 _b1", "i:$a i:\xc3\xa9 i:_b1" },
		/* directives in a source: passed over, or their words */
		{ SOURCE, "#define A 1 /* x\n y */ 2\nb", "i:b" },
		{ SOURCE, "#define A \\\n 1\nb", "i:b" },
		{ SOURCE, "#define A // x \\\n y\nb", "i:b" },
		{ SOURCE, "  # define A\nb", "i:b" },
		{ SOURCE, "/* x */ #define A\nb", "i:b" },
		{ SOURCE, "#error don't\nb", "i:b" },
		{ SOURCE, "#define A \"/*\"\nb\n#define B \"*/\"\nc", "i:b i:c" },
		{ SOURCE, "a # b", "i:a p:# i:b" },
		{ DIRECTIVES, "#define A(x) x##_1 #x\nb",
		  "i:define i:A p:( i:x p:) i:x p:## i:_1 p:# i:x i:b" },
		{ DIRECTIVES, "#include <linux/fs.h>\nb",
		  "i:include p:< i:linux p:/ i:fs p:. i:h p:> i:b" },
		/* what isn't C behind a directive, or in a group that is left out, is no mistake */
		{ DIRECTIVES, "#error don't\nb", "i:error i:don p:' i:t i:b" },
		{ SOURCE, "#if 0\nit's prose\n#endif\nb", "i:it p:' i:s i:prose i:b" },
		/* the output of a preprocessor */
		{ PREPROCESSED, "# 1 \"a.c\"\nint x;\n", "i:int i:x p:;" },
		{ PREPROCESSED, "a\n#pragma GCC diagnostic push\nb",
		  "i:a #:#pragma GCC diagnostic push i:b" },
		{ PREPROCESSED, "#ident \"x\"\nb", "#:#ident \"x\" i:b" },
		{ PREPROCESSED, "a # 1\n", "i:a p:# n:1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct klp_ctoks toks;

		if (lex(cases[i].kind, cases[i].text, strlen(cases[i].text), &toks) < 0)
			fail_msg("%s: %s", cases[i].text, err.text);
		assert_string_equal(show(&toks), cases[i].want);
	}
}

static void test_errors(void **state)
{
	static const struct {
		enum text_kind kind;
		const char *file, *text;
		unsigned int line;
		const char *says;
	} cases[] = {
		{ SOURCE, "t.c", "a\nb /* c\n d", 2, "comment" },
		{ DIRECTIVES, "t.c", "#define x /* c\n d", 1, "comment" },
		{ PREPROCESSED, "t.c", "a\n\"b\nc", 2, "literal" },
		{ PREPROCESSED, "t.c", "\"b", 1, "literal" },
		{ PREPROCESSED, "t.c", "\"b\\", 1, "literal" },
		{ PREPROCESSED, "x.h", "# 40 \"x.h\"\na\n'b\n", 41, "literal" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct klp_ctoks toks;

		assert_int_equal(lex(cases[i].kind, cases[i].text, strlen(cases[i].text), &toks),
				 KLP_EINPUT);
		assert_int_equal(err.line, cases[i].line);
		assert_non_null(strstr(err.text, cases[i].says));
		assert_string_equal(err.file, cases[i].file);
		assert_int_equal(toks.v.n, 0);
	}
}

static void test_lines_and_files(void **state)
{
	static const char text[] = "# 1 \"a.c\"\n"
				   "# 1 \"/abs/b.h\" 1 3\n"
				   "\n"
				   "x\n"
				   "# 7 \"a.c\" 2\n"
				   "y \"s\\\nt\" z\n"
				   "# 100\n"
				   "w\n";
	static const struct {
		const char *word, *file;
		uint32_t line;
	} want[] = {
		{ "x", "/abs/b.h", 2 }, { "y", "a.c", 7 },   { "\"s\\\nt\"", "a.c", 7 },
		{ "z", "a.c", 8 },	{ "w", "a.c", 100 },
	};
	struct klp_ctoks toks;

	(void)state;
	assert_int_equal(lex(PREPROCESSED, text, strlen(text), &toks), 0);
	assert_int_equal(toks.v.n, 5);
	assert_string_equal(toks.files.v[0], "t.c");
	for (size_t i = 0; i < toks.v.n; i++) {
		assert_true(klp_tok_is(&toks.v.v[i], want[i].word));
		assert_string_equal(toks.files.v[toks.v.v[i].file], want[i].file);
		assert_int_equal(toks.v.v[i].line, want[i].line);
	}
}

static void test_physical_lines(void **state)
{
	static const char text[] = "a /* \n */ b\n#define X \\\n  /* \n */ y\n"
				   "c // \\\n d\ne \\\n f";
	static const uint32_t want[] = { 1, 2, 6, 8, 9 };
	struct klp_ctoks toks;

	(void)state;
	assert_int_equal(lex(SOURCE, text, strlen(text), &toks), 0);
	assert_int_equal(toks.v.n, 5);
	for (size_t i = 0; i < toks.v.n; i++)
		assert_int_equal(toks.v.v[i].line, want[i]);
}

/* Every prefix of a text with everything in it, each byte behind it out of bounds. */
static void test_truncated(void **state)
{
	static const char text[] =
		"# 12 \"x\\\"y\" 3\n#pragma a /* b */\nint f(a, ...) { return '\\''"
		" + \"\\n\" /* c */ -> 1.5e+3 // d\\\n e\n } #define q \\\r\n ##";

	(void)state;
	for (size_t n = 0; n < sizeof(text); n++)
		for (int kind = SOURCE; kind <= PREPROCESSED; kind++) {
			char *copy = test_malloc(n ? n : 1);
			struct klp_ctoks toks;

			memcpy(copy, text, n);
			if (lex((enum text_kind)kind, copy, n, &toks) == 0)
				for (size_t i = 0; i < toks.v.n; i++)
					assert_true(toks.v.v[i].p >= copy &&
						    toks.v.v[i].p + toks.v.v[i].len <= copy + n);
			test_free(copy);
		}
}

static void test_tok_is(void **state)
{
	const struct klp_ctok tok = { .p = "foobar", .len = 3 };

	(void)state;
	assert_true(klp_tok_is(&tok, "foo"));
	assert_false(klp_tok_is(&tok, "fo"));
	assert_false(klp_tok_is(&tok, "foob"));
	assert_false(klp_tok_is(&tok, ""));
}

/* Each bracket of a text: where the walk ends that begins there. */
static void test_behind(void **state)
{
	static const struct {
		const char *text;
		uint32_t at, behind;
	} rows[] = {
		{ "( )", 0, 2 },
		{ "[ 1 ] ;", 0, 3 },
		{ "x ( a , ( b ) [ 2 ] ) { } ;", 1, 11 },
		{ "x ( a , ( b ) [ 2 ] ) { } ;", 4, 7 },
		{ "x ( a , ( b ) [ 2 ] ) { } ;", 11, 13 },
		{ "{ ( [ ] ) } }", 0, 6 },
		{ "{ ( [ ]", 0, 4 },	   /* not closed: the end */
		{ "( \")\" ')' )", 0, 4 }, /* no brackets, these */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct klp_ctoks toks;

		assert_int_equal(lex(SOURCE, rows[i].text, strlen(rows[i].text), &toks), 0);
		assert_true(klp_tok_opens(&toks.v.v[rows[i].at]));
		assert_true(rows[i].behind == toks.v.n ||
			    klp_tok_closes(&toks.v.v[rows[i].behind - 1]));
		assert_int_equal(klp_tok_behind(toks.v.v, (uint32_t)toks.v.n, rows[i].at),
				 rows[i].behind);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_tokens, setup, teardown),
		cmocka_unit_test_setup_teardown(test_errors, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lines_and_files, setup, teardown),
		cmocka_unit_test_setup_teardown(test_physical_lines, setup, teardown),
		cmocka_unit_test_setup_teardown(test_truncated, setup, teardown),
		cmocka_unit_test_setup_teardown(test_tok_is, setup, teardown),
		cmocka_unit_test_setup_teardown(test_behind, setup, teardown),
	};

	return cmocka_run_group_tests_name("ctoken", tests, NULL, NULL);
}
