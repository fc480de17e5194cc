// SPDX-License-Identifier: GPL-2.0-or-later
/* One livepatch in the place of another: verify/upgrade.h. */
#include "tests/unit/livepatch_lab.h"
#include "verify/upgrade.h"
#include "verify/verify.h"

static struct klp_upgrades upgrades;
static struct klp_findings findings;

#define FUNCTION(name, body) "int klpp_" name "(int x) { " body " }\n"
#define ENTRY(name)	     "{ \"" name "\", klpp_" name " }, "
/* What is patched, with which callbacks, and whether it replaces. */
#define TABLES(entries, callbacks, replace)                                      \
	LP_STRUCTS "static struct func funcs[] = { " entries "{ 0 } };\n"        \
		   "static struct object objects[] = { { 0, funcs, { " callbacks \
		   " } }, { 0 } };\n"                                            \
		   "static struct patch patch = { &__this_module, objects, 0, " replace " };\n"

static void put(const char *name, const char *text)
{
	lab_cc("p.o",
	       klp_sprintf(arena,
			   "extern int klp_shadow_alloc(int), klp_shadow_free_all(int);\n"
			   "extern int klp_enable_patch(void *); extern int anything(int);\n%s"
			   "int init_module(void) { return klp_enable_patch(&patch); }\n",
			   text),
	       "-O2 -fcf-protection=none");
	lab_run(klp_sprintf(arena, "ld -r -o %s p.o", name));
}

static void look_at(const char *const *names)
{
	struct klp_livepatches modules = {};
	struct klp_error err = {};

	upgrades = (struct klp_upgrades){};
	findings = (struct klp_findings){};
	for (; *names; names++) {
		struct klp_livepatch m = {};

		if (klp_verify_read(arena, lab_path(*names), &m, &err) < 0)
			fail_msg("%s", err.text);
		assert_true(m.readable);
		klp_vec_push(arena, &modules, m);
	}
	if (klp_verify_upgrades(arena, &modules, &upgrades, &findings, &err) < 0)
		fail_msg("%s", err.text);
}

static void look_at_two(void)
{
	look_at((const char *const[]){ "old.ko", "new.ko", NULL });
}

/* "f:same g:returns" of the only upgrade */
static char *whats(size_t index)
{
	char *s = "";

	for (size_t i = 0; i < upgrades.v[index].funcs.n; i++)
		s = klp_sprintf(arena, "%s%s%s:%s", s, i ? " " : "",
				upgrades.v[index].funcs.v[i].old_name,
				klp_upgrade_what_name(upgrades.v[index].funcs.v[i].what));
	return s;
}

static void finds(const char *code, const char *symbol, const char *words)
{
	for (size_t i = 0; i < findings.n; i++)
		if (!strcmp(findings.v[i].code, code) && strstr(findings.v[i].message, words)) {
			assert_int_equal(findings.v[i].severity, KLP_WARNING);
			assert_non_null(findings.v[i].hint);
			if (symbol)
				assert_string_equal(findings.v[i].symbol, symbol);
			return;
		}
	fail_msg("no %s with '%s'", code, words);
}

#define OLD                            \
	FUNCTION("f", "return x + 1;") \
	FUNCTION("g", "return anything(x);") FUNCTION("h", "return 3;")

static void each_function_is_told_apart(void **state)
{
	(void)state;
	put("old.ko", OLD TABLES(ENTRY("f") ENTRY("g") ENTRY("h"), "0", "1"));
	put("new.ko", FUNCTION("i", "return 4;") FUNCTION("f", "return x + 1;")
			      FUNCTION("g", "return anything(x + 1);")
				      TABLES(ENTRY("i") ENTRY("g") ENTRY("f"), "0", "1"));
	look_at_two();
	assert_int_equal(upgrades.n, 1);
	assert_string_equal(whats(0), "f:same g:changed h:returns i:new");
	assert_int_equal(findings.n, 1);
	finds("KLP-V-RETURNS", "h", "the original comes back");
}

#define WITH_HELPER(body)                                         \
	"__attribute__((noipa)) static int helper(int x) { " body \
	" }\n" FUNCTION("f", "return helper(x) + 1;") TABLES(ENTRY("f"), "0", "1")

/* The function itself is as it was; what it calls isn't. */
static void what_is_copied_counts_too(void **state)
{
	(void)state;
	put("old.ko", WITH_HELPER("return x;"));
	put("new.ko", WITH_HELPER("return x * 5;"));
	look_at_two();
	assert_string_equal(whats(0), "f:same");
	assert_int_equal(upgrades.v[0].copied.n, 1);
	assert_string_equal(upgrades.v[0].copied.v[0], "helper");
}

#define CALLBACK(kind) "int " kind "(void *o) { return o != 0; }\n"

