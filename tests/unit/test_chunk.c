// SPDX-License-Identifier: GPL-2.0-or-later
#include "parsers/chunk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "parsers/cenum.h"
#include "parsers/paste.h"

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

static struct klp_chunks split(const char *text)
{
	struct klp_chunks chunks = {};

	assert_int_equal(klp_chunks_split(arena, "h.h", text, strlen(text), &chunks, &err), 0);
	return chunks;
}

static const char *kind_of(const struct klp_chunk *c)
{
	static const char *const decls[] = {
		[KLP_CDECL_FUNCTION] = "function", [KLP_CDECL_TYPE] = "type",
		[KLP_CDECL_TYPEDEF] = "typedef",   [KLP_CDECL_ASM] = "asm",
		[KLP_CDECL_ASSERT] = "assert",	   [KLP_CDECL_PROTOTYPE] = "prototype",
		[KLP_CDECL_VARIABLE] = "variable", [KLP_CDECL_EMPTY] = "empty",
	};
	static const char *const kinds[] = { "define", "include", "condition", "directive" };

	if (c->kind != KLP_CHUNK_DECL)
		return c->undef ? "undef" : kinds[c->kind];
	return c->odd ? "odd" : decls[c->decl];
}

/* "define A:1; function f:2-4 in 3": the number is that of the chunk it stands in. */
static const char *show(const char *text)
{
	struct klp_chunks chunks = split(text);
	struct klp_buf out;

	klp_buf_init(&out, arena);
	klp_buf_add(&out, "");
	for (size_t i = 0; i < chunks.v.n; i++) {
		const struct klp_chunk *c = &chunks.v.v[i];

		klp_buf_addf(&out, "%s%s%s%s:%u", i ? "; " : "", kind_of(c), c->name[0] ? " " : "",
			     c->name, c->line);
		if (c->last_line != c->line)
			klp_buf_addf(&out, "-%u", c->last_line);
		if (c->parent != KLP_CHUNK_NONE)
			klp_buf_addf(&out, " in %u", c->parent);
	}
	return out.p;
}

static void test_split(void **state)
{
	(void)state;
	assert_string_equal(show(""), "");
	assert_string_equal(show("/* nothing */\n;;\n"), "");
	assert_string_equal(show("#define A 1\n#undef A\n#include <b.h>\n#pragma pack(1)\n"),
			    "define A:1; undef A:2; include <b.h>:3; directive:4");
	assert_string_equal(
		show("int f(int);\nstatic inline int g(void)\n{\n\treturn 1;\n}\n"
		     "extern int v;\nstruct s {\n\tint a;\n};\ntypedef int t;\n"),
		"prototype f:1; function g:2-5; variable v:6; type s:7-9; typedef t:10");
	assert_string_equal(show("enum e { A, B };\n_Static_assert(1, \"\");\nasm(\"nop\");\n"),
			    "type e:1; assert:2; asm:3");
	/* a body of a struct is none of a function */
	assert_string_equal(show("struct __attribute__((packed)) s { int a; } v;\nint w;\n"),
			    "variable v:1; variable w:2");
	assert_string_equal(show("static inline struct s *f(struct s *p) { return p; }\nint x;\n"),
			    "function f:1; variable x:2");
}

static void test_macro_uses(void **state)
{
	(void)state;
	assert_string_equal(show("DECLARE_THING(x);\nint f(void);\n"),
			    "odd DECLARE_THING:1; prototype f:2");
	/* no ';' */
	assert_string_equal(show("DEFINE_THING(x)\nstatic int f(void) { return 1; }\n"),
			    "odd DEFINE_THING:1; function f:2");
	assert_string_equal(show("DEFINE_THING(x)\n#define A\n"), "odd DEFINE_THING:1; define A:2");
	/* an attribute before a declaration belongs to it */
	assert_string_equal(show("__printf(1, 2)\nvoid f(const char *, ...);\n"),
			    "prototype __printf:1-2");
}

