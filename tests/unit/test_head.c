// SPDX-License-Identifier: GPL-2.0-or-later
/* A unit in two parts, the headers at its top and the rest, is what it is in one: cc/head.h. */
#include "cc/cc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/small_unit.h"

static struct small s;
static struct klp_error err;

#define HEADER                                                    \
	"#define CAT_(a, b) a##b\n#define CAT(a, b) CAT_(a, b)\n" \
	"#define VALUE 3\n"                                       \
	"static inline int CAT(counted_, __COUNTER__)(void)\n{\n" \
	"\treturn __LINE__ + __COUNTER__;\n}\n"                   \
	"static inline int unused(void) { return 1; }\n"          \
	"static int of_unused(void) { return 2; }\n"              \
	"static inline int user(void) { return of_unused(); }\n"  \
	"static inline int used(void) { return VALUE; }\nstruct top { int x; };\n"

static int setup(void **state)
{
	(void)state;
	memset(&err, 0, sizeof(err));
	small_begin(&s);
	small_put(&s, "sub/h.h", HEADER);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	small_end(&s);
	return 0;
}

struct seen {
	struct klp_ctoks toks;
	struct klp_cdecls decls;
	struct klp_proc_result result;
};

static struct seen look(const struct klp_cc_job *job)
{
	struct seen ret = {};

	if (klp_cc_tokens(s.arena, job, "name", &ret.toks, &ret.decls, &ret.result, &err) < 0)
		fail_msg("%s", err.text);
	return ret;
}

static void assert_same(const struct seen *a, const struct seen *b)
{
	assert_int_equal(a->toks.v.n, b->toks.v.n);
	for (size_t i = 0; i < a->toks.v.n; i++) {
		const struct klp_ctok *x = &a->toks.v.v[i], *y = &b->toks.v.v[i];

		assert_int_equal(x->kind, y->kind);
		assert_string_equal(klp_strndup(s.arena, x->p, x->len),
				    klp_strndup(s.arena, y->p, y->len));
		assert_int_equal(x->line, y->line);
		assert_string_equal(a->toks.files.v[x->file], b->toks.files.v[y->file]);
	}
	assert_int_equal(a->decls.n, b->decls.n);
	for (size_t i = 0; i < a->decls.n; i++) {
		assert_string_equal(a->decls.v[i].name, b->decls.v[i].name);
		assert_int_equal(a->decls.v[i].first, b->decls.v[i].first);
		assert_int_equal(a->decls.v[i].at, b->decls.v[i].at);
		assert_int_equal(a->decls.v[i].body, b->decls.v[i].body);
		assert_int_equal(a->decls.v[i].n, b->decls.v[i].n);
	}
}

/* The text of the headers is there once. */
static bool is_shared(const struct seen *a, const struct seen *b)
{
	return a->toks.v.n && b->toks.v.n && a->toks.v.v[0].p == b->toks.v.v[0].p;
}

static struct klp_cc_heads *new_heads(void)
{
	return klp_cc_heads_new(s.arena, klp_path_join(s.arena, s.work, "heads"));
}

/* Where it may be in parts or not, in either mode. */
static void try_same(const char *flags, const char *text)
{
	static const enum klp_cc_mode modes[] = { KLP_CC_PREPROCESS_CODE,
						  KLP_CC_PREPROCESS_NEUTRAL };
	struct klp_unit *unit = small_unit(&s, "sub/x.c", flags);

	small_put(&s, "sub/x.c", text);
	for (size_t i = 0; i < 2; i++) {
		const struct klp_cc_job job = { .unit = unit, .mode = modes[i] };
		struct seen one, two;

		unit->heads = NULL;
		one = look(&job);
		unit->heads = new_heads();
		two = look(&job);
		assert_int_equal(one.result.status != 0, two.result.status != 0);
		assert_same(&one, &two);
	}
}

