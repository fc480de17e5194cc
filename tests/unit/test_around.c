// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/proc.h"
#include "render/around.h"
#include "render/render.h"

static struct klp_arena *arena;
static struct klp_plan plan;
static struct klp_findings findings;

static int setup(void **state)
{
	(void)state;
	arena = klp_arena_new();
	plan = (struct klp_plan){ .name = "fix" };
	klp_vec_push(arena, &plan.funcs,
		     ((struct klp_plan_func){ "vmlinux", "show", 0, "klpp_show" }));
	klp_vec_push(arena, &plan.funcs,
		     ((struct klp_plan_func){ "ext4", "probe", 0, "klpp_probe" }));
	findings = (struct klp_findings){};
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	klp_arena_free(arena);
	return 0;
}

static void around(const struct klp_around_opts *opts)
{
	struct klp_error err = {};

	if (klp_around(arena, opts, &plan, &findings, &err) < 0)
		fail_msg("%s", err.text);
}

static void take(const char *text)
{
	static struct klp_table_state one = { 1, 1 };
	static const struct klp_table_states states = { &one, 1, 1 };

	around(&(struct klp_around_opts){ .callbacks = true,
					  .callbacks_text = text,
					  .callbacks_file = "mine/cb.c",
					  .states = &states });
}

/* The only finding. */
static void finds(enum klp_severity severity, const char *symbol, unsigned int line,
		  const char *words)
{
	assert_int_equal(findings.n, 1);
	assert_string_equal(findings.v[0].code, "KLP-CALLBACKS");
	assert_int_equal(findings.v[0].severity, severity);
	assert_string_equal(findings.v[0].file, "cb.c");
	if (symbol)
		assert_string_equal(findings.v[0].symbol, symbol);
	assert_int_equal(findings.v[0].line, line);
	if (!strstr(findings.v[0].message, words))
		fail_msg("%s", findings.v[0].message);
	assert_non_null(findings.v[0].hint);
}

static const struct klp_plan_callbacks *of(const char *object)
{
	for (size_t i = 0; i < plan.callbacks.n; i++)
		if (!strcmp(plan.callbacks.v[i].object, object))
			return &plan.callbacks.v[i];
	fail_msg("no callbacks of '%s'", object);
	return NULL;
}

static void skeletons_are_for_all_objects(void **state)
{
	(void)state;
	around(&(struct klp_around_opts){ .callbacks = true });
	assert_int_equal(plan.callbacks.n, 2);
	assert_string_equal(plan.callbacks.v[0].object, "ext4");
	assert_string_equal(of("ext4")->functions[KLP_POST_UNPATCH], "post_unpatch_ext4");
	assert_string_equal(of("vmlinux")->functions[KLP_PRE_PATCH], "pre_patch_vmlinux");
	assert_int_equal(plan.sources.n, 1);
	assert_string_equal(plan.sources.v[0].file, "callbacks.c");
}

static void what_the_author_defines_is_wired(void **state)
{
	(void)state;
	take("static int helper(void) { return 0; }\n"
	     "/* void post_patch_vmlinux(struct klp_object *o) {} */\n"
	     "int pre_patch_vmlinux(struct klp_object *obj) { return helper(); }\n"
	     "void post_unpatch_nf_conntrack(struct klp_object *obj)\n{\n}\n"
	     "void pre_unpatch_vmlinux(struct klp_object *obj);\n");
	assert_int_equal(findings.n, 0);
	assert_int_equal(plan.callbacks.n, 2);
	assert_string_equal(of("vmlinux")->functions[KLP_PRE_PATCH], "pre_patch_vmlinux");
	assert_null(of("vmlinux")->functions[KLP_POST_PATCH]);
	assert_null(of("vmlinux")->functions[KLP_PRE_UNPATCH]);
	assert_string_equal(of("nf_conntrack")->functions[KLP_POST_UNPATCH],
			    "post_unpatch_nf_conntrack");
}

static void a_misspelt_callback_is_named(void **state)
{
	(void)state;
	take("void post_patch_vmlinux(struct klp_object *obj) {}\n"
	     "int pre_pacth_vmlinux(struct klp_object *obj) { return 0; }\n");
	finds(KLP_WARNING, "pre_pacth_vmlinux", 2, "is no callback by its name");
}

