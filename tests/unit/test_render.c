// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/proc.h"
#include "render/render.h"

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

static struct klp_unit unit = { .source = "fs/ext4/super.c" };

/* Two objects, positions, one new function for two symbols, two sources with flags. */
static struct klp_plan sample(struct klp_arena *arena)
{
	static const struct klp_plan_func funcs[] = {
		{ "vmlinux", "__x64_sys_f", 0, "klpp_sys_f" },
		{ "vmlinux", "__ia32_sys_f", 0, "klpp_sys_f" },
		{ "vmlinux", "show", 3, "klpp_show" },
		{ "8021q", "vlan_do.isra.0", 1, "klpp_vlan_do" },
	};
	struct klp_plan p = { .name = "fix" };
	struct klp_plan_source a = { .file = "fs_ext4_super.c", .text = "int a;\n", .unit = &unit };
	struct klp_plan_source b = { .file = "x.c", .text = "int b;\n" };

	for (size_t i = 0; i < sizeof(funcs) / sizeof(*funcs); i++)
		klp_vec_push(arena, &p.funcs, funcs[i]);
	klp_vec_push(arena, &a.cflags, "-I$(srctree)/fs/ext4");
	klp_vec_push(arena, &a.cflags, "-DNAME=\"it's $HOME #1\"");
	klp_vec_push(arena, &a.cflags_remove, "-pg");
	klp_vec_push(arena, &p.sources, a);
	klp_vec_push(arena, &p.sources, b);
	return p;
}

static char *temp(struct klp_arena *arena)
{
	struct klp_error err = {};
	char *dir;

	assert_int_equal(klp_tmpdir_new(arena, &dir, &err), 0);
	return dir;
}

static char *rendered(struct klp_arena *arena, const struct klp_plan *plan)
{
	struct klp_error err = {};
	char *dir = temp(arena);

	if (klp_render(arena, plan, dir, &err) < 0)
		fail_msg("%s", err.text);
	return dir;
}

static void put(struct klp_arena *arena, const char *dir, const char *name, const char *text)
{
	struct klp_error err = {};
	const char *path = klp_path_join(arena, dir, name);

	assert_int_equal(klp_mkdirs(klp_path_dir(arena, path), &err), 0);
	assert_int_equal(klp_file_write(path, text, strlen(text), &err), 0);
}

static char *get(struct klp_arena *arena, const char *dir, const char *name)
{
	struct klp_error err = {};
	char *text;
	size_t len;

	if (klp_file_read(arena, klp_path_join(arena, dir, name), KLP_MAX_TEXT, &text, &len, &err))
		fail_msg("%s", err.text);
	return text;
}

/* Runs to success and gives its output. */
static char *run(struct klp_arena *arena, const char *cwd, const char *const *argv)
{
	struct klp_proc_result result;
	struct klp_error err = {};

	if (klp_proc_run(arena, &(struct klp_proc_opts){ .argv = argv, .cwd = cwd }, &result, &err))
		fail_msg("%s", err.text);
	if (result.status)
		fail_msg("%s: status %d: %s%s", argv[0], result.status, result.out, result.err);
	return result.out;
}

/* As much of the kernel's headers as livepatch.c uses; the names are the kernel's. */
static void stub_headers(struct klp_arena *arena, const char *dir)
{
	put(arena, dir, "include/linux/kernel.h", "");
	put(arena, dir, "include/linux/livepatch.h",
	    "#include <stdbool.h>\n"
	    "#include <stddef.h>\n"
	    "struct klp_func { const char *old_name; void *new_func; unsigned long old_sympos; };\n"
	    "struct klp_object { const char *name; struct klp_func *funcs; };\n"
	    "struct klp_patch { void *mod; struct klp_object *objs; bool replace; };\n"
	    "int klp_enable_patch(struct klp_patch *patch);\n");
	put(arena, dir, "include/linux/module.h",
	    "#define __init\n#define __exit\n#define THIS_MODULE NULL\n"
	    "#define module_init(f) int init_module(void); int init_module(void) { return f(); }\n"
	    "#define module_exit(f) void cleanup_module(void); void cleanup_module(void) { f(); }\n"
	    "#define MODULE_LICENSE(x) extern int license\n"
	    "#define MODULE_DESCRIPTION(x) extern int description\n"
	    "#define MODULE_INFO(x, y) extern int info_##x\n");
}