/* In one and in parts, in both modes. parts: whether it can be cut. */
static void try(const char *flags, const char *text, bool parts)
{
	static const enum klp_cc_mode modes[] = { KLP_CC_PREPROCESS_CODE,
						  KLP_CC_PREPROCESS_NEUTRAL };
	struct klp_unit *unit = small_unit(&s, "sub/x.c", flags);
	struct klp_cc_heads *heads = new_heads();

	small_put(&s, "sub/x.c", text);
	for (size_t i = 0; i < 2; i++) {
		const struct klp_cc_job job = { .unit = unit, .mode = modes[i] };
		struct seen one, two, again;
		struct klp_proc_result whole;

		unit->heads = NULL;
		one = look(&job);
		assert_int_equal(one.result.status, 0);
		unit->heads = heads;
		two = look(&job);
		again = look(&job);
		assert_same(&one, &two);
		assert_same(&one, &again);
		if (is_shared(&two, &again) != parts)
			fail_msg("%s: %s", parts ? "in one" : "in parts", text);
		assert_int_equal(klp_cc_run(s.arena, &job, &whole, &err), 0);
		again = (struct seen){};
		assert_int_equal(klp_ctok_preprocessed(s.arena, "name", whole.out, whole.out_len,
						       &again.toks, &err),
				 0);
		assert_int_equal(again.toks.v.n, one.toks.v.n);
	}
}

static void test_parts(void **state)
{
	(void)state;
	try("", "#include \"h.h\"\nint f(void) { return VALUE + __LINE__; }\n", true);
	/* the counter goes on */
	try("", "#include \"h.h\"\nint CAT(a_, __COUNTER__), CAT(b_, __COUNTER__);\n", true);
	/* what comes before the headers counts, and conditions that are closed */
	try("",
	    "// A comment\n#define VALUE_ 1\n\n#if VALUE_ == 1\n#include \"h.h\"\n#endif\nint x;\n",
	    true);
	try("", "/* a\n * b */\n#include \"h.h\" /* c\n d */\nint x = __LINE__;\n", true);
	try("", "#include \"h.h\"\n#undef VALUE\n#define VALUE \\\n\t7\nint x = VALUE;\n", true);
	small_put(&s, "sub/pre.h", "#define PRE 4\n#define VALUE_OF(x) #x\nint pre;\n");
	try("-include sub/pre.h",
	    "#include \"h.h\"\nint x = PRE;\nconst char *v = VALUE_OF(PRE), *f = __FILE__;\n",
	    true);
	/* so many that it takes several lines to count them */
	small_put(&s, "sub/many.h",
		  "#define C(x) int CAT(x, __COUNTER__);\n#define C8(x) C(x##0) C(x##1) C(x##2) "
		  "C(x##3) C(x##4) C(x##5) C(x##6) C(x##7)\nC8(a) C8(b) C8(c) C8(d) C8(e) C8(f) "
		  "C8(g) C8(h) C8(i)\n");
	try("", "#include \"h.h\"\n#include \"many.h\"\nC8(z)\n", true);
}

static void test_in_one(void **state)
{
	(void)state;
	small_put(&s, "sub/late.h", "int late;\n");
	try("", "#include \"h.h\"\nint x;\n#include \"late.h\"\n", false);
	try("", "#include \"h.h\"\nint x;\n#if 0\n#include \"late.h\"\n#endif\n", false);
	try("", "#if 1\n#include \"h.h\"\nint x;\n#endif\n", false);
	try("", "#line 100 \"y.c\"\n#include \"h.h\"\nint x = __LINE__;\n", false);
	try("", "int x;\n", false);
	/* what is told of macros behind the head needs the head */
	try("", "#include \"h.h\"\n#pragma pop_macro(\"VALUE\")\nint x = VALUE;\n", false);
	small_put(&s, "sub/push.h",
		  "#define P 1\n#pragma push_macro(\"P\")\n#undef P\n#define P 2\n"
		  "#define POP _Pragma(\"pop_macro(\\\"P\\\")\")\nint y;\n");
	try("", "#include \"push.h\"\nPOP\nint x = P;\n", false);
	small_put(&s, "sub/push.h",
		  "#define P 1\n#pragma push_macro(\"P\")\n#undef P\n#define P 2\nint y;\n");
	try("", "#include \"push.h\"\nint x = P;\n", true);
	try("", "#include \"h.h\"\nconst char *x = __BASE_FILE__;\n", false);
	/* a declaration that the headers leave open */
	small_put(&s, "sub/open.h", "int y;\nint\n");
	try("", "#include \"open.h\"\nx;\n", false);
	small_put(&s, "sub/open.h", "int y;\nstruct z { int x; }\n");
	try("", "#include \"open.h\"\nx;\n", false);
}