static void test_conditionals(void **state)
{
	(void)state;
	assert_string_equal(show("#ifdef A\nint a;\n#else\nint b;\n#endif\nint c;\n"),
			    "condition:1; variable a:2 in 0; condition:3 in 0; variable b:4 in 2; "
			    "condition:5; variable c:6");
	/* within a declaration they are part of it */
	assert_string_equal(show("struct s {\n#ifdef A\n\tint a;\n#endif\n};\nint b;\n"),
			    "type s:1-5; variable b:6");
	/* one body, two heads: the brackets still match behind it */
	assert_string_equal(show("#ifdef A\nint f(int a) {\n#else\nint f(void) {\n#endif\n\treturn "
				 "1;\n}\nint b;\n"),
			    "condition:1; function f:2-7 in 0; variable b:8");
	assert_string_equal(show("int f(void)\n{\n#ifdef A\n\tif (1) {\n#else\n\tif (2) "
				 "{\n#endif\n\t}\n\treturn 1;\n}\nint b;\n"),
			    "function f:1-10; variable b:11");
}

static void test_damaged(void **state)
{
	struct klp_chunks chunks = {};

	(void)state;
	assert_string_equal(show("}\nint a;\n"), "odd:1-2");
	assert_string_equal(show("int f(void) {\n"), "odd:1");
	assert_string_equal(show("#endif\n#else\nint a;\n"),
			    "condition:1; condition:2; variable a:3");
	assert_int_equal(klp_chunks_split(arena, "h.h", "/* x", 4, &chunks, &err), KLP_EINPUT);
}

static void test_at(void **state)
{
	static const char text[] = "int a;\n/* c */\nint b;\n";
	struct klp_chunks chunks = split(text);

	(void)state;
	assert_string_equal(klp_chunk_at(&chunks, 0)->name, "a");
	assert_string_equal(klp_chunk_at(&chunks, 5)->name, "a");
	assert_null(klp_chunk_at(&chunks, 9));
	assert_string_equal(klp_chunk_at(&chunks, (uint32_t)(strstr(text, "int b") - text))->name,
			    "b");
	assert_null(klp_chunk_at(&chunks, sizeof(text)));
}

/* What is in one version only: "-a +b". */
static const char *differences(const char *before, const char *after)
{
	struct klp_chunks a = split(before), b = split(after);
	uint32_t *to_b, *to_a;
	struct klp_buf out;

	klp_buf_init(&out, arena);
	klp_buf_add(&out, "");
	klp_chunks_match(arena, &a, &b, &to_b, &to_a);
	for (size_t i = 0; i < a.v.n; i++) {
		if (to_b[i] == KLP_CHUNK_NONE)
			klp_buf_addf(&out, " -%s", a.v.v[i].name);
		else
			assert_int_equal(to_a[to_b[i]], i);
	}
	for (size_t i = 0; i < b.v.n; i++)
		if (to_a[i] == KLP_CHUNK_NONE)
			klp_buf_addf(&out, " +%s", b.v.v[i].name);
	return out.p;
}

static void test_match(void **state)
{
	(void)state;
	assert_string_equal(differences("int a;\nint b;\n", "int  a ; /* x */\n\nint b;\n"), "");
	assert_string_equal(differences("int a;\nint b;\nint c;\n", "int a;\nlong b;\nint c;\n"),
			    " -b +b");
	assert_string_equal(differences("int a;\nint c;\n", "int a;\nint b;\nint c;\n"), " +b");
	assert_string_equal(differences("#define A 1\nint b;\n", "#define A 2\nint b;\n"),
			    " -A +A");
	/* moved: once gone, once new */
	assert_string_equal(differences("int a;\nint b;\nint c;\n", "int b;\nint c;\nint a;\n"),
			    " -a +a");
	/* another condition changes all that it governs, at any depth */
	assert_string_equal(
		differences(
			"#if A\nint a;\n#if B\nint b;\n#endif\n#else\nint c;\n#endif\nint d;\n",
			"#if X\nint a;\n#if B\nint b;\n#endif\n#else\nint c;\n#endif\nint d;\n"),
		" - -a - -b - - -c + +a + +b + + +c");
	assert_string_equal(differences("int a;\nint b;\n", "int a;\n#if X\nint b;\n#endif\n"),
			    " -b + +b +");
}