static void what_was_set_up_must_be_handed_over(void **state)
{
	(void)state;
	put("old.ko",
	    FUNCTION("f", "return 1;") CALLBACK("gone") TABLES(ENTRY("f"), "0, 0, 0, gone", "1"));
	put("new.ko", FUNCTION("f", "return 1;") TABLES(ENTRY("f"), "0", "1"));
	look_at_two();
	assert_int_equal(findings.n, 1);
	finds("KLP-V-HANDOVER", "gone", "will not be called for 'vmlinux'");
	/* one that could do it */
	put("new.ko",
	    FUNCTION("f", "return 1;") CALLBACK("take") TABLES(ENTRY("f"), "0, take, 0, 0", "1"));
	look_at_two();
	assert_int_equal(findings.n, 0);
	/* one that only logs at its beginning has nothing to hand over */
	put("old.ko",
	    FUNCTION("f", "return 1;") CALLBACK("begin") TABLES(ENTRY("f"), "begin, 0, 0, 0", "1"));
	put("new.ko", FUNCTION("f", "return 1;") TABLES(ENTRY("f"), "0", "1"));
	look_at_two();
	assert_int_equal(findings.n, 0);
}

/* What klp-prep writes for pointers takes nothing over; what it calls for the author may. */
static void setting_pointers_is_no_handover(void **state)
{
	static const char pointers[] = CALLBACK("resolve_externs");

	(void)state;
	put("old.ko",
	    FUNCTION("f", "return 1;") CALLBACK("gone") TABLES(ENTRY("f"), "0, 0, 0, gone", "1"));
	put("new.ko", klp_sprintf(arena, "%s%s", pointers,
				  FUNCTION("f", "return 1;") CALLBACK("pre_patch_externs")
					  TABLES(ENTRY("f"), "pre_patch_externs, 0, 0, 0", "1")));
	look_at_two();
	assert_int_equal(findings.n, 1);
	finds("KLP-V-HANDOVER", "gone", "has no callback there");
	put("new.ko", klp_sprintf(arena, "%s%s", pointers,
				  FUNCTION("f", "return 1;") CALLBACK("pre_patch_vmlinux") CALLBACK(
					  "pre_patch_externs")
					  TABLES(ENTRY("f"), "pre_patch_externs, 0, 0, 0", "1")));
	look_at_two();
	assert_int_equal(findings.n, 0);
	/* the author's post_patch beside it */
	put("new.ko",
	    klp_sprintf(arena, "%s%s", pointers,
			FUNCTION("f", "return 1;") CALLBACK("take") CALLBACK("pre_patch_externs")
				TABLES(ENTRY("f"), "pre_patch_externs, take, 0, 0", "1")));
	look_at_two();
	assert_int_equal(findings.n, 0);
	/* somebody's own function of that name */
	put("new.ko", FUNCTION("f", "return 1;") CALLBACK("pre_patch_externs")
			      TABLES(ENTRY("f"), "pre_patch_externs, 0, 0, 0", "1"));
	look_at_two();
	assert_int_equal(findings.n, 0);
}

static void shadow_variables_must_have_somebody(void **state)
{
	(void)state;
	put("old.ko", FUNCTION("f", "return klp_shadow_alloc(x);") TABLES(ENTRY("f"), "0", "1"));
	put("new.ko", FUNCTION("f", "return 1;") TABLES(ENTRY("f"), "0", "1"));
	look_at_two();
	finds("KLP-V-HANDOVER", "klp_shadow_alloc", "makes shadow variables");
	put("new.ko", FUNCTION("f", "return klp_shadow_free_all(x);") TABLES(ENTRY("f"), "0", "1"));
	look_at_two();
	assert_int_equal(findings.n, 0);
}

static void only_one_that_replaces_takes_a_place(void **state)
{
	(void)state;
	put("a.ko", FUNCTION("f", "return 1;") TABLES(ENTRY("f"), "0", "1"));
	put("b.ko", FUNCTION("g", "return 1;") TABLES(ENTRY("g"), "0", "0"));
	put("c.ko", FUNCTION("h", "return 1;") TABLES(ENTRY("h"), "0", "1"));
	put("d.ko", FUNCTION("h", "return 1;") TABLES(ENTRY("h"), "0", "1"));
	look_at((const char *const[]){ "a.ko", "b.ko", NULL });
	assert_int_equal(upgrades.n, 0);
	/* c finds two of them; d only c */
	look_at((const char *const[]){ "a.ko", "b.ko", "c.ko", "d.ko", NULL });
	assert_int_equal(upgrades.n, 3);
	assert_string_equal(whats(0), "f:returns h:new");
	assert_string_equal(whats(1), "g:returns h:new");
	assert_string_equal(whats(2), "h:same");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, lab_setup, lab_teardown)
	const struct CMUnitTest tests[] = {
		T(each_function_is_told_apart),		T(what_is_copied_counts_too),
		T(what_was_set_up_must_be_handed_over), T(setting_pointers_is_no_handover),
		T(shadow_variables_must_have_somebody), T(only_one_that_replaces_takes_a_place),
	};

	(void)lab_kernel;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