/* The same words, and what the preprocessor is told of them elsewhere. */
static void test_traps(void **state)
{
	(void)state;
	small_put(&s, "sub/base.h", "static const char *base = __BASE_FILE__;\n");
	try_same("", "#include \"base.h\"\nint x;\n");
	small_put(&s, "other/two.h", "int other;\n");
	small_put(&s, "sub/two.h", "int beside;\n");
	try_same("-iquote other", "#include \"two.h\"\nint x;\n");
	small_put(&s, "sub/gen.h", "#line 1 \"<stdout>\"\n#define GEN 5\nint y;\n");
	try_same("", "#include \"gen.h\"\nint x = GEN;\n");
	/* includes that aren't written like one, of what is read once */
	small_put(&s, "sub/once.h", "#pragma once\nint once;\n");
	try_same("-Wno-deprecated", "#include \"once.h\"\nint x;\n#import \"once.h\"\nint z;\n");
	try_same("", "#include \"once.h\"\nint x;\n%:include \"once.h\"\nint z;\n");
	try_same("", "#include \"once.h\"\nint x;\n#inc\\\nlude \"once.h\"\nint z;\n");
	/* conditions on what is another thing in one mode, or in one part */
	small_put(&s, "sub/if.h",
		  "#if __LINE__ == 0\n#define V 1\n#else\n#define V 2\n#endif\nint y;\n");
	try_same("", "#include \"if.h\"\nint x = V;\n");
	small_put(&s, "sub/if.h",
		  "#if __COUNTER__ == 0\n#define V 1\n#else\n#define V 2\n#endif\n");
	try_same("", "int y = __COUNTER__;\n#include \"if.h\"\nint x = V;\n");
	try_same("", "#include \"if.h\"\nint x = V;\n");
	try_same("", "/*\n\n\n\n */\n#if __LINE__ > 4\n#define BIG 1\n#endif\n#include \"h.h\"\n"
		     "#ifdef BIG\nint big;\n#endif\n");
	/* what leaves no trace in the text */
	small_put(&s, "sub/assert.h", "#assert foo(bar)\nint y;\n");
	try_same("-Wno-deprecated", "#include \"assert.h\"\n#if #foo(bar)\nint x;\n#endif\n");
	try_same("-g3", "#include \"h.h\"\nint x = VALUE;\n");
	try_same("-P", "#include \"h.h\"\nint x = __LINE__;\n");
	/* ends of lines and of files */
	try_same("", "#include \"h.h\"\r\nint x = VALUE;\r\n");
	try_same("", "#include \"h.h\"");
	try_same("", "#include \"h.h\" // a comment \\\n that goes on\nint x = __LINE__;");
}

/* An excerpt that defines for Kbuild's command what the unit's command says. */
static void test_excerpt(void **state)
{
	struct klp_unit *unit = small_unit(&s, "sub/x.c", "-DKBUILD_MODNAME=\"x\"");
	struct klp_cc_job job = { .unit = unit, .mode = KLP_CC_PREPROCESS_NEUTRAL }, excerpt = job;
	struct seen one, two, own;

	(void)state;
	small_put(&s, "sub/x.c", "#include \"h.h\"\nconst char *f = KBUILD_MODNAME;\n");
	excerpt.source = klp_path_join(s.arena, s.work, "e.c");
	assert_int_equal(klp_file_write(excerpt.source, "", 0, &err), 0);
	for (int same = 1; same >= 0; same--) {
		const char *text =
			klp_sprintf(s.arena,
				    "/* An excerpt. */\n#undef MODULE\n#undef KBUILD_MODNAME\n"
				    "#define KBUILD_MODNAME \"%s\"\n\n#include \"h.h\"\n"
				    "const char *g = KBUILD_MODNAME;\nint l = __LINE__;\n",
				    same ? "x" : "y");

		assert_int_equal(klp_file_write(excerpt.source, text, strlen(text), &err), 0);
		unit->heads = NULL;
		own = look(&excerpt);
		unit->heads = new_heads();
		one = look(&job);
		two = look(&excerpt);
		assert_same(&own, &two);
		assert_int_equal(is_shared(&one, &two), same);
	}
	/* another form of it isn't understood, so that nothing is taken for the same */
	klp_vec_push(s.arena, &unit->argv, "-D");
	klp_vec_push(s.arena, &unit->argv, "MODULE");
	two = look(&excerpt);
	assert_int_equal(two.result.status, 0);
	one = look(&job);
	assert_false(is_shared(&one, &two));
}

