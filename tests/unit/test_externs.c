// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * templates/externs.c, compiled and run with a symbol table made for it in place of the kernel's: what
 * each pointer leads to, and what is refused. The walks have the types of three releases.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/proc.h"
#include "render/around.h"
#include "render/render.h"
#include "report/report.h"

static struct klp_arena *arena;
static struct klp_plan plan;
static char *dir;
static struct klp_error err;

static const char kernel_h[] =
	"#pragma once\n"
	"#include <stdbool.h>\n#include <stddef.h>\n#include <stdio.h>\n#include <string.h>\n"
	"#include <errno.h>\n"
	"#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))\n"
	"#define BUILD_BUG_ON(c) _Static_assert(!(c), #c)\n"
	"#define __ro_after_init\n#define __init\n#define __exit\n"
	"#define __maybe_unused __attribute__((__unused__))\n"
	"#define cond_resched() ((void)0)\n"
	"#define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + (c))\n"
	"#define LINUX_VERSION_CODE KERNEL_VERSION(6, 1, 0)\n"
	"#define KSYM_SYMBOL_LEN 200\n"
	"#define pr_err(fmt, ...) printf(pr_fmt(fmt), ##__VA_ARGS__)\n"
	"struct module { char name[56]; };\n"
	"struct klp_object { const char *name; };\n"
	"int sprint_symbol(char *buffer, unsigned long address);\n"
	"typedef int fn4(void *, const char *, struct module *, unsigned long);\n"
	"typedef int fn3(void *, const char *, unsigned long);\n"
	"#if WALK == 3\n"
	"int kallsyms_on_each_symbol(fn3 *fn, void *data);\n"
	"int module_kallsyms_on_each_symbol(const char *name, fn3 *fn, void *data);\n"
	"#elif WALK == 2\n"
	"int kallsyms_on_each_symbol(fn4 *fn, void *data);\n"
	"int module_kallsyms_on_each_symbol(const char *name, fn4 *fn, void *data);\n"
	"#else\n"
	"int kallsyms_on_each_symbol(fn4 *fn, void *data);\n"
	"int module_kallsyms_on_each_symbol(fn4 *fn, void *data);\n"
	"#endif\n";

