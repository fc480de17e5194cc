// SPDX-License-Identifier: GPL-2.0-or-later
/* libclang behind the headers at a unit's top sees what it sees of the whole: tu/behind.h. */
#include "tu/behind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/tu_text.h"
#include "tests/unit/small_unit.h"
#include "tu/flags.h"

static struct small s;
static struct klp_error err;

static int setup(void **state)
{
	(void)state;
	memset(&err, 0, sizeof(err));
	small_begin(&s);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	small_end(&s);
	return 0;
}

struct parsed {
	struct klp_tu tu;
	struct klp_tu_problem problem;
	struct klp_buf text;
};

static struct parsed parse(const struct klp_unit *unit, const struct klp_overlay *overlay,
			   const struct klp_ctoks *toks)
{
	struct parsed ret = {};
	char *preamble;

	if (klp_tu_preamble(s.arena, unit, s.work, &overlay, 1, &preamble, &err) < 0 ||
	    klp_tu_parse(s.arena, unit, overlay, preamble, toks, &ret.tu, &ret.problem, &err) < 0)
		fail_msg("%s", err.text);
	if (!ret.problem.text)
		tu_text(s.arena, &ret.tu, s.work, &ret.text);
	return ret;
}

static struct klp_ctoks tokens(const struct klp_unit *unit, const struct klp_overlay *overlay)
{
	struct klp_cc_job job = {
		.unit = unit,
		.mode = KLP_CC_PREPROCESS_NEUTRAL,
		.overlay = overlay,
	};
	struct klp_proc_result result;
	struct klp_cdecls decls = {};
	struct klp_ctoks toks = {};