/*
 * The tables as a compiler sees them: a program that is linked with them and prints them.
 */
static void tables_say_what_the_plan_says(void **state)
{
	static const char printer[] =
		"#include <linux/livepatch.h>\n"
		"#include <stdio.h>\n"
		"int init_module(void);\n"
		"void klpp_sys_f(void), klpp_show(void), klpp_vlan_do(void);\n"
		"void klpp_sys_f(void) {}\nvoid klpp_show(void) {}\nvoid klpp_vlan_do(void) {}\n"
		"int klp_enable_patch(struct klp_patch *p)\n"
		"{\n"
		"	printf(\"replace %d\\n\", p->replace);\n"
		"	for (struct klp_object *o = p->objs; o->funcs || o->name; o++)\n"
		"		for (struct klp_func *f = o->funcs; f->old_name; f++)\n"
		"			printf(\"%s %s,%lu %s\\n\", o->name ? o->name : \"-\", "
		"f->old_name,\n"
		"				f->old_sympos,\n"
		"				f->new_func == klpp_sys_f ? \"sys_f\" :\n"
		"				f->new_func == klpp_show ? \"show\" :\n"
		"				f->new_func == klpp_vlan_do ? \"vlan_do\" : "
		"\"?\");\n"
		"	return 0;\n"
		"}\n"
		"int main(void) { return init_module(); }\n";
	static const char *const cc[] = { "gcc",
					  "-std=gnu11",
					  "-Wall",
					  "-Wextra",
					  "-Werror",
					  "-Wno-missing-field-initializers",
					  "-Wstrict-prototypes",
					  "-Wmissing-prototypes",
					  "-Iinclude",
					  "-o",
					  "tables",
					  "livepatch.c",
					  "printer.c",
					  NULL };
	struct klp_plan plan = sample(*state);
	char *dir = rendered(*state, &plan);

	stub_headers(*state, dir);
	put(*state, dir, "printer.c", printer);
	run(*state, dir, cc);
	assert_string_equal(run(*state, dir, (const char *[]){ "./tables", NULL }),
			    "replace 1\n"
			    "- __x64_sys_f,0 sys_f\n"
			    "- __ia32_sys_f,0 sys_f\n"
			    "- show,3 show\n"
			    "8021q vlan_do.isra.0,1 vlan_do\n");
	klp_rmtree(dir);
}

static void kbuild_gives_the_flags_to_the_shell_unharmed(void **state)
{
	static const char wrapper[] = "srctree := /src\n"
				      "include Kbuild\n"
				      "all:\n"
				      "\t@printf '%s\\n' $(obj-m) $(fix-y)\n"
				      "\t@printf '<%s>\\n' $(CFLAGS_fs_ext4_super.o)\n"
				      "\t@printf '[%s]\\n' $(CFLAGS_REMOVE_fs_ext4_super.o)\n"
				      "\t@echo '$(CFLAGS_x.o)$(CFLAGS_REMOVE_x.o)'\n";
	struct klp_plan plan = sample(*state);
	char *dir = rendered(*state, &plan);

	put(*state, dir, "wrapper", wrapper);
	assert_string_equal(run(*state, dir,
				(const char *[]){ "make", "-s", "-f", "wrapper", NULL }),
			    "fix.o\nlivepatch.o\nfs_ext4_super.o\nx.o\n"
			    "<-I/src/fs/ext4>\n<-DNAME=\"it's $HOME #1\">\n[-pg]\n\n");
	klp_rmtree(dir);
}