static const char kernel_c[] =
	"#include <linux/kernel.h>\n"
	"#include <stdlib.h>\n"
	"#include \"externs.h\"\n"
	"int places[8];\n"
	"static struct module ext4 = { \"ext4\" }, jbd2 = { \"jbd2\" };\n"
	"static struct { const char *name; struct module *mod; void *at; } table[] = {\n"
	"	{ \"count\", NULL, &places[0] },\n"
	"	{ \"twin\", NULL, &places[1] },\n"
	"	{ \"twin\", NULL, &places[2] },\n"
	"	{ \"module_kallsyms_on_each_symbol\", NULL, module_kallsyms_on_each_symbol },\n"
	"	{ \"twin\", NULL, &places[3] },\n"
	"	{ \"twin\", &jbd2, &places[4] },\n"
	"	{ \"start\", &jbd2, &places[5] },\n"
	"	{ \"twin\", &ext4, &places[6] },\n"
	"	{ \"count\", &ext4, &places[7] },\n"
	"};\n"
	"static const char *hidden;\n"
	"#if WALK == 3\n"
	"#define CALL(i) fn(data, table[i].name, (unsigned long)table[i].at)\n"
	"#define FN fn3 *fn\n"
	"#else\n"
	"#define CALL(i) fn(data, table[i].name, table[i].mod, (unsigned long)table[i].at)\n"
	"#define FN fn4 *fn\n"
	"#endif\n"
	"int kallsyms_on_each_symbol(FN, void *data)\n"
	"{\n"
	"	for (size_t i = 0; i < ARRAY_SIZE(table); i++)\n"
	"		if (!table[i].mod && strcmp(table[i].name, hidden))\n"
	"			CALL(i);\n"
	"	return 0;\n"
	"}\n"
	"int before(void);\n"
	"int before(void) { return 1; }\n"
	"int sprint_symbol(char *buffer, unsigned long address)\n"
	"{\n"
	"	const struct { const char *name; void *at; } text[] = {\n"
	"		{ \"kallsyms_on_each_symbol\", kallsyms_on_each_symbol },\n"
	"		{ \"before\", before }, { \"sprint_symbol\", sprint_symbol },\n"
	"	};\n"
	"	unsigned long start = 0, end = -1UL;\n"
	"	const char *name = NULL;\n"
	"	for (size_t i = 0; i < ARRAY_SIZE(text); i++) {\n"
	"		unsigned long at = (unsigned long)text[i].at;\n"
	"		if (at <= address && at > start) {\n"
	"			start = at;\n"
	"			name = text[i].name;\n"
	"		} else if (at > address && at < end) {\n"
	"			end = at;\n"
	"		}\n"
	"	}\n"
	"	if (end == -1UL)\n"
	"		end = start + 64;\n"
	"	if (!name || address >= end)\n"
	"		return sprintf(buffer, \"%#lx\", address);\n"
	"	if (!strcmp(name, hidden))\n"
	"		name = \"another\";\n"
	"	return sprintf(buffer, \"%s+0x%lx/0x%lx\", name, address - start, end - start);\n"
	"}\n"
	"#if WALK == 1\n"
	"int module_kallsyms_on_each_symbol(FN, void *data)\n"
	"#else\n"
	"int module_kallsyms_on_each_symbol(const char *name, FN, void *data)\n"
	"#endif\n"
	"{\n"
	"	for (size_t i = 0; i < ARRAY_SIZE(table); i++)\n"
	"		if (table[i].mod && strcmp(table[i].name, hidden)\n"
	"#if WALK != 1\n"
	"		    && !strcmp(table[i].mod->name, name)\n"
	"#endif\n"
	"		)\n"
	"			CALL(i);\n"
	"	return 0;\n"
	"}\n"
	"extern int *klpe_count, *klpe_twin, *klpe_ext4_count, *klpe_start;\n"
	"static void show(const char *name, int *p)\n"
	"{\n"
	"	if (p)\n"
	"		printf(\" %s=%d\", name, (int)(p - places));\n"
	"}\n"
	"static int show_all(int err)\n"
	"{\n"
	"	printf(\"%s\", err == -ENOENT ? \"missing\" : err ? \"?\" : \"ok\");\n"
	"	show(\"count\", klpe_count);\n"
	"	show(\"twin\", klpe_twin);\n"
	"	show(\"ext4_count\", klpe_ext4_count);\n"
	"	show(\"start\", klpe_start);\n"
	"	printf(\"\\n\");\n"
	"	return err;\n"
	"}\n"
	"int pre_patch_ext4(struct klp_object *obj);\n"
	"int pre_patch_ext4(struct klp_object *obj)\n"
	"{\n"
	"	printf(\"pre_patch of %s\", obj->name);\n"
	"	show(\"start\", klpe_start);\n"
	"	printf(\"\\n\");\n"
	"	return 0;\n"
	"}\n"
	"int main(int argc, char **argv)\n"
	"{\n"
	"	struct klp_object obj = { \"ext4\" };\n"
	"	hidden = argc > 1 ? argv[1] : \"\";\n"
	"	if (show_all(resolve_externs(NULL)))\n"
	"		return 0;\n"
	"	show_all(pre_patch_externs(&obj));\n"
	"	show_all(pre_patch_externs(&obj));\n"
	"	return 0;\n"
	"}\n";

static void refer(const char *link, const char *object, const char *symbol, unsigned int sympos,
		  const char *section_object)
{
	klp_vec_push(arena, &plan.refs,
		     ((struct klp_symref){ link, object, symbol, sympos, section_object,
					   KLP_HOW_KALLSYMS, "show" }));
}

