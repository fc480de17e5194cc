// SPDX-License-Identifier: GPL-2.0-or-later
#include "parsers/cdecl.h"

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

static int split(const char *text, struct klp_ctoks *toks, struct klp_cdecls *ret)
{
	memset(toks, 0, sizeof(*toks));
	memset(ret, 0, sizeof(*ret));
	memset(&err, 0, sizeof(err));
	assert_int_equal(klp_ctok_preprocessed(arena, "t.i", text, strlen(text), toks, &err), 0);
	return klp_cdecl_split(arena, toks, ret, &err);
}

static const char *const kinds[] = {
	[KLP_CDECL_FUNCTION] = "function", [KLP_CDECL_TYPE] = "type",
	[KLP_CDECL_TYPEDEF] = "typedef",   [KLP_CDECL_ASM] = "asm",
	[KLP_CDECL_ASSERT] = "assert",	   [KLP_CDECL_PROTOTYPE] = "prototype",
	[KLP_CDECL_VARIABLE] = "variable", [KLP_CDECL_EMPTY] = "empty",
};

/* "function f; type s; empty": every declaration by kind and name. */
static const char *show(const struct klp_cdecls *decls)
{
	struct klp_buf out;

	klp_buf_init(&out, arena);
	for (size_t i = 0; i < decls->n; i++)
		klp_buf_addf(&out, "%s%s%s%s", i ? "; " : "", kinds[decls->v[i].kind],
			     decls->v[i].name[0] ? " " : "", decls->v[i].name);
	return out.p;
}

/* A declaration behind each, so that one that runs on is seen. */
#define TAIL "\nint last;"