/* `make` with a kernel build and a klp-convert that only leave a trace. */
static void makefile_builds_and_converts_once(void **state)
{
	struct klp_plan plan = sample(*state);
	char *dir = rendered(*state, &plan);
	const char *make[] = { "make", "KDIR=kernel", "KLP_CONVERT=./convert", NULL };
	char *out;

	put(*state, dir, "fix.plan.json", "{}\n");
	put(*state, dir, "kernel/Makefile",
	    "modules:\n\tcd $(M) && cat Kbuild livepatch.c fs_ext4_super.c x.c > fix.ko\n"
	    "\techo warn=$(KBUILD_MODPOST_WARN) >> $(M)/fix.ko\n");
	put(*state, dir, "convert",
	    "#!/bin/sh\necho \"$@\" > called\n"
	    "cp build/fix.ko fix.ko\n");
	run(*state, dir, (const char *[]){ "chmod", "+x", "convert", NULL });
	run(*state, dir, make);
	assert_string_equal(get(*state, dir, "called"),
			    "-b kernel --plan fix.plan.json build/fix.ko -o fix.ko\n");
	assert_non_null(strstr(get(*state, dir, "fix.ko"), "warn=1\n"));
	out = run(*state, dir, make);
	assert_non_null(strstr(out, "up to date"));
	run(*state, dir, (const char *[]){ "make", "clean", NULL });
	assert_false(klp_file_exists(klp_path_join(*state, dir, "build")));
	assert_false(klp_file_exists(klp_path_join(*state, dir, "fix.ko")));
	assert_true(klp_file_exists(klp_path_join(*state, dir, "livepatch.c")));
	klp_rmtree(dir);
}

static void readme_names_what_is_patched(void **state)
{
	struct klp_plan plan = sample(*state);
	char *dir = rendered(*state, &plan);
	const char *text = get(*state, dir, "README.md");

	assert_non_null(strstr(text, "| vmlinux | `__x64_sys_f` | `klpp_sys_f` |\n"));
	assert_non_null(
		strstr(text, "| vmlinux | `show` (number 3 of that name) | `klpp_show` |\n"));
	assert_non_null(strstr(text, "| 8021q | `vlan_do.isra.0` (number 1 of that name) |"));
	assert_non_null(strstr(text, "extracted from `fs/ext4/super.c`"));
	assert_non_null(strstr(text, "| `x.c` | the new functions |\n"));
	assert_non_null(strstr(text, "insmod fix.ko"));
	klp_rmtree(dir);
}

static void same_plan_same_bytes(void **state)
{
	static const char *const names[] = { "Kbuild",	    "Makefile",	       "README.md",
					     "livepatch.c", "fs_ext4_super.c", "x.c" };
	struct klp_plan plan = sample(*state);
	char *a = rendered(*state, &plan), *b = rendered(*state, &plan);

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *text = get(*state, a, names[i]);

		assert_string_equal(text, get(*state, b, names[i]));
		assert_null(strstr(text, a));
	}
	klp_rmtree(a);
	klp_rmtree(b);
}

static void names_that_would_break_out_are_refused(void **state)
{
	char *dir = temp(*state);
	static const struct klp_plan_func hostile[] = {
		{ "vmlinux", "f\"; system(\"x\"); //", 0, "klpp_f" },
		{ "vmlinux", "f", 0, "klpp_f; int evil" },
		{ "ext4[1]; int evil", "f", 0, "klpp_f" },
	};

	for (size_t i = 0; i < sizeof(hostile) / sizeof(*hostile); i++) {
		struct klp_plan plan = { .name = "fix" };
		struct klp_error err = {};

		klp_vec_push(*state, &plan.funcs, hostile[i]);
		assert_int_equal(klp_render(*state, &plan, dir, &err), KLP_EINPUT);
		assert_false(klp_file_exists(klp_path_join(*state, dir, "livepatch.c")));
	}
	klp_rmtree(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(tables_say_what_the_plan_says, setup, teardown),
		cmocka_unit_test_setup_teardown(kbuild_gives_the_flags_to_the_shell_unharmed, setup,
						teardown),
		cmocka_unit_test_setup_teardown(makefile_builds_and_converts_once, setup, teardown),
		cmocka_unit_test_setup_teardown(readme_names_what_is_patched, setup, teardown),
		cmocka_unit_test_setup_teardown(same_plan_same_bytes, setup, teardown),
		cmocka_unit_test_setup_teardown(names_that_would_break_out_are_refused, setup,
						teardown),
	};

	return cmocka_run_group_tests_name("render", tests, NULL, NULL);
}