static void put(const char *name, const char *text)
{
	const char *path = klp_path_join(arena, dir, name);

	assert_int_equal(klp_mkdirs(klp_path_dir(arena, path), &err), 0);
	assert_int_equal(klp_file_write(path, text, strlen(text), &err), 0);
}

static int setup(void **state)
{
	static const char *const headers[] = { "cache",  "kallsyms", "livepatch", "module",
					       "sched",  "string",   "version" };

	(void)state;
	arena = klp_arena_new();
	plan = (struct klp_plan){ .name = "fix" };
	err = (struct klp_error){};
	klp_vec_push(arena, &plan.funcs,
		     ((struct klp_plan_func){ "ext4", "probe", 0, "klpp_probe" }));
	refer("klpe_ext4_count", "ext4", "count", 0, "ext4");
	refer("klpe_start", "jbd2", "start", 0, "ext4");
	refer("klpe_count", "vmlinux", "count", 0, "vmlinux");
	assert_int_equal(klp_tmpdir_new(arena, &dir, &err), 0);
	put("include/linux/kernel.h", kernel_h);
	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++)
		put(klp_sprintf(arena, "include/linux/%s.h", headers[i]),
		    "#include <linux/kernel.h>\n");
	put("kernel.c", kernel_c);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	klp_rmtree(dir);
	klp_arena_free(arena);
	return 0;
}

static char *output(const char *const *argv)
{
	struct klp_proc_result result;

	if (klp_proc_run(arena, &(struct klp_proc_opts){ .argv = argv, .cwd = dir }, &result, &err))
		fail_msg("%s", err.text);
	if (result.status)
		fail_msg("%s: status %d: %s%s", argv[0], result.status, result.out, result.err);
	return result.out;
}

