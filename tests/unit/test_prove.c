// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The fidelity proof on texts that were not extracted but written here: faithful ones, and
 * ones that lost something. tests/golden/extract/ has what real extraction gives.
 */
#include "prove/prove.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/unit/small_unit.h"

static struct small s;
static struct klp_error err;

static const char unit_text[] = "#define LIMIT 40\n"
				"extern int use(int);\n"
				"static int count, total;\n"
				"static const int table[] = { 3, 5, 7, 11 };\n"
				"static __attribute__((noinline)) int helper(int a)\n"
				"{\n"
				"	return use(a) + ++total;\n"
				"}\n"
				"int target(int a)\n"
				"{\n"
				"	if (a > LIMIT)\n"
				"		return helper(a) + table[a & 3];\n"
				"	return use(a) + count++;\n"
				"}\n"
				"int other(int a)\n"
				"{\n"
				"	count = a;\n"
				"	return helper(a) + total;\n"
				"}\n";

#define HEAD                                \
	"extern int use(int);\n"            \
	"extern int klpe_count;\n"          \
	"extern const int klpe_table[4];\n" \
	"extern int klpe_helper(int);\n"    \
	"int klpp_target(int a);\n"

#define BODY                                             \
	"int klpp_target(int a)\n"                       \
	"{\n"                                            \
	"	if (a > LIMIT)\n"                              \
	"		return klpe_helper(a) + klpe_table[a & 3];\n" \
	"	return use(a) + klpe_count++;\n"               \
	"}\n"

static void add_link(struct klp_plan_source *source, const char *link, const char *symbol)
{
	klp_vec_push(s.arena, &source->links, (struct klp_link){ link, symbol, symbol });
}

/* The plan of a text, compiled as extract compiles it. */
static struct klp_plan plan_of(struct klp_unit *unit, const char *text)
{
	struct klp_plan_func target = { "vmlinux", "target", 0, "klpp_target" };
	struct klp_plan_source source = { .file = "x.c", .unit = unit, .text = text };
	struct klp_plan plan = { .name = "fix" };
	struct klp_proc_result result;
	struct klp_cc_job job = { .unit = unit, .mode = KLP_CC_COMPILE_SECTIONS };

	job.source = source.path = klp_path_join(s.arena, s.work, "text.c");
	job.output = klp_sprintf(s.arena, "%s.o", source.path);
	assert_int_equal(klp_file_write(source.path, text, strlen(text), &err), 0);
	assert_int_equal(klp_cc_run(s.arena, &job, &result, &err), 0);
	if (result.status)
		fail_msg("%s", result.err);
	source.object = job.output;
	add_link(&source, "klpe_count", "count");
	add_link(&source, "klpe_total", "total");
	add_link(&source, "klpe_table", "table");
	add_link(&source, "klpe_helper", "helper");
	add_link(&source, "klpe_n_0", "n.0");
	add_link(&source, "klpe_n_1", "n.1");
	klp_vec_push(s.arena, &plan.sources, source);
	klp_vec_push(s.arena, &plan.funcs, target);
	return plan;
}

static struct klp_fidelity prove_of(const char *of, const char *text, struct klp_findings *said)
{
	struct klp_prove_opts opts = { .workdir = s.work, .jobs = 2 };
	struct klp_patched target = { .object = "vmlinux", .symbol = "target", .file = "x.c" };
	struct klp_fidelities list = {};
	struct klp_closure closure = {};
	struct klp_findings ignored = {};
	struct klp_view view = {}, *views[] = { &view };
	struct klp_views all = { views, 1, 1 };
	struct klp_unit *unit;
	struct klp_plan plan;