static void a_static_callback_is_refused(void **state)
{
	(void)state;
	take("void post_patch_vmlinux(struct klp_object *obj) {}\n"
	     "static int pre_patch_vmlinux(struct klp_object *obj) { return 0; }\n");
	finds(KLP_ERROR, "pre_patch_vmlinux", 2, "but static");
}

static void two_definitions_are_refused(void **state)
{
	(void)state;
	take("#ifdef A\nint pre_patch_x(struct klp_object *o) { return 0; }\n"
	     "#else\nint pre_patch_x(struct klp_object *o) { return 1; }\n#endif\n");
	finds(KLP_ERROR, "pre_patch_x", 4, "is there twice");
}

static void no_callback_at_all_is_refused(void **state)
{
	(void)state;
	take("static int nothing;\n");
	finds(KLP_ERROR, NULL, 0, "defines none");
}

static void text_without_end_is_an_error(void **state)
{
	const struct klp_around_opts opts = { .callbacks = true,
					      .callbacks_text = "int pre_patch_vmlinux(void) { (",
					      .callbacks_file = "cb.c" };
	struct klp_error err = {};

	(void)state;
	if (klp_around(arena, &opts, &plan, &findings, &err) == 0)
		assert_true(klp_findings_refuse(&findings));
}

/* More than code without a state is warned of, however it came to be. */
static void states_are_asked_for(void **state)
{
	(void)state;
	around(&(struct klp_around_opts){});
	assert_int_equal(findings.n, 0);
	klp_vec_push(arena, &plan.refs,
		     ((struct klp_symref){ "klp_shadow_alloc", "vmlinux", "klp_shadow_alloc", 0,
					   "vmlinux", KLP_HOW_EXPORT, "klpp_show" }));
	around(&(struct klp_around_opts){});
	assert_int_equal(findings.n, 1);
	assert_string_equal(findings.v[0].code, "KLP-NO-STATE");
	plan.refs.n = 0;
	findings.n = 0;
	around(&(struct klp_around_opts){ .callbacks = true });
	assert_int_equal(findings.n, 1);
	assert_string_equal(findings.v[0].code, "KLP-NO-STATE");
}

static char *text_of(const char *dir, const char *name)
{
	struct klp_error err = {};
	char *text;
	size_t len;

	if (klp_file_read(arena, klp_path_join(arena, dir, name), KLP_MAX_TEXT, &text, &len, &err))
		fail_msg("%s", err.text);
	return text;
}

/* An object without a patched function still has an array of them. */
static void an_object_may_have_callbacks_alone(void **state)
{
	struct klp_error err = {};
	char *dir, *text;

	(void)state;
	take("void post_patch_loop(struct klp_object *obj) {}\n");
	assert_int_equal(klp_tmpdir_new(arena, &dir, &err), 0);
	if (klp_render(arena, &plan, dir, &err) < 0)
		fail_msg("%s", err.text);
	text = text_of(dir, "livepatch.c");
	assert_non_null(strstr(text, "static struct klp_func funcs_of_loop[] = {\n\t{}\n};"));
	assert_non_null(strstr(text, ".post_patch = post_patch_loop,"));
	assert_non_null(strstr(text, "#include \"callbacks.h\""));
	assert_non_null(strstr(text_of(dir, "callbacks.h"),
			       "void post_patch_loop(struct klp_object *obj);"));
	assert_non_null(strstr(text_of(dir, "Kbuild"), "CFLAGS_callbacks.o += -include"));
	klp_rmtree(dir);
}

static void bad_states_are_refused(void **state)
{
	struct klp_table_state bad[] = { { 0, 1 }, { 7, 1 }, { 7, 2 } };
	struct klp_error err = {};

	(void)state;
	plan.states = (struct klp_table_states){ bad, 1, 1 };
	assert_int_equal(klp_render(arena, &plan, "/nonexistent", &err), KLP_EINPUT);
	plan.states = (struct klp_table_states){ bad + 1, 2, 2 };
	err = (struct klp_error){};
	assert_int_equal(klp_render(arena, &plan, "/nonexistent", &err), KLP_EINPUT);
	assert_non_null(strstr(err.text, "state 7 is there twice"));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(skeletons_are_for_all_objects),      T(what_the_author_defines_is_wired),
		T(a_misspelt_callback_is_named),       T(a_static_callback_is_refused),
		T(two_definitions_are_refused),	       T(no_callback_at_all_is_refused),
		T(text_without_end_is_an_error),       T(states_are_asked_for),
		T(an_object_may_have_callbacks_alone), T(bad_states_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
