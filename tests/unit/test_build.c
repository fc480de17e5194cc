// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "build/build.h"
#include "build/messages.h"

static int setup(void **state)
{
	*state = klp_arena_new();
	return 0;
}

static int teardown(void **state)
{
	klp_arena_free(*state);
	return 0;
}

static void lines_become_messages(void **state)
{
	static const char output[] =
		"make: Entering directory '/b'\n"
		"  CC [M]  /w/module/x.o\n"
		"/w/module/x.c: In function 'f':\n"
		"/w/module/x.c:12:5: warning: unused variable 'a' [-Wunused-variable]\n"
		"   12 | int a;\n"
		"/s/include/linux/fs.h:7: error: no such thing\n"
		"fs/namei.c:99:1: fatal error: y.h: No such file\n"
		"/w/module/fix.o: warning: objtool: klpp_f+0x10: unreachable instruction\n"
		"WARNING: modpost: \"klpe_x\" [/w/module/fix.ko] undefined!\n"
		"WARNING: modpost: suppressed 3 unresolved symbol warnings because there were too "
		"many)\n"
		"WARNING: modpost: /w/module/fix.o: section mismatch\n"
		"make[1]: *** [scripts/Makefile.build:250: /w/module/x.o] Error 1\n"
		"warning: last line without an end";
	static const struct {
		int kind;
		const char *file;
		unsigned int line;
		const char *text;
	} wanted[] = {
		{ KLP_MESSAGE_WARNING, "x.c", 12, "unused variable 'a' [-Wunused-variable]" },
		{ KLP_MESSAGE_ERROR, "include/linux/fs.h", 7, "no such thing" },
		{ KLP_MESSAGE_ERROR, "fs/namei.c", 99, "y.h: No such file" },
		{ KLP_MESSAGE_WARNING, "fix.o", 0,
		  "objtool: klpp_f+0x10: unreachable instruction" },
		{ KLP_MESSAGE_WARNING, NULL, 0, "WARNING: modpost: fix.o: section mismatch" },
		{ KLP_MESSAGE_ERROR, NULL, 0,
		  "make[1]: *** [scripts/Makefile.build:250: x.o] Error 1" },
		{ KLP_MESSAGE_WARNING, NULL, 0, "warning: last line without an end" },
	};
	struct klp_messages messages = {};
	struct klp_strs prefixes = {};

	klp_vec_push(*state, &prefixes, "/w/module/");
	klp_vec_push(*state, &prefixes, "/s/");
	klp_messages_parse(*state, output, &prefixes, &messages);
	assert_int_equal(messages.n, sizeof(wanted) / sizeof(*wanted));
	for (size_t i = 0; i < messages.n; i++) {
		assert_int_equal(messages.v[i].kind, wanted[i].kind);
		if (wanted[i].file)
			assert_string_equal(messages.v[i].file, wanted[i].file);
		else
			assert_null(messages.v[i].file);
		assert_int_equal(messages.v[i].line, wanted[i].line);
		assert_string_equal(messages.v[i].text, wanted[i].text);
	}
}

/* A build directory whose Makefile does what the test says, and a rendered module. */
struct world {
	struct klp_arena *arena;
	char *top;
	struct klp_tree tree;
	struct klp_plan plan;
	struct klp_build_opts opts;
	struct klp_findings findings;
	struct klp_error err;
	char *module;
};

static void put(struct world *w, const char *name, const char *text)
{
	const char *path = klp_path_join(w->arena, w->top, name);

	assert_int_equal(klp_mkdirs(klp_path_dir(w->arena, path), &w->err), 0);
	assert_int_equal(klp_file_write(path, text, strlen(text), &w->err), 0);
}

static struct world *world(struct klp_arena *arena, const char *recipe)
{
	struct klp_unit *unit = klp_new(arena, struct klp_unit);
	struct world *w = klp_new(arena, struct world);

	w->arena = arena;
	assert_int_equal(klp_tmpdir_new(arena, &w->top, &w->err), 0);
	if (recipe)
		put(w, "kernel/Makefile", klp_sprintf(arena, "modules:\n%s", recipe));
	else
		put(w, "kernel/empty", "");
	put(w, "out/Kbuild", "kbuild\n");
	put(w, "out/livepatch.c", "tables\n");
	put(w, "out/fs_x.c", "source\n");
	put(w, "out/README.md", "not for Kbuild\n");
	w->tree.build = klp_path_join(arena, w->top, "kernel");
	w->tree.source = "/usr/src/nowhere";
	w->plan.name = "fix";
	unit->source = "fs/x.c";
	klp_vec_push(arena, &unit->argv, "gcc-12");
	klp_vec_push(arena, &w->plan.sources,
		     (struct klp_plan_source){ .file = "fs_x.c", .unit = unit });
	w->opts = (struct klp_build_opts){ .dir = klp_path_join(arena, w->top, "out"),
					   .workdir = klp_path_join(arena, w->top, "work"),
					   .jobs = 2 };
	return w;
}

static int build(struct world *w)
{
	return klp_build(w->arena, &w->tree, &w->plan, &w->opts, &w->module, &w->findings, &w->err);
}