	if (overlay)
		job.source = klp_path_join(s.arena, overlay->dir, unit->source);
	if (klp_cc_tokens(s.arena, &job, "name", &toks, &decls, &result, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(result.status, 0);
	return toks;
}

static struct klp_unit *unit_of(const char *flags)
{
	struct klp_unit *unit =
		small_unit(&s, "sub/x.c", klp_sprintf(s.arena, "-nostdinc %s", flags));

	unit->heads = klp_cc_heads_new(s.arena, klp_path_join(s.arena, s.work, "heads"));
	return unit;
}

static struct parsed both(const struct klp_unit *unit, const struct klp_overlay *overlay,
			  bool behind)
{
	struct klp_ctoks toks = tokens(unit, overlay);
	struct parsed whole = parse(unit, overlay, NULL), parts = parse(unit, overlay, &toks);
	size_t at;

	if (whole.problem.text || parts.problem.text)
		fail_msg("whole: %s; behind: %s", whole.problem.text, parts.problem.text);
	assert_false(whole.tu.behind);
	assert_int_equal(parts.tu.behind, behind);
	at = tu_text_differs(&whole.text, &parts.text);
	if (at != SIZE_MAX)
		fail_msg("'%s', and behind its headers '%s'",
			 tu_text_line(s.arena, &whole.text, at),
			 tu_text_line(s.arena, &parts.text, at));
	return parts;
}

static struct parsed try(const char *flags, const char *text, bool behind)
{
	small_put(&s, "sub/x.c", text);
	return both(unit_of(flags), NULL, behind);
}

#define HEADER                                                                                \
	"#ifndef H\n#define H\n#include \"deep.h\"\n"                                         \
	"#define CAT_(a, b) a##b\n#define CAT(a, b) CAT_(a, b)\n#define TWICE(x) (2 * (x))\n" \
	"typedef unsigned int u32;\nstruct top { u32 a; struct { int b; } c; };\n"            \
	"enum colour { RED, GREEN };\nextern int shared;\nint declared(struct top *t);\n"     \
	"static inline int used(struct top *t) { return t->c.b + deep(); }\n"                 \
	"static inline int unused(struct top *t) { return missing_in_it(t); }\n#endif\n"

static void put_headers(void)
{
	small_put(&s, "sub/deep.h",
		  "static inline int missing_in_it(void *p) { return !p; }\n"
		  "static inline int deep(void) { return 1; }\n");
	small_put(&s, "sub/h.h", HEADER);
}

static void test_same(void **state)
{
	struct parsed p;

	(void)state;
	put_headers();
	small_put(&s, "inc/angle.h", "#define offsetof(t, m) __builtin_offsetof(t, m)\n");
	p = try("-Iinc",
		"/* A comment,\n * of two lines. */\n#define FIRST 1\n#include \"h.h\"\n\n"
		"#include <angle.h> /* where offsetof is */\n\n"
		"#define LATER(x) TWICE(x + FIRST)\nint shared = LATER(3);\n"
		"static struct top tops[GREEN + 1];\n"
		"#ifdef NOTHING\nint skipped;\n#endif\n"
		"int declared(struct top *t)\n{\n\tstatic u32 count;\n\n\tcount += LATER(t->a);\n"
		"\treturn used(t) + (int)count + __builtin_ffs(2) + (int)offsetof(struct top, "
		"c);\n}\n"
		"int CAT(num, __COUNTER__) = __LINE__;\ntypeof(&declared) pointer = declared;\n",
		true);
	assert_true(klp_tu_find(&p.tu, "declared")->in_header);
	assert_int_equal(klp_tu_find(&p.tu, "num0")->line, 21);
	assert_int_equal(p.tu.files.v[0].skipped.n, 1);
	assert_string_equal(klp_strndup(s.arena, p.tu.files.v[0].text + 3, 9), "A comment");
}

/* Which file is read by whom, and where; more than once, and from the command line. */
static void test_files(void **state)
{
	struct parsed p;

	(void)state;
	put_headers();
	small_put(&s, "sub/twice.h", "extern int twice;\n");
	small_put(&s, "sub/pre.h", "#include \"sub/pre2.h\"\n#define PRE 1\n");
	small_put(&s, "sub/pre2.h", "int pre2;\n");
	small_put(&s, "inc/next.h", "int next;\n");
	p = try("-I. -Iinc -include sub/pre.h",
		"#include \"twice.h\"\n#define NAME \"h.h\"\n#include NAME\n# include \\\n"
		"  \"twice.h\"\n#include <next.h>\nint x = PRE;\n",
		true);
	assert_true(p.tu.files.n >= 7);
	assert_string_equal(p.tu.files.v[1].name, "sub/pre.h");
	assert_int_equal(p.tu.files.v[1].included_from, -1);
	assert_string_equal(p.tu.files.v[2].name, "sub/pre2.h");
	assert_int_equal(p.tu.files.v[2].included_from, 1);
	assert_string_equal(p.tu.files.v[3].name, "sub/twice.h");
	assert_int_equal(p.tu.files.v[3].included_from, 0);
	assert_int_equal(p.tu.files.v[3].included_at, strlen("#include "));
	assert_true(p.tu.files.v[3].included_last > p.tu.files.v[3].included_at);
}

/* The counter goes on where the headers left it. */
static void test_counter(void **state)
{
	struct parsed p;

	(void)state;
	small_put(&s, "sub/count.h",
		  "#define CAT_(a, b) a##b\n#define CAT(a, b) CAT_(a, b)\n"
		  "static inline int CAT(first_, __COUNTER__)(void) { return __COUNTER__; }\n");
	p = try("", "#include \"count.h\"\nint CAT(a_, __COUNTER__), CAT(b_, __COUNTER__);\n",
		true);
	assert_non_null(klp_tu_find(&p.tu, "a_2"));
	assert_non_null(klp_tu_find(&p.tu, "b_3"));
}

/* What the text says of it can't be told without the headers, or they are text of the unit. */
static void test_whole(void **state)
{
	(void)state;
	put_headers();
	try("", "#if 1\n#include \"h.h\"\n#else\n#include \"deep.h\"\n#endif\nint x;\n", false);
	try("", "int x;\n#include \"h.h\"\nint y;\n", false);
	small_put(&s, "sub/part.c", "int part(void) { return 1; }\n");
	try("", "#include \"part.c\"\nint x;\n", false);
	small_put(&s, "sub/private.h", "static int private(void) { return 1; }\n");
	try("", "#include \"private.h\"\nint x(void) { return private(); }\n", false);
	/* of another directory it is a header like others */
	small_put(&s, "other/private.h", "static int private(void) { return 1; }\n");
	try("-Iother -iquote .", "#include <private.h>\nint x(void) { return private(); }\n", true);
}

/*
 * A function whose name only the line tells: the neutral text doesn't say it, so that it is left
 * out. It must not be taken for one that its use declares.
 */
static void test_left_out(void **state)
{
	static const char text[] =
		"#include \"h.h\"\n\nint x(void) { return CAT(f_, __LINE__)(); }\n";
	struct klp_tu__behind behind;
	struct klp_strs args = {};
	struct klp_unit *unit;
	struct klp_ctoks toks;
	struct parsed p;
	bool made;

	(void)state;
	small_put(&s, "sub/h.h",
		  "#define CAT_(a, b) a##b\n#define CAT(a, b) CAT_(a, b)\n"
		  "static inline int f_3(void) { return 1; }\n");
	p = try("", text, false);
	assert_true(klp_tu_find(&p.tu, "x")->refs.v[0].is_inline);
	unit = unit_of("");
	toks = tokens(unit, NULL);
	assert_int_equal(klp_tu__behind(s.arena, unit, NULL, &toks, &args, &behind, &made, &err),
			 0);
	assert_true(made);
	assert_null(strstr(small_get(&s, behind.top.text), "f_3(void)"));
}

/* A version with the fix, of which another file isn't what it was. */
static void test_overlay(void **state)
{
	static const char fixed[] = "#include \"h.h\"\nint g = TWICE(1);\n", other[] = HEADER;
	struct klp_overlay overlay = { .dir = klp_path_join(s.arena, s.work, "after") };
	const char *path = klp_path_join(s.arena, overlay.dir, "sub/x.c");
	struct klp_unit *unit;
	struct parsed p;

	(void)state;
	put_headers();
	small_put(&s, "sub/x.c", "#include \"h.h\"\nint f;\n");
	assert_int_equal(klp_mkdirs(klp_path_dir(s.arena, path), &err), 0);
	assert_int_equal(klp_file_write(path, fixed, strlen(fixed), &err), 0);
	klp_vec_push(s.arena, &overlay.files, "sub/x.c");
	unit = unit_of("");
	both(unit, NULL, true);
	p = both(unit, &overlay, true);
	assert_non_null(klp_tu_find(&p.tu, "g"));
	assert_string_equal(p.tu.files.v[0].text, fixed);
	path = klp_path_join(s.arena, overlay.dir, "sub/h.h");
	assert_int_equal(klp_file_write(path, other, strlen(other), &err), 0);
	klp_vec_push(s.arena, &overlay.files, "sub/h.h");
	both(unit, &overlay, false);
}

/* Problems are told of the source, as it is there. */
static void test_problem(void **state)
{
	static const char text[] = "#include \"h.h\"\n\nint f(void)\n{\n\treturn none + 1;\n}\n";
	const struct klp_unit *unit;
	struct klp_ctoks toks;
	struct parsed p;

	(void)state;
	put_headers();
	small_put(&s, "sub/x.c", text);
	unit = unit_of("");
	toks = tokens(unit, NULL);
	p = parse(unit, NULL, &toks);
	assert_non_null(p.problem.text);
	assert_string_equal(p.problem.file, "sub/x.c");
	assert_int_equal(p.problem.line, 5);
	assert_int_equal(p.problem.column, 9);
}

/* ---- what would be another unit behind its headers: most of these are read whole ------------ */

/* GCC says "#undef" where a macro is put back, and prints neither pragma. */
static void test_popped(void **state)
{
	(void)state;
	small_put(&s, "sub/h.h",
		  "int token;\n#define X 1\n#pragma push_macro(\"X\")\n#undef X\n#define X 2\n"
		  "#pragma pop_macro(\"X\")\n");
	try("", "#include \"h.h\"\n#ifdef X\nint there;\n#else\nint gone;\n#endif\n", false);
}

/* The text is expanded again, by what the command line defines. */
static void test_defined_before(void **state)
{
	(void)state;
	small_put(&s, "sub/h.h", "#undef num\ntypedef long num;\nstruct s { num a[4]; };\n");
	try("-Dnum=int",
	    "#include \"h.h\"\nint f(void)\n{\n\tstatic struct s v;\n\treturn v.a[0];\n}\n", false);
}

/* A header includes the source. */
static void test_again(void **state)
{
	(void)state;
	small_put(&s, "sub/h.h",
		  "#ifndef H\n#define H\n#define AGAIN\n#include \"x.c\"\n#undef AGAIN\n#endif\n");
	try("", "#include \"h.h\"\n#ifdef AGAIN\nint again;\n#else\nint x;\n#endif\n", false);
}

/* A private header that says it is another file. */
static void test_line(void **state)
{
	(void)state;
	small_put(&s, "sub/h.h", "#line 1 \"../gen/p.y\"\nstatic int g(void) { return 1; }\n");
	try("", "#include \"h.h\"\nint f(void)\n{\n\treturn g();\n}\n", false);
}

/* The compiler was told the source by a link. */
static void test_linked(void **state)
{
	struct klp_unit *unit;

	(void)state;
	small_put(&s, "sub/p.h", "static int g(void) { return 1; }\n");
	small_put(&s, "sub/x.c", "#include \"p.h\"\nint y(void) { return g(); }\n");
	assert_int_equal(symlink("sub", klp_path_join(s.arena, s.dir, "link")), 0);
	unit = unit_of("");
	unit->source_arg = unit->argv.v[unit->argv.n - 1] = "link/x.c";
	both(unit, NULL, false);
}

/* Names of the tokens' files are as in the quotes of a marker. */
static void test_odd_dir(void **state)
{
	struct klp_unit *unit;

	(void)state;
	small_put(&s, "su\\b/p.h", "static int g(void) { return 1; }\n");
	small_put(&s, "su\\b/x.c", "#include \"p.h\"\nint y(void) { return g(); }\n");
	unit = small_unit(&s, "su\\b/x.c", "-nostdinc");
	unit->heads = klp_cc_heads_new(s.arena, klp_path_join(s.arena, s.work, "heads"));
	both(unit, NULL, false);
}

/* As test_left_out(); the guard is a diagnostic, and a pragma turns it off. */
static void test_unguarded(void **state)
{
	(void)state;
	small_put(&s, "sub/h.h",
		  "#define CAT_(a, b) a##b\n#define CAT(a, b) CAT_(a, b)\n"
		  "#pragma GCC diagnostic ignored \"-Wall\"\nint token;\n"
		  "static inline long f_2(void) { return 1; }\n");
	try("", "#include \"h.h\"\nint x(void) { return CAT(f_, __LINE__)(); }\n", false);
}

/* Errors of libclang 16 and later by default: -Wno-everything silences them, -w doesn't. */
static void test_error_by_default(void **state)
{
	struct klp_unit *unit;
	struct klp_ctoks toks;
	struct parsed whole, parts;

	(void)state;
	put_headers();
	small_put(&s, "sub/x.c", "#include \"h.h\"\nint *x(void) { return shared; }\n");
	unit = unit_of("");
	toks = tokens(unit, NULL);
	whole = parse(unit, NULL, NULL);
	parts = parse(unit, NULL, &toks);
	assert_int_equal(!whole.problem.text, !parts.problem.text);
}

/* The place of an unnamed type of a header: one version may be read behind, the other one whole. */
static void test_unnamed(void **state)
{
	(void)state;
	small_put(&s, "sub/h.h", "struct o { struct { int z; } in; };\n");
	try("", "#include \"h.h\"\nint g(__typeof__(((struct o *)0)->in) *a) { return a->z; }\n",
	    true);
}

/* A declaration inside of a function that is left out. */
static void test_inner_extern(void **state)
{
	(void)state;
	small_put(&s, "sub/h.h",
		  "static inline int g(void) { extern int bar(int); return bar(1); }\n");
	try("", "#include \"h.h\"\nint bar(int a) { return a; }\n", true);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_same),    TEST(test_files),	     TEST(test_counter),
		TEST(test_whole),   TEST(test_left_out),     TEST(test_overlay),
		TEST(test_problem), TEST(test_popped),	     TEST(test_defined_before),
		TEST(test_again),   TEST(test_line),	     TEST(test_linked),
		TEST(test_odd_dir), TEST(test_unguarded),    TEST(test_error_by_default),
		TEST(test_unnamed), TEST(test_inner_extern),
	};

	return cmocka_run_group_tests_name("behind", tests, NULL, NULL);
}