static void test_kinds(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		/* functions */
		{ "int f(void) { return 0; }", "function f" },
		{ "static inline struct s *f(struct s *a, int b) { }", "function f" },
		{ "struct s f(void) { return (struct s){ 1 }; }", "function f" },
		{ "void (*f(int a))(int) { return 0; }", "function f" },
		{ "int (*(*f(void))(int))(char) { return 0; }", "function f" },
		{ "int (f)(int a) { return a; }", "function f" },
		{ "void *(f)(int (*cb)(void)) { return 0; }", "function f" },
		{ "void *(*f)(int (*cb)(void));", "variable f" },
		{ "__attribute__((noinline)) static int f(void) { }", "function f" },
		{ "static int __attribute__((noinline)) f(void) { }", "function f" },
		{ "static int f(void) __attribute__((noinline)) { }", "function f" },
		{ "static __attribute__((__section__(\".init.text\"))) int f(void) { }",
		  "function f" },
		{ "typeof(int) f(void) { }", "function f" },
		{ "u64 f(u64 a, ...) { }", "function f" },
		{ "f(void) { }", "function f" },
		{ "enum e f(enum e { A, B } a) { }", "function f" },
		{ "int f(void) { struct s { int a; } x = { ({ int y = 1; y; }) }; { } }",
		  "function f" },
		{ "int f(void) { } ; int g(void) { }", "function f; function g" },
		{ "int f(void) __asm__(\"g\");", "prototype f" },
		/* prototypes */
		{ "int f(void);", "prototype f" },
		{ "extern int f(void) __attribute__((format(printf, 1, 2)));", "prototype f" },
		{ "void (*f(int))(int);", "prototype f" },
		{ "int (f)(void);", "prototype f" },
		{ "int f(void), g(int);", "prototype f" },
		{ "int f(int (*cb)(void));", "prototype f" },
		{ "int f(int a[static 3]);", "prototype f" },
		/* variables */
		{ "int a;", "variable a" },
		{ "static const char *const a[] = { \"x\", \"y\" };", "variable a" },
		{ "int a = 1, b = 2;", "variable a" },
		{ "struct s *a, b[3];", "variable a" },
		{ "struct s { int x; } b = { };", "variable b" },
		{ "struct { int x; } b;", "variable b" },
		{ "static struct __attribute__((packed)) s { int x; } b[2];", "variable b" },
		{ "struct s { int x; } __attribute__((packed)) b;", "variable b" },
		{ "enum e { A, B } b;", "variable b" },
		{ "int (*fn)(int);", "variable fn" },
		{ "int (*fn)(int) = f;", "variable fn" },
		{ "int (*const fns[])(int) = { f, g };", "variable fns" },
		{ "int (*(*fn)(int))(void);", "variable fn" },
		{ "int (*fn)(int (*cb)(int));", "variable fn" },
		{ "int (__attribute__((cdecl)) *fn)(int);", "variable fn" },
		{ "int (a);", "variable a" },
		{ "int (*a)[4];", "variable a" },
		{ "int a[sizeof(struct s { int x; })];", "variable a" },
		{ "typeof(f(1)) a;", "variable a" },
		{ "__typeof__(f) a __attribute__((alias(\"f\")));", "variable a" },
		{ "int a __attribute__((section(\".data\"))) = 1;", "variable a" },
		{ "__attribute__((used)) static int a;", "variable a" },
		{ "struct s a = { .f = (void (*)(int))g, .b = { { 1 }, { 2 } } };", "variable a" },
		{ "struct s a = { .f = ({ struct t { int x; } y; g(y); }), };", "variable a" },
		{ "struct s a = (struct s){ .x = sizeof(struct t) };", "variable a" },
		{ "int a = f(1);", "variable a" },
		{ "_Alignas(8) int a;", "variable a" },
		{ "unsigned a:3;", "variable a" },
		{ "_Atomic(int) a;", "variable a" },
		{ "unsigned long long int a;", "variable a" },
		{ "static __thread int a;", "variable a" },
		/* types */
		{ "struct s { int a; };", "type s" },
		{ "struct s { struct { int a; }; union u { int b; } c; int (*f)(void); };",
		  "type s" },
		{ "struct __attribute__((packed)) s { int a; };", "type s" },
		{ "struct s { int a; } __attribute__((packed, aligned(4)));", "type s" },
		{ "enum { A, B = 3 };", "type" },
		{ "enum e { A, B = sizeof(int) };", "type e" },
		{ "struct s;", "empty s" },
		{ "union u;", "empty u" },
		/* typedefs */
		{ "typedef int (*fn)(int);", "typedef fn" },
		{ "typedef int fn(int);", "typedef fn" },
		{ "typedef struct s { int a; } t;", "typedef t" },
		{ "typedef struct { int a; } __attribute__((packed)) t;", "typedef t" },
		{ "typedef u32 __attribute__((aligned(4))) t;", "typedef t" },
		{ "__extension__ typedef long long t;", "typedef t" },
		{ "typedef int t[4];", "typedef t" },
		{ "typedef __builtin_va_list t;", "typedef t" },
		{ "typedef enum { A } t;", "typedef t" },
		/* the rest */
		{ "asm(\".text\");", "asm" },
		{ "__asm__ volatile (\"nop\" : : \"i\"(1));", "asm" },
		{ "__asm(\"nop\");", "asm" },
		{ "asm(\".pushsection \\\"a\\\"\" \";\" \"{\");", "asm" },
		{ "_Static_assert(sizeof(int) == 4, \"int\");", "assert" },
		{ ";;;", "" },
		{ "struct s { int a; };;", "type s" },
	};

	unsigned int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *text = klp_sprintf(arena, "%s" TAIL, cases[i].text);
		const char *want = klp_sprintf(arena, "%s%svariable last", cases[i].want,
					       cases[i].want[0] ? "; " : "");
		struct klp_ctoks toks;
		struct klp_cdecls decls;

		if (split(text, &toks, &decls) < 0)
			fail_msg("%s: %s", text, err.text);
		if (strcmp(show(&decls), want)) {
			wrong++;
			print_error("%s\n  is  %s\n  not %s\n", text, show(&decls), want);
		}
	}
	assert_int_equal(wrong, 0);
}

static void test_pragmas(void **state)
{
	struct klp_ctoks toks;
	struct klp_cdecls decls;

	(void)state;
	assert_int_equal(split("#pragma pack(push, 1)\nstruct s { int a; };\n#pragma pack(pop)\n"
			       "_Static_assert(1, \"\");\n"
			       "#pragma GCC diagnostic push\nint f(void)\n{\n#pragma x\n}\n"
			       "#pragma weak f\nasm(\"nop\");\n#pragma GCC diagnostic pop\n",
			       &toks, &decls),
			 0);
	assert_string_equal(show(&decls), "type s; assert; function f; asm; empty");
}

static void test_places(void **state)
{
	struct klp_ctoks toks;
	struct klp_cdecls decls;
	const struct klp_cdecl *f;

	(void)state;
	assert_int_equal(split("int a;\nstatic int f(int x)\n{\n\treturn x;\n}\nint b;\n", &toks,
			       &decls),
			 0);
	assert_int_equal(decls.n, 3);
	f = &decls.v[1];
	assert_int_equal(f->first, 3);
	assert_int_equal(f->n, 12);
	assert_true(klp_tok_is(&toks.v.v[f->body], "{"));
	assert_int_equal(toks.v.v[f->body].line, 3);
	assert_int_equal(decls.v[0].body, 0);
	assert_int_equal(decls.v[2].first, f->first + f->n);
}

