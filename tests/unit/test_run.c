// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "model/plan_check.h"
#include "report/report.h"
#include "run/private.h"
#include "run/run.h"

struct world {
	struct klp_arena *arena;
	char *top;
	struct klp_error err;
};

static int setup(void **state)
{
	struct klp_arena *arena = klp_arena_new();
	struct world *w = klp_new(arena, struct world);

	w->arena = arena;
	*state = w;
	return klp_tmpdir_new(arena, &w->top, &w->err);
}

static int teardown(void **state)
{
	struct world *w = *state;

	klp_rmtree(w->top);
	klp_arena_free(w->arena);
	return 0;
}

static char *in(struct world *w, const char *name)
{
	return klp_path_join(w->arena, w->top, name);
}

static void put(struct world *w, const char *name, const char *text)
{
	const char *path = in(w, name);

	assert_int_equal(klp_mkdirs(klp_path_dir(w->arena, path), &w->err), 0);
	assert_int_equal(klp_file_write(path, text, strlen(text), &w->err), 0);
}

/* What callbacks refer to by labels becomes part of the plan, unless nothing would resolve it. */
static void annotated_references_are_planned(void **state)
{
	struct world *w = *state;
	struct klp_report report = { .plan = { .name = "fix" } };
	struct klp_run r = {
		.arena = w->arena, .report = &report, .rendered = w->top, .err = &w->err
	};
	struct klp_symrefs annotated = {};
	struct klp_symref ref = { ".klp.sym.rela.ext4.ext4.limit,0",
				  "ext4",
				  "limit",
				  0,
				  "ext4",
				  KLP_HOW_RELOC,
				  "pre_patch_ext4" };
	struct klp_symref pointer = {
		"klpe_s", "vmlinux", "s", 0, "vmlinux", KLP_HOW_KALLSYMS, "f"
	};
	struct klp_plan read;

	assert_int_equal(klp__plan_annotated(&r, &annotated), 0);
	assert_false(klp_file_exists(in(w, "fix.plan.json")));
	klp_vec_push(w->arena, &annotated, ref);
	assert_int_equal(klp__plan_annotated(&r, &annotated), 0);
	assert_int_equal(klp_plan_read(w->arena, in(w, "fix.plan.json"), &read, &w->err), 0);
	assert_int_equal(read.refs.n, 1);
	assert_string_equal(read.refs.v[0].link_name, ref.link_name);
	assert_string_equal(read.refs.v[0].needed_by, "pre_patch_ext4");

	report.plan.refs.n = 0;
	klp_vec_push(w->arena, &report.plan.refs, pointer);
	assert_int_equal(klp__plan_annotated(&r, &annotated), KLP_EINPUT);
	assert_non_null(strstr(w->err.text, "'pre_patch_ext4' refers to 'limit' of 'ext4'"));
	assert_int_equal(report.plan.refs.n, 1);
}

#define OURS "{\"version\": 1, \"name\": \"fix\"}\n"

static void names_come_from_the_patch_file(void **state)
{
	static const struct {
		const char *patch, *name;
	} cases[] = {
		{ "samples/02-statics/fix.diff", "fix" },
		{ "fix.patch", "fix" },
		{ "-", "fix" },
		{ "/tmp/CVE-2024-26923.patch", "cve_2024_26923" },
		{ "0001-fs-proc.patch", "klp_0001_fs_proc" },
		{ "a.b.diff", "a_b" },
		{ "fix", "fix" },
		{ ".diff", "klp__diff" },
		{ "livepatch.diff", "klp_livepatch" },
		{ "vmlinux.patch", "klp_vmlinux" },
		{ "_x.diff", "klp__x" },
		{ "s\xc3\xa9.diff", "s__" },
		{ "a-name-that-is-much-longer-than-any-module-of-a-kernel-can-be.diff",
		  "a_name_that_is_much_longer_than_any_module_of_a_kernel_" },
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *name = klp__run_name(w->arena, cases[i].patch);

		assert_string_equal(name, cases[i].name);
		assert_true(klp_is_module_name(name));
	}
}