	small_put(&s, "x.c", of);
	unit = small_unit(&s, "x.c", "-std=gnu11 -fno-PIE -fno-asynchronous-unwind-tables");
	small_compile(&s, unit);
	view.unit = target.unit = unit;
	assert_int_equal(klp_views_load(s.arena, &view, 1, 2, s.work, &ignored, &err), 0);
	assert_int_equal(ignored.n, 0);
	klp_vec_push(s.arena, &closure.patch, target);
	plan = plan_of(unit, text);
	opts.views = &all;
	if (klp_prove(s.arena, &plan, &plan, &closure, &opts, &list, said, &err) < 0)
		fail_msg("%s", err.text);
	klp_prove_findings(s.arena, &list, said);
	assert_true(list.n > 0);
	/* sorted: "helper" before it when the text has one */
	assert_string_equal(list.v[list.n - 1].function, "target");
	return list.v[list.n - 1];
}

static struct klp_fidelity prove(const char *text, struct klp_findings *said)
{
	return prove_of(unit_text, text, said);
}

static bool said(const struct klp_findings *findings, const char *code)
{
	for (size_t i = 0; i < findings->n; i++)
		if (!strcmp(findings->v[i].code, code))
			return true;
	return false;
}

static int begin(void **state)
{
	(void)state;
	memset(&err, 0, sizeof(err));
	small_begin(&s);
	return 0;
}

static int end(void **state)
{
	(void)state;
	small_end(&s);
	return 0;
}

static void a_faithful_text(void **state)
{
	struct klp_findings findings = {};
	struct klp_fidelity f = prove("#define LIMIT 40\n" HEAD BODY, &findings);

	(void)state;
	assert_true(f.isolated);
	assert_true(f.tokens);
	assert_int_equal(f.as_built, KLP_AS_BUILT_IDENTICAL);
	assert_null(f.why);
	assert_int_equal(findings.n, 0);
}

static void a_macro_with_another_value(void **state)
{
	struct klp_findings findings = {};
	struct klp_fidelity f = prove("#define LIMIT 41\n" HEAD BODY, &findings);

	(void)state;
	assert_false(f.isolated);
	assert_false(f.tokens);
	assert_true(said(&findings, "KLP-FIDELITY"));
	assert_true(said(&findings, "KLP-FIDELITY-TEXT"));
	assert_true(klp_findings_refuse(&findings));
}

/* Equal tokens: the type of what they name is another one. */
static void a_declaration_of_another_type(void **state)
{
	struct klp_findings findings = {};
	struct klp_fidelity f =
		prove("#define LIMIT 40\n"
		      "extern int use(int);\nextern long klpe_count;\n"
		      "extern const int klpe_table[4];\nextern int klpe_helper(int);\n" BODY,
		      &findings);

	(void)state;
	assert_false(f.isolated);
	assert_true(f.tokens);
	assert_true(said(&findings, "KLP-FIDELITY"));
	assert_false(said(&findings, "KLP-FIDELITY-TEXT"));
}

static void a_name_of_something_else(void **state)
{
	static const char swapped[] = "#define LIMIT 40\n"
				      "#define klpe_helper(a) use(a)\n"
				      "#define klpe_count klpe_total\n"
				      "extern int klpe_total;\n";
	struct klp_findings findings = {};
	struct klp_fidelity f;

	(void)state;
	f = prove(klp_sprintf(s.arena, "%s%s", swapped,
			      "extern int use(int);\nextern const int klpe_table[4];\n" BODY),
		  &findings);
	assert_false(f.isolated);
	assert_non_null(strstr(f.why, "helper"));
	assert_true(said(&findings, "KLP-FIDELITY"));
}

/* What the original has inlined as built is told; in isolation nothing is inlined. */
static void what_is_known_as_built(void **state)
{
	struct klp_findings findings = {};
	struct klp_fidelity f;

	(void)state;
	f = prove("#define LIMIT 40\n"
		  "extern int use(int);\nextern int klpe_count, klpe_total;\n"
		  "extern const int klpe_table[4];\n"
		  "static int helper(int a)\n{\n\treturn use(a) + ++klpe_total;\n}\n"
		  "int klpp_target(int a)\n{\n\tif (a > LIMIT)\n"
		  "\t\treturn helper(a) + klpe_table[a & 3];\n\treturn use(a) + klpe_count++;\n}\n",
		  &findings);
	assert_true(f.isolated);
	assert_true(f.tokens);
	assert_int_equal(f.as_built, KLP_AS_BUILT_DIFFERS);
	assert_string_equal(f.why, "the original refers to 'helper', which is inlined here");
	assert_int_equal(findings.n, 0);
}