static uint64_t hash_of(const char *text)
{
	struct klp_ctoks toks;
	struct klp_cdecls decls;

	assert_int_equal(split(text, &toks, &decls), 0);
	assert_int_equal(decls.n, 1);
	return decls.v[0].hash;
}

static void test_hash(void **state)
{
	(void)state;
	assert_true(hash_of("int f(void){return 1;}") ==
		    hash_of("# 9 \"x\"\nint f(\n void)\n# 2 \"y\"\n{ return  1; }"));
	assert_false(hash_of("int f(void){return 1;}") == hash_of("int f(void){return 2;}"));
	assert_false(hash_of("int ab, c;") == hash_of("int a, bc;"));
	assert_false(hash_of("int x = a b;") == hash_of("int x = ab;"));
	assert_false(hash_of("char *s = \"a\" \"b\";") == hash_of("char *s = \"ab\";"));
}

static void test_sections(void **state)
{
	static const struct {
		const char *text;
		bool section, init, plain_data;
	} cases[] = {
		{ "int f(void) { }", false, false, false },
		{ "int __attribute__((__section__(\".init.text\"))) f(void) { }", true, true,
		  false },
		{ "int f(void) __attribute__((section(\".exit.text\"))) { }", true, true, false },
		{ "int a __attribute__((__section__(\".init\" \".data\"))) = 1;", true, true,
		  false },
		{ "int a __attribute__((section(\".data..read_mostly\")));", true, false, true },
		/* what a body holds is not the function's */
		{ "int f(void) { static int a __attribute__((section(\".init.data\"))); }", false,
		  false, false },
		{ "int section(int a) { }", false, false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct klp_ctoks toks;
		struct klp_cdecls decls;

		assert_int_equal(split(cases[i].text, &toks, &decls), 0);
		assert_int_equal(decls.n, 1);
		assert_int_equal(decls.v[0].section, cases[i].section);
		assert_int_equal(decls.v[0].init, cases[i].init);
		assert_int_equal(decls.v[0].plain_data, cases[i].plain_data);
	}
}

static void test_unbalanced(void **state)
{
	static const struct {
		const char *text;
		unsigned int line;
	} cases[] = {
		{ "int a;\nint f(void) {\n if (x) {\n}\nint b;\n", 2 },
		{ "int a;\nint f(int\n", 2 },
		{ "int a[3;\n", 1 },
		{ "int a;\n}\n", 2 },
		{ "int a;\nint b);\n", 2 },
		{ "int a;\nint b];\n", 2 },
		{ "struct s {\n int a;\n", 1 },
		{ "\nstruct __attribute__((packed s { };", 2 },
		{ "int a __attribute__((packed;", 1 },
		{ "int f(int a] { }", 1 },
		{ "int f(int a) { g(]; }", 1 },
		{ "int f(int a) { ) }", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *text = klp_sprintf(arena, "# 1 \"x.c\"\n%s", cases[i].text);
		struct klp_ctoks toks;
		struct klp_cdecls decls;

		if (split(text, &toks, &decls) != KLP_EINPUT)
			fail_msg("taken: %s", cases[i].text);
		assert_string_equal(err.file, "x.c");
		if (err.line != cases[i].line)
			fail_msg("line %u of: %s", err.line, cases[i].text);
		assert_int_equal(decls.n, 0);
	}
}

/* Every prefix: an error or a split that covers each token once, never a crash. */
static void test_truncated(void **state)
{
	static const char text[] =
		"__attribute__((a(1))) static struct s { int (*f)(int); } x[2] = { { 0 } }, y;"
		"typedef int (*fn)(int); void (*g(int a))(int) { ({ int z[3]; }); } asm(\"x\");"
		"enum { A }; _Static_assert(1, \"\"); typeof(x) (*w)[3];";

	(void)state;
	for (size_t n = 0; n < sizeof(text); n++) {
		struct klp_ctoks toks = {};
		struct klp_cdecls decls = {};
		uint32_t next = 0;

		memset(&err, 0, sizeof(err));
		if (klp_ctok_preprocessed(arena, "t", text, n, &toks, &err) < 0 ||
		    klp_cdecl_split(arena, &toks, &decls, &err) < 0)
			continue;
		for (size_t i = 0; i < decls.n; i++) {
			assert_int_equal(decls.v[i].first, next);
			next += decls.v[i].n;
		}
		assert_int_equal(next, toks.v.n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_kinds, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pragmas, setup, teardown),
		cmocka_unit_test_setup_teardown(test_places, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hash, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sections, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unbalanced, setup, teardown),
		cmocka_unit_test_setup_teardown(test_truncated, setup, teardown),
	};

	return cmocka_run_group_tests_name("cdecl", tests, NULL, NULL);
}