static void test_overlay(void **state)
{
	struct klp_unit *unit = small_unit(&s, "sub/x.c", "");
	struct klp_overlay overlay = { .dir = klp_path_join(s.arena, s.work, "after") };
	struct klp_cc_job job = { .unit = unit, .mode = KLP_CC_PREPROCESS_NEUTRAL }, fixed = job;
	static const char text[] = "#include \"h.h\"\nint g;\n", header[] = "int other;\n";
	struct seen one, two;

	(void)state;
	unit->heads = new_heads();
	small_put(&s, "sub/x.c", "#include \"h.h\"\nint f;\n");
	fixed.overlay = &overlay;
	fixed.source = klp_path_join(s.arena, overlay.dir, "sub/x.c");
	assert_int_equal(klp_mkdirs(klp_path_dir(s.arena, fixed.source), &err), 0);
	assert_int_equal(klp_file_write(fixed.source, text, strlen(text), &err), 0);
	klp_vec_push(s.arena, &overlay.files, "sub/x.c");
	one = look(&job);
	two = look(&fixed);
	assert_true(is_shared(&one, &two));
	assert_string_equal(two.decls.v[two.decls.n - 1].name, "g");
	/* one of its headers stands elsewhere */
	assert_int_equal(klp_file_write(klp_path_join(s.arena, overlay.dir, "sub/h.h"), header,
					strlen(header), &err),
			 0);
	klp_vec_push(s.arena, &overlay.files, "sub/h.h");
	two = look(&fixed);
	assert_int_equal(two.decls.n, 2);
	assert_string_equal(two.decls.v[0].name, "other");
	/* or one that is new, and might be read in the place of another */
	overlay.files.v[1] = "sub/new.h";
	assert_int_equal(unlink(klp_path_join(s.arena, overlay.dir, "sub/h.h")), 0);
	two = look(&fixed);
	assert_false(is_shared(&one, &two));
}

/* Errors name what was asked for, and not a part of it. */
static void test_errors(void **state)
{
	struct klp_unit *unit = small_unit(&s, "sub/x.c", "");
	const struct klp_cc_job job = { .unit = unit, .mode = KLP_CC_PREPROCESS_NEUTRAL };
	struct seen got;

	(void)state;
	unit->heads = new_heads();
	small_put(&s, "sub/x.c", "#include \"h.h\"\n\n#error no\n");
	got = look(&job);
	assert_int_not_equal(got.result.status, 0);
	assert_non_null(strstr(got.result.err, "x.c:3:"));
	small_put(&s, "sub/x.c", "#include \"none.h\"\nint x;\n");
	got = look(&job);
	assert_int_not_equal(got.result.status, 0);
	assert_non_null(strstr(got.result.err, "x.c:1:"));
	assert_null(strstr(got.result.err, "head-"));
}

static void look_nth(void *ctx, size_t i)
{
	const struct klp_cc_job *job = ctx;
	struct klp_arena *arena = klp_arena_new();
	struct klp_cc_job mine = *job;
	struct klp_error failed = {};
	struct seen seen = {};

	if (i % 3 == 0)
		mine.mode = KLP_CC_PREPROCESS_CODE;
	klp_cc_tokens(arena, &mine, "name", &seen.toks, &seen.decls, &seen.result, &failed);
	assert_int_equal(failed.code, 0);
	assert_true(seen.decls.n > 5);
	klp_arena_free(arena);
}