static void render(const char *callbacks)
{
	static struct klp_table_state one = { 1, 1 };
	static const struct klp_table_states states = { &one, 1, 1 };
	const struct klp_around_opts opts = { .callbacks = callbacks,
					      .callbacks_text = callbacks,
					      .callbacks_file = "mine.c",
					      .states = &states };
	struct klp_findings findings = {};

	if (klp_around(arena, &opts, &plan, &findings, &err) < 0 ||
	    klp_render(arena, &plan, dir, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(findings.n, 0);
}

/* hidden: a symbol that isn't there; walk: the types of 6.1, 6.2 or 6.4. */
static char *load(int walk, const char *hidden)
{
	const char *define = klp_sprintf(arena, "-DWALK=%d", walk);
	const char *const cc[] = { "gcc",
				   "-std=gnu11",
				   "-Wall",
				   "-Wextra",
				   "-Werror",
				   "-Wno-sign-compare",
				   "-Wno-missing-field-initializers",
				   "-Wmissing-prototypes",
				   "-Iinclude",
				   "-I.",
				   "-DKBUILD_MODNAME=\"fix\"",
				   define,
				   "-o",
				   "load",
				   "externs.c",
				   "kernel.c",
				   NULL };

	output(cc);
	return output((const char *[]){ "./load", hidden, NULL });
}

static void pointers_lead_to_the_symbols(void **state)
{
	(void)state;
	refer("klpe_twin", "vmlinux", "twin", 2, "vmlinux");
	render(NULL);
	for (int walk = 1; walk <= 3; walk++)
		assert_string_equal(load(walk, ""),
				    "ok count=0 twin=2\n"
				    "ok count=0 twin=2 ext4_count=7 start=5\n"
				    "ok count=0 twin=2 ext4_count=7 start=5\n");
}

static void a_missing_symbol_leaves_all_as_they_were(void **state)
{
	(void)state;
	refer("klpe_twin", "vmlinux", "twin", 3, "vmlinux");
	render(NULL);
	for (int walk = 1; walk <= 3; walk++)
		assert_string_equal(load(walk, "start"),
				    "ok count=0 twin=3\n"
				    "fix: 'start' is not in the symbol table of 'jbd2'\n"
				    "missing count=0 twin=3\n"
				    "fix: 'start' is not in the symbol table of 'jbd2'\n"
				    "missing count=0 twin=3\n");
	assert_non_null(strstr(load(1, "count"), "fix: 'count' is not in the symbol table of "
						 "'vmlinux'\nmissing\n"));
}

static void a_name_that_is_there_twice_needs_a_position(void **state)
{
	(void)state;
	refer("klpe_twin", "vmlinux", "twin", 0, "vmlinux");
	render(NULL);
	assert_non_null(strstr(load(1, ""), "fix: which 'twin' of 'vmlinux' is meant is not known: "
					    "there are 3\nmissing\n"));
}

static void a_position_behind_the_last_is_missing(void **state)
{
	(void)state;
	refer("klpe_twin", "vmlinux", "twin", 4, "vmlinux");
	render(NULL);
	assert_non_null(strstr(load(1, ""), "fix: there is no 'twin' number 4 in 'vmlinux'\n"
					    "missing\n"));
}

static void without_the_walk_nothing_is_found(void **state)
{
	(void)state;
	refer("klpe_twin", "vmlinux", "twin", 1, "vmlinux");
	render(NULL);
	assert_non_null(strstr(load(1, "kallsyms_on_each_symbol"),
			       "fix: kallsyms_on_each_symbol() is not in the symbol table\n"
			       "missing\n"));
}

static void the_authors_callback_comes_behind(void **state)
{
	(void)state;
	refer("klpe_twin", "ext4", "twin", 0, "ext4");
	render("int pre_patch_ext4(struct klp_object *obj) { return 0; }\n"
	       "void post_patch_ext4(struct klp_object *obj) {}\n");
	assert_int_equal(plan.callbacks.n, 1);
	assert_string_equal(plan.callbacks.v[0].functions[KLP_PRE_PATCH], "pre_patch_externs");
	assert_string_equal(plan.callbacks.v[0].functions[KLP_POST_PATCH], "post_patch_ext4");
	assert_string_equal(load(1, ""), "ok count=0\n"
					 "pre_patch of ext4 start=5\n"
					 "ok count=0 twin=6 ext4_count=7 start=5\n"
					 "pre_patch of ext4 start=5\n"
					 "ok count=0 twin=6 ext4_count=7 start=5\n");
	assert_string_equal(load(1, "start"),
			    "ok count=0\n"
			    "fix: 'start' is not in the symbol table of 'jbd2'\n"
			    "missing count=0\n"
			    "fix: 'start' is not in the symbol table of 'jbd2'\n"
			    "missing count=0\n");
}

static void the_plan_says_how(void **state)
{
	const char *path = klp_path_join(arena, dir, "fix.plan.json");
	struct klp_plan read = {};
	char *json;

	(void)state;
	render(NULL);
	json = klp_plan_json(arena, &plan);
	assert_non_null(strstr(json, "\"how\": \"kallsyms\""));
	put("fix.plan.json", json);
	assert_int_equal(klp_plan_read(arena, path, &read, &err), 0);
	assert_int_equal(read.refs.n, 3);
	assert_int_equal(read.refs.v[0].how, KLP_HOW_KALLSYMS);
	assert_true(klp_plan_has_source(&read, "externs.c"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(pointers_lead_to_the_symbols, setup, teardown),
		cmocka_unit_test_setup_teardown(a_missing_symbol_leaves_all_as_they_were, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_name_that_is_there_twice_needs_a_position, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_position_behind_the_last_is_missing, setup,
						teardown),
		cmocka_unit_test_setup_teardown(without_the_walk_nothing_is_found, setup, teardown),
		cmocka_unit_test_setup_teardown(the_authors_callback_comes_behind, setup, teardown),
		cmocka_unit_test_setup_teardown(the_plan_says_how, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