/* Two static variables of one name and type in one function, and the text has them crossed. */
static void the_other_static_local(void **state)
{
#define ONE_NAME(decl_1, n_1, decl_2, n_2)                                     \
	"{\n\tif (a > LIMIT) {\n\t\t" decl_1 ";\n\t\treturn use(" n_1 "++);\n" \
	"\t} else {\n\t\t" decl_2 ";\n\t\treturn use(a) + --" n_2 ";\n\t}\n}\n"
	static const char unit[] =
		"#define LIMIT 40\nextern int use(int);\nint target(int a)\n" ONE_NAME(
			"static int n", "n", "static int n", "n");
	static const char straight[] =
		"#define LIMIT 40\nextern int use(int);\nint klpp_target(int a);\n"
		"int klpp_target(int a)\n" ONE_NAME("extern int klpe_n_0", "klpe_n_0",
						    "extern int klpe_n_1", "klpe_n_1");
	static const char crossed[] =
		"#define LIMIT 40\nextern int use(int);\nint klpp_target(int a);\n"
		"int klpp_target(int a)\n" ONE_NAME("extern int klpe_n_1", "klpe_n_1",
						    "extern int klpe_n_0", "klpe_n_0");
	struct klp_findings of_one = {}, of_other = {};
	struct klp_fidelity one, other;

	(void)state;
	one = prove_of(unit, straight, &of_one);
	other = prove_of(unit, crossed, &of_other);
	/* which is which is gcc's choice: one of the texts is right */
	assert_true(one.isolated != other.isolated);
	assert_non_null(strstr((one.isolated ? other : one).why, "another one"));
	assert_true(said(one.isolated ? &of_other : &of_one, "KLP-FIDELITY"));
	assert_false(said(one.isolated ? &of_one : &of_other, "KLP-FIDELITY"));
}

/* A compiler without the options: nothing is claimed. */
static void an_option_that_fails(void **state)
{
	struct klp_findings findings = {};
	const char *text =
		"#ifdef __OPTIMIZE__\n#define LIMIT 40\n" HEAD BODY "#else\n#error never\n#endif\n";
	struct klp_plan plan;
	struct klp_unit *unit;
	struct klp_prove_opts opts = { .workdir = s.work, .jobs = 1 };
	struct klp_view view = {}, *views[] = { &view };
	struct klp_views all = { views, 1, 1 };
	struct klp_fidelities list = {};
	struct klp_closure closure = {};

	(void)state;
	small_put(&s, "x.c", unit_text);
	unit = small_unit(&s, "x.c", "-std=gnu11 -fno-PIE");
	small_compile(&s, unit);
	view.unit = unit;
	plan = plan_of(unit, text);
	klp_vec_push(s.arena, &unit->argv, "-O0"); /* the text is no longer to be compiled */
	opts.views = &all;
	assert_int_equal(klp_prove(s.arena, &plan, &plan, &closure, &opts, &list, &findings, &err),
			 0);
	assert_int_equal(list.n, 0);
	assert_true(said(&findings, "KLP-NO-FIDELITY"));
	assert_false(klp_findings_refuse(&findings));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_faithful_text, begin, end),
		cmocka_unit_test_setup_teardown(a_macro_with_another_value, begin, end),
		cmocka_unit_test_setup_teardown(a_declaration_of_another_type, begin, end),
		cmocka_unit_test_setup_teardown(a_name_of_something_else, begin, end),
		cmocka_unit_test_setup_teardown(what_is_known_as_built, begin, end),
		cmocka_unit_test_setup_teardown(the_other_static_local, begin, end),
		cmocka_unit_test_setup_teardown(an_option_that_fails, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