static void modules_are_made_from_a_private_copy(void **state)
{
	struct world *w =
		world(*state,
		      "\tcd $(M) && cat Kbuild livepatch.c fs_x.c > fix.ko && ls >> fix.ko\n"
		      "\techo $(KBUILD_MODPOST_WARN) $(CC) >> $(M)/fix.ko\n"
		      "\techo flags=$(MAKEFLAGS) env=$$CPATH >> $(M)/fix.ko\n");
	char *text;
	size_t len;

	setenv("MAKEFLAGS", "-n", 1);
	setenv("CPATH", "/leaked", 1);
	assert_int_equal(build(w), 0);
	unsetenv("MAKEFLAGS");
	unsetenv("CPATH");
	assert_int_equal(w->findings.n, 0);
	assert_string_equal(w->module, klp_path_join(*state, w->top, "work/module/fix.ko"));
	assert_int_equal(klp_file_read(*state, w->module, 4096, &text, &len, &w->err), 0);
	assert_memory_equal(
		text, "kbuild\ntables\nsource\nKbuild\nfix.ko\nfs_x.c\nlivepatch.c\n1 gcc-12\n",
		strlen("kbuild\ntables\nsource\nKbuild\nfix.ko\nfs_x.c\nlivepatch.c\n1 gcc-12\n"));
	assert_non_null(strstr(text, "env=\n"));
	assert_false(klp_file_exists(klp_path_join(*state, w->top, "out/fix.ko")));
	klp_rmtree(w->top);
}

static void failure_is_a_finding_with_the_first_error(void **state)
{
	struct world *w = world(*state, "\t@echo $(M)/fs_x.c:3:1: warning: w >&2\n"
					"\t@echo $(M)/fs_x.c:4:2: error: no luck >&2\n"
					"\t@echo $(M)/fs_x.c:5:2: error: none >&2; false\n");

	assert_int_equal(build(w), 0);
	assert_null(w->module);
	assert_int_equal(w->findings.n, 1);
	assert_string_equal(w->findings.v[0].code, "KLP-BUILD");
	assert_string_equal(w->findings.v[0].message, "the module does not build: no luck");
	assert_string_equal(w->findings.v[0].file, "fs_x.c");
	assert_int_equal(w->findings.v[0].line, 4);
	assert_non_null(w->findings.v[0].hint);
	assert_true(klp_file_exists(klp_path_join(*state, w->top, "work/build.log")));
	klp_rmtree(w->top);
}

static void success_without_a_module_is_failure(void **state)
{
	struct world *w = world(*state, "\t@true\n");

	assert_int_equal(build(w), 0);
	assert_null(w->module);
	assert_int_equal(w->findings.n, 1);
	assert_true(klp_findings_refuse(&w->findings));
	klp_rmtree(w->top);
}

static void warnings_are_findings_one_a_file(void **state)
{
	struct world *w =
		world(*state, "\t@echo $(M)/fs_x.c:3:1: warning: one >&2\n"
			      "\t@echo fs/x.c:9:1: warning: two >&2\n"
			      "\t@echo $(M)/fs_x.c:4:1: warning: three >&2\n"
			      "\t@echo 'WARNING: modpost: \"klpe_a\" [fix.ko] undefined!' >&2\n"
			      "\t@touch $(M)/fix.ko\n");

	assert_int_equal(build(w), 0);
	assert_non_null(w->module);
	assert_int_equal(w->findings.n, 2);
	assert_string_equal(w->findings.v[0].code, "KLP-BUILD-WARNING");
	assert_string_equal(w->findings.v[0].message, "the build warns: one (and 1 more)");
	assert_string_equal(w->findings.v[1].file, "fs/x.c");
	assert_false(klp_findings_refuse(&w->findings));
	klp_rmtree(w->top);
}

static void a_build_without_makefile_is_an_error(void **state)
{
	struct world *w = world(*state, NULL);

	assert_int_equal(build(w), KLP_ETROUBLE);
	assert_string_equal(w->err.file, w->tree.build);
	assert_non_null(strstr(w->err.hint, "--build"));
	klp_rmtree(w->top);
}

static void messages_are_bounded(void **state)
{
	for (size_t lines = 999; lines <= 1001; lines++) {
		struct klp_messages messages = {};
		struct klp_strs prefixes = {};
		struct klp_buf buf;

		klp_buf_init(&buf, *state);
		for (size_t i = 0; i < lines; i++)
			klp_buf_addf(&buf, "x.c:%zu:1: warning: unused\n", i + 1);
		klp_messages_parse(*state, buf.p, &prefixes, &messages);
		assert_int_equal(messages.n, lines < 1000 ? lines : 1000);
		assert_int_equal(messages.v[messages.n - 1].line, messages.n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(lines_become_messages, setup, teardown),
		cmocka_unit_test_setup_teardown(messages_are_bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(modules_are_made_from_a_private_copy, setup,
						teardown),
		cmocka_unit_test_setup_teardown(failure_is_a_finding_with_the_first_error, setup,
						teardown),
		cmocka_unit_test_setup_teardown(success_without_a_module_is_failure, setup,
						teardown),
		cmocka_unit_test_setup_teardown(warnings_are_findings_one_a_file, setup, teardown),
		cmocka_unit_test_setup_teardown(a_build_without_makefile_is_an_error, setup,
						teardown),
	};

	return cmocka_run_group_tests_name("build", tests, NULL, NULL);
}