static void only_our_output_is_replaced(void **state)
{
	struct world *w = *state;
	static const struct {
		const char *name;
		bool may;
	} cases[] = {
		{ "absent", true },	    { "empty", true },	 { "ours", true },
		{ "strange", false },	    { "hidden", false }, { "file", false },
		{ "onlylink", false },	    { "to-ours", true }, { "dirs", false },
		{ "no/such/parent", true },
	};

	put(w, "ours/report.json", OURS);
	put(w, "ours/livepatch.c", "x");
	put(w, "strange/report.json", "{\"tests\": 3}\n");
	put(w, "hidden/.letter", "x");
	put(w, "file", "x");
	assert_int_equal(klp_mkdirs(in(w, "empty"), &w->err), 0);
	assert_int_equal(klp_mkdirs(in(w, "dirs/sub"), &w->err), 0);
	assert_int_equal(klp_mkdirs(in(w, "onlylink"), &w->err), 0);
	assert_int_equal(symlink("/nowhere", in(w, "onlylink/link")), 0);
	assert_int_equal(symlink("ours", in(w, "to-ours")), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct klp_error err = {};
		char *path;
		int rc = klp__output_check(w->arena, in(w, cases[i].name), &path, &err);

		assert_int_equal(rc, cases[i].may ? 0 : KLP_EUSAGE);
		if (!cases[i].may)
			assert_true(err.hint[0]);
	}
}

static void output_appears_whole(void **state)
{
	struct world *w = *state;
	struct klp_strs files = {};
	struct stat st;

	put(w, "from/report.json", OURS);
	put(w, "from/x.c", "new");
	assert_int_equal(klp__output_install(w->arena, in(w, "from"), in(w, "a/b/out"), &w->err),
			 0);
	assert_true(klp_file_exists(in(w, "a/b/out/x.c")));
	assert_int_equal(stat(in(w, "a/b/out"), &st), 0);
	assert_int_equal(st.st_mode & 0055, 0055 & ~022);

	/* the former files are gone, nothing is left beside */
	put(w, "a/b/out/old.c", "old");
	assert_int_equal(klp__output_install(w->arena, in(w, "from"), in(w, "a/b/out"), &w->err),
			 0);
	assert_int_equal(klp_find_files(w->arena, in(w, "a/b"), "", 100, &files, &w->err), 0);
	assert_int_equal(files.n, 2);
	assert_string_equal(files.v[0], "out/report.json");
	assert_string_equal(files.v[1], "out/x.c");
}

/* What turned up there while the stages ran is somebody's. */
static void a_stranger_in_the_place_stays(void **state)
{
	struct world *w = *state;
	struct klp_strs files = {};

	put(w, "from/report.json", OURS);
	put(w, "out/letter", "precious");
	assert_int_equal(klp__output_install(w->arena, in(w, "from"), in(w, "out"), &w->err),
			 KLP_EUSAGE);
	w->err = (struct klp_error){};
	assert_int_equal(klp_find_files(w->arena, w->top, "", 100, &files, &w->err), 0);
	assert_int_equal(files.n, 2);
	assert_string_equal(files.v[1], "out/letter");
}

static void what_makes_no_sense_is_refused_before_anything_runs(void **state)
{
	static const char *const names[] = { "../evil", "Fix", "a b", "", "livepatch", "vmlinux" };
	struct world *w = *state;
	struct klp_run_opts opts = { .ipa_dumps = "/nowhere", .output = in(w, "out") };
	struct klp_report report = {};

	assert_int_equal(klp_run(w->arena, &opts, &report, &w->err), KLP_EUSAGE);
	klp_vec_push(w->arena, &opts.patches, "fix.diff");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct klp_error err = {};

		opts.name = names[i];
		assert_int_equal(klp_run(w->arena, &opts, &report, &err), KLP_EUSAGE);
		assert_true(err.hint[0]);
	}
	opts.name = NULL;
	put(w, "out/letter", "precious");
	w->err = (struct klp_error){};
	assert_int_equal(klp_run(w->arena, &opts, &report, &w->err), KLP_EUSAGE);
	assert_string_equal(w->err.file, opts.output);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(names_come_from_the_patch_file, setup, teardown),
		cmocka_unit_test_setup_teardown(annotated_references_are_planned, setup, teardown),
		cmocka_unit_test_setup_teardown(only_our_output_is_replaced, setup, teardown),
		cmocka_unit_test_setup_teardown(output_appears_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(a_stranger_in_the_place_stays, setup, teardown),
		cmocka_unit_test_setup_teardown(what_makes_no_sense_is_refused_before_anything_runs,
						setup, teardown),
	};

	return cmocka_run_group_tests_name("run", tests, NULL, NULL);
}