static void test_side_by_side(void **state)
{
	struct klp_unit *unit = small_unit(&s, "sub/x.c", "");
	struct klp_cc_job job = { .unit = unit, .mode = KLP_CC_PREPROCESS_NEUTRAL };

	(void)state;
	unit->heads = new_heads();
	small_put(&s, "sub/x.c", "#include \"h.h\"\nint f;\n");
	klp_parallel(16, 8, look_nth, &job);
}

static char *lean_beside(struct klp_unit *unit, const char *text)
{
	const char *path = klp_path_join(s.arena, s.work, "e.c");
	char *lean;

	assert_int_equal(klp_file_write(path, text, strlen(text), &err), 0);
	assert_int_equal(klp_cc_make_lean(s.arena, unit, path, NULL, &err), 0);
	lean = klp_cc_lean_beside(s.arena, path);
	assert_non_null(lean);
	return lean;
}

/* The lean text of parts gives the shipped object, which keeps the source's name. */
static void test_lean(void **state)
{
	struct klp_unit *unit = small_unit(&s, "sub/x.c", "");
	enum klp_rebuild how;
	const char *text;

	(void)state;
	unit->heads = new_heads();
	small_put(&s, "sub/x.c",
		  "#include \"h.h\"\nint f(void) { return used() + __LINE__; }\n"
		  "static inline int own(void) { return 1; }\n");
	small_compile(&s, unit);
	unit->object_path = klp_path_join(s.arena, s.dir, unit->object);
	assert_int_equal(klp_cc_rebuild(s.arena, unit, s.work, &how, &err), 0);
	assert_int_equal(how, KLP_REBUILD_EQUAL);
	text = small_get(&s, klp_cc_lean(s.arena, unit, s.work));
	assert_null(strstr(text, "unused(void) { return 1; }"));
	assert_non_null(strstr(text, "used(void) { return 3; }"));
	assert_null(strstr(text, "of_unused(void)"));
	assert_non_null(strstr(text, "own(void)"));
	/* another text needs what this one doesn't */
	text = small_get(&s,
			 lean_beside(unit, "#include \"h.h\"\nint g(void) { return unused(); }\n"));
	assert_non_null(strstr(text, "unused(void) { return 1; }"));
}

/* What the headers' functions that were left out would have used is nobody's warning. */
static void test_warnings(void **state)
{
	struct klp_unit *unit = small_unit(&s, "sub/x.c", "-Wall");
	struct klp_cc_job job = {
		.unit = unit,
		.mode = KLP_CC_COMPILE,
		.warnings = true,
		.output = klp_path_join(s.arena, s.work, "e.o"),
	};
	struct klp_proc_result result;

	(void)state;
	unit->heads = new_heads();
	job.source = klp_path_join(s.arena, s.work, "e.c");
	job.text = lean_beside(unit, "#include \"h.h\"\nint g(void) { return used(); }\n");
	job.text_alone = true;
	assert_int_equal(klp_cc_run(s.arena, &job, &result, &err), 0);
	assert_int_equal(result.status, 0);
	assert_string_equal(result.err, "");
	/* those of the text are told as they are of the source */
	job.text_alone = false;
	job.text = lean_beside(unit,
			       "#include \"h.h\"\nint g(void)\n{\n\tint x;\n\treturn used();\n}\n");
	assert_int_equal(klp_cc_run(s.arena, &job, &result, &err), 0);
	assert_int_equal(result.status, 0);
	assert_non_null(strstr(result.err, "e.c:4:"));
	assert_non_null(strstr(result.err, "[-Wunused-variable]"));
	assert_null(strstr(result.err, "of_unused"));
	/* what the preprocessor says it doesn't say of a text */
	assert_int_equal(klp_file_write(job.source, "", 0, &err), 0);
	small_put(&s, "../work/e.c", "#include \"h.h\"\n#define VALUE 4\nint g = VALUE;\n");
	assert_int_equal(klp_cc_make_lean(s.arena, unit, job.source, NULL, &err), 0);
	assert_null(klp_cc_lean_beside(s.arena, job.source));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_parts),	 TEST(test_in_one),  TEST(test_traps),
		TEST(test_excerpt),	 TEST(test_overlay), TEST(test_errors),
		TEST(test_side_by_side), TEST(test_lean),    TEST(test_warnings),
	};

	return cmocka_run_group_tests_name("head", tests, NULL, NULL);
}