/* "A=number-or-hash" is of no use: which of two versions' values are equal? */
static const char *moved(const char *before, const char *after)
{
	struct klp_enumerators lists[2] = {};
	const char *texts[2] = { before, after };
	struct klp_buf out;

	klp_buf_init(&out, arena);
	klp_buf_add(&out, "");
	for (int i = 0; i < 2; i++) {
		struct klp_ctoks toks = {};

		assert_int_equal(klp_ctok_source(arena, "e", texts[i], strlen(texts[i]), false,
						 &toks, &err),
				 0);
		klp_enumerators(arena, toks.v.v, toks.v.n, &lists[i]);
	}
	for (size_t i = 0; i < lists[0].n; i++) {
		const struct klp_enumerator *a = &lists[0].v[i], *b = NULL;

		for (size_t k = 0; k < lists[1].n; k++)
			if (!strcmp(a->name, lists[1].v[k].name))
				b = &lists[1].v[k];
		if (!b || a->value != b->value)
			klp_buf_addf(&out, "%s%s%s", out.len ? " " : "", b ? "" : "-", a->name);
	}
	return out.p;
}

static void test_enumerators(void **state)
{
	(void)state;
	assert_string_equal(moved("enum e { A, B, C };", "enum e { A, B, C, D };"), "");
	assert_string_equal(moved("enum e { A, B, C };", "enum e { A, X, B, C };"), "B C");
	assert_string_equal(moved("enum e { A, B = 5, C };", "enum e { X, A, B = 5, C };"), "A");
	assert_string_equal(moved("enum e { A, B };", "enum e { A };"), "-B");
	/* the same number, written in another way */
	assert_string_equal(moved("enum { A, B, C };", "enum { A = 0, B = 0x1, C = 2U };"), "");
	assert_string_equal(moved("enum { A = 1 << 2, B };", "enum { A = 1 << 2, X = A, B };"),
			    "B");
	assert_string_equal(moved("enum { A = F(1, 2), B, };", "enum { A = F(1, 3), B, };"), "A B");
	assert_string_equal(moved("typedef enum x { A, B } t;", "typedef enum x { B, A } t;"),
			    "A B");
	assert_string_equal(moved("enum __attribute__((packed)) e { A };",
				  "enum __attribute__((packed)) e { A = 1 };"),
			    "A");
	assert_string_equal(moved("enum { A __attribute__((deprecated)), B };", "enum { A, B };"),
			    "");
	/* no body, or none that ends */
	assert_string_equal(moved("enum e;", "enum e { A };"), "");
	assert_string_equal(moved("enum { A, B", "enum { A, B };"), "");
	assert_string_equal(moved("enum { A = (", "enum { A };"), "A");
}

static bool made(const char *macros, const char *name, const char *text)
{
	struct klp_paste paste;

	klp_paste_init(arena, &paste);
	klp_paste_collect(&paste, macros, strlen(macros));
	klp_paste_add(&paste, name);
	return klp_paste_makes(&paste, text, strlen(text));
}

static void test_paste(void **state)
{
	static const char glue[] = "#define GLUE(a, b) a##b\n";
	static const char limit[] = "#define LIMIT(x) LIMIT_ ## x ## _MAX\n";

	(void)state;
	assert_true(made(glue, "LIMIT_A", "GLUE(LIMIT_, A)"));
	assert_false(made(glue, "LIMIT_A", "GLUE(LIMIT_, B)"));
	assert_false(made(glue, "LIMIT_A", "LIMIT_"));
	assert_false(made(glue, "LIMIT_A", ""));
	/* a half that a macro pastes need not be said */
	assert_true(made("#define L(x) LIMIT_##x\n", "LIMIT_A", "L(A)"));
	assert_false(made("#define L(x) LIMIT_##x\n", "LIMIT_A", "L(B)"));
	assert_true(made("#define L(x) x##_LIMIT\n", "A_LIMIT", "L(A)"));
	/* three parts */
	assert_true(made(limit, "LIMIT_A_MAX", "LIMIT(A)"));
	assert_false(made(limit, "LIMIT_A_MIN", "LIMIT(A)"));
	/* at the ends of a text */
	assert_false(made("##", "LIMIT_A", "LIMIT_A"));
	assert_false(made("a##", "", "LIMIT_A"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_split),	TEST(test_macro_uses), TEST(test_conditionals),
		TEST(test_damaged),	TEST(test_at),	       TEST(test_match),
		TEST(test_enumerators), TEST(test_paste),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
