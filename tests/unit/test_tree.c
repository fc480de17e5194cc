// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "tree/graph.h"

static struct klp_arena *arena;
static struct klp_tree tree;
static struct klp_error err;
static char *top;

static void put(const char *name, const char *text)
{
	const char *path = klp_path_join(arena, top, name);
	struct klp_error e = {};

	assert_int_equal(klp_mkdirs(klp_path_dir(arena, path), &e), 0);
	assert_int_equal(klp_file_write(path, text, strlen(text), &e), 0);
}

/* An object of the build: its command, with deps as further dependencies. */
static void put_object(const char *object, const char *source, const char *flags, const char *deps)
{
	const char *cmd = klp_sprintf(arena, "build/%s/.%s.cmd", klp_path_dir(arena, object),
				      klp_path_base(object));

	put(cmd, klp_sprintf(arena,
			     "cmd_%s := gcc -I ./include %s -c -o %s %s\n\nsource_%s := %s\n\n"
			     "deps_%s := \\\n    $(wildcard include/config/SMP) \\\n%s\n",
			     object, flags, object, source, object, source, object, deps));
	put(klp_sprintf(arena, "build/%s", object), "object");
}

#define VMLINUX(name)                                                          \
	"-DKBUILD_MODFILE='\"fs/" name "\"' -DKBUILD_BASENAME='\"" name "\"' " \
	"-DKBUILD_MODNAME='\"" name "\"'"
#define MODULE(name, mod) "-DMODULE -DKBUILD_BASENAME='\"" name "\"' -DKBUILD_MODNAME='\"" mod "\"'"

/* A build beside its source, as make O= leaves it: two objects of vmlinux and a module. */
static int setup(void **state)
{
	(void)state;
	arena = klp_arena_new();
	memset(&tree, 0, sizeof(tree));
	memset(&err, 0, sizeof(err));
	assert_int_equal(klp_tmpdir_new(arena, &top, &err), 0);
	assert_int_equal(klp_realpath(arena, top, &top, &err), 0);
	put("source/fs/a.c", "int a;\n");
	put("source/fs/part.c", "int part;\n");
	put("build/.config", "CONFIG_LIVEPATCH=y\nCONFIG_MODULES=y\n");
	put("build/vmlinux", "elf");
	put("build/modules.order", "fs/my-mod/my-mod.ko\nfs/other.ko\n");
	put("build/fs/my-mod/my-mod.mod", "fs/my-mod/m.o\nfs/my-mod/n.o\n");
	put("build/fs/other.mod", "fs/my-mod/nn.o\n");
	put("build/Module.symvers", "0x0000beef\ta_exported\tvmlinux\tEXPORT_SYMBOL_GPL\t\n");
	put("build/include/config/kernel.release", "6.1.0-test\n");
	put("build/fs/built-in.a", "!<thin>\n//                      16        `\na.o/\nb.o/\n\n");
	put_object("fs/a.o", klp_path_join(arena, top, "source/fs/a.c"), VMLINUX("a"),
		   klp_sprintf(arena, "  %s/source/fs/part.c \\\n  ../source/include/h.h \\\n",
			       top));
	put_object("fs/b.o", "../source/fs/b.c", VMLINUX("b"), "  include/generated/part.c \\\n");
	put_object("fs/my-mod/m.o", "source/fs/my-mod/m.c", MODULE("m", "my_mod"),
		   "  source/include/h.h \\\n");
	put_object("fs/stub.o", "../source/fs/stub.c", VMLINUX("stub"),
		   "  ../source/include/h.h \\\n");
	put_object("fs/entry.o", "../source/fs/entry.S", "", "  ../source/include/h.h \\\n");
	put("build/fs/a.c.000i.ipa-clones",
	    klp_sprintf(arena,
			"Callgraph clone;help;7;../source/include/h.h;3;5;a;9;%s/source/fs/a.c;8;1;"
			"inlining to\n",
			top));
	put("build/fs/my-mod/m.c.000i.ipa-clones",
	    "Callgraph removal;help.part.0;7;source/include/h.h;3;5\n"
	    "Callgraph removal;helper;8;source/include/h.h;9;5\n");
	put("build/fs/stub.c.000i.ipa-clones",
	    "Callgraph removal;help;7;../source/include/h.h;3;5\n");
	put("build/fs/gone.c.000i.ipa-clones",
	    "Callgraph removal;help;7;../source/include/h.h;3;5\n");
	assert_int_equal(symlink("../source", klp_path_join(arena, top, "build/source")), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	klp_rmtree(top);
	klp_arena_free(arena);
	return 0;
}

static int open_tree(void)
{
	const struct klp_tree_opts opts = { .ipa_dumps = klp_path_join(arena, top, "build") };

	return klp_tree_open(arena, &opts, &tree, &err);
}

static const char *objects(const struct klp_units *units)
{
	char *names = klp_strdup(arena, "");

	for (size_t i = 0; i < units->n; i++)
		names = klp_sprintf(arena, "%s%s%s", names, i ? " " : "", units->v[i]->object);
	return names;
}

static void test_open(void **state)
{
	(void)state;
	assert_int_equal(open_tree(), 0);
	assert_string_equal(tree.build, klp_path_join(arena, top, "build"));
	assert_string_equal(tree.source, klp_path_join(arena, top, "source"));
	assert_string_equal(tree.ipa_dumps, tree.build);
	assert_string_equal(tree.vmlinux, klp_path_join(arena, top, "build/vmlinux"));
	assert_string_equal(tree.release, "6.1.0-test");
	assert_false(tree.lone);
	assert_true(klp_tree_config_is(&tree, "CONFIG_LIVEPATCH"));
	assert_false(klp_tree_config_is(&tree, "CONFIG_SMP"));
	assert_string_equal(klp_tree_export(&tree, "a_exported")->module, "vmlinux");
	assert_null(klp_tree_export(&tree, "a_static"));
	assert_string_equal(klp_tree_module_file(&tree, "my_mod"),
			    klp_path_join(arena, top, "build/fs/my-mod/my-mod.ko"));
	assert_null(klp_tree_module_file(&tree, "none"));
}

static void expect_refused(const struct klp_tree_opts *opts, const char *word)
{
	memset(&err, 0, sizeof(err));
	assert_true(klp_tree_open(arena, opts, &tree, &err) < 0);
	assert_non_null(strstr(err.text, word));
	assert_true(err.hint[0] != '\0');
}

/* What is asked about modules only needs no unit: neither a dump nor a command. */
static void test_without_units(void **state)
{
	struct klp_tree_opts opts = { .build = klp_path_join(arena, top, "build"),
				      .no_units = true };

	(void)state;
	klp_rmtree(klp_path_join(arena, top, "build/fs"));
	assert_int_equal(klp_tree_open(arena, &opts, &tree, &err), 0);
	assert_int_equal(tree.cmds.n + tree.dumps.n, 0);
	assert_string_equal(klp_tree_export(&tree, "a_exported")->module, "vmlinux");
	opts.build = klp_path_join(arena, top, "source");
	expect_refused(&opts, "neither vmlinux nor Module.symvers");
	opts.build = NULL;
	expect_refused(&opts, "no kernel build given");
}

/* The commands say where it was: paths in dumps and commands still have their meaning. */
static void test_source_that_is_gone(void **state)
{
	const char *root, *was = klp_path_join(arena, top, "source");
	struct klp_unit *unit;

	(void)state;
	klp_rmtree(was);
	assert_int_equal(open_tree(), 0);
	assert_string_equal(klp_path_base(tree.source), "source");
	assert_int_equal(klp_tree_unit(&tree, "fs/a.o", &unit, &err), 0);
	assert_string_equal(unit->source, "fs/a.c");
	assert_string_equal(klp_tree_relative(arena, &tree, "../source/include/h.h", &root),
			    "include/h.h");
}

static void test_graph(void **state)
{
	const struct klp_graph_unit *unit;
	struct klp_graph_hits hits = {};
	struct klp_units units;

	(void)state;
	assert_int_equal(open_tree(), 0);
	assert_int_equal(klp_tree_carriers(arena, &tree, "help", "include/h.h", 2, &units, &err),
			 0);
	assert_null(tree.graph);
	assert_int_equal(klp_graph_load(arena, &tree, 2, &err), 0);
	assert_int_equal(tree.graph->n, tree.dumps.n);
	assert_int_equal(klp_graph_find(arena, tree.graph, "help", &hits, &err), 0);
	/* in a.c, gone.c, m.c (a clone) and stub.c; "helper" is another one */
	assert_int_equal(hits.n, 4);
	assert_string_equal(hits.v[0].unit->object, "fs/a.o");
	assert_string_equal(hits.v[2].node->name, "help.part.0");
	assert_int_equal(klp_graph_unit(tree.graph, "fs/my-mod/m.o", &unit, &err), 0);
	assert_non_null(unit);
	assert_int_equal(klp_graph_unit(tree.graph, "fs/none.o", &unit, &err), 0);
	assert_null(unit);
	/* the same carriers as without it */
	{
		struct klp_units again;

		assert_int_equal(
			klp_tree_carriers(arena, &tree, "help", "include/h.h", 2, &again, &err), 0);
		assert_int_equal(again.n, units.n);
		for (size_t i = 0; i < units.n; i++)
			assert_ptr_equal(again.v[i], units.v[i]);
	}
	put("build/fs/a.c.000i.ipa-clones", klp_sprintf(arena, "%070000d\n", 1));
	tree.graph = NULL;
	assert_int_equal(klp_graph_load(arena, &tree, 2, &err), KLP_EINPUT);
	assert_string_equal(err.file, "fs/a.c.000i.ipa-clones");
	assert_null(tree.graph);
}

static void test_what_is_no_build_is_refused(void **state)
{
	const char *build = klp_path_join(arena, top, "build");
	const char *none = klp_path_join(arena, top, "none");

	(void)state;
	expect_refused(&(struct klp_tree_opts){ .ipa_dumps = none }, "does not exist");
	expect_refused(&(struct klp_tree_opts){ .ipa_dumps = build, .build = none },
		       klp_sprintf(arena, "build directory '%s'", none));
	expect_refused(&(struct klp_tree_opts){ .ipa_dumps = build, .source = none },
		       klp_sprintf(arena, "source directory '%s'", none));
	expect_refused(&(struct klp_tree_opts){ .ipa_dumps = klp_path_join(arena, top, "source"),
						.build = build },
		       ".ipa-clones");
	expect_refused(&(struct klp_tree_opts){ .ipa_dumps = build,
						.build = klp_path_join(arena, top, "source") },
		       ".o.cmd");
}

static void test_unit_of_vmlinux(void **state)
{
	struct klp_unit *unit, *again;

	(void)state;
	assert_int_equal(open_tree(), 0);
	assert_int_equal(klp_tree_unit(&tree, "fs/a.o", &unit, &err), 0);
	assert_string_equal(unit->object, "fs/a.o");
	assert_string_equal(unit->object_path, klp_path_join(arena, top, "build/fs/a.o"));
	assert_string_equal(unit->source, "fs/a.c");
	assert_string_equal(unit->source_path, klp_path_join(arena, top, "source/fs/a.c"));
	assert_string_equal(unit->source_arg, unit->source_path);
	assert_string_equal(unit->source_root, tree.source);
	assert_null(unit->module);
	assert_null(unit->module_file);
	assert_string_equal(unit->basename, "a");
	assert_string_equal(unit->modname, "a");
	assert_string_equal(unit->dump, klp_path_join(arena, top, "build/fs/a.c.000i.ipa-clones"));
	assert_string_equal(unit->cwd, tree.build);
	assert_string_equal(unit->argv.v[0], "gcc");
	assert_string_equal(klp_unit_object_name(unit), "vmlinux");
	assert_string_equal(klp_tree_object_file(&tree, unit), tree.vmlinux);
	assert_int_equal(klp_tree_unit(&tree, "./fs//a.o", &again, &err), 0);
	assert_ptr_equal(unit, again);
}

static void test_unit_of_a_module(void **state)
{
	struct klp_unit *unit;

	(void)state;
	assert_int_equal(open_tree(), 0);
	assert_int_equal(klp_tree_unit(&tree, "fs/my-mod/m.o", &unit, &err), 0);
	assert_string_equal(unit->module, "my_mod");
	assert_string_equal(unit->module_file, "fs/my-mod/my-mod.ko");
	assert_string_equal(unit->source, "fs/my-mod/m.c"); /* through the link BUILD/source */
	assert_string_equal(unit->source_root, tree.source);
	assert_string_equal(klp_unit_object_name(unit), "my_mod");
	assert_string_equal(klp_tree_object_file(&tree, unit),
			    klp_path_join(arena, top, "build/fs/my-mod/my-mod.ko"));
}

static void test_module_is_found_by_its_list(void **state)
{
	struct klp_unit *unit;

	(void)state;
	/* An object without a module's name; "fs/my-mod/n.o" is not "fs/my-mod/nn.o". */
	put_object("fs/my-mod/nn.o", "../source/fs/my-mod/nn.c", "-DMODULE", "");
	put_object("fs/my-mod/x.o", "../source/fs/my-mod/x.c", MODULE("x", "my_mod"), "");
	assert_int_equal(open_tree(), 0);
	assert_int_equal(klp_tree_unit(&tree, "fs/my-mod/nn.o", &unit, &err), 0);
	assert_string_equal(unit->module, "other");
	assert_int_equal(klp_tree_unit(&tree, "fs/my-mod/x.o", &unit, &err), KLP_EINPUT);
	assert_non_null(strstr(err.text, "no module"));
	put("build/fs/other.mod", "fs/my-mod/nn.o\nfs/my-mod/n.o\n");
	put_object("fs/my-mod/n.o", "../source/fs/my-mod/n.c", "-DMODULE", "");
	memset(&err, 0, sizeof(err));
	assert_int_equal(klp_tree_unit(&tree, "fs/my-mod/n.o", &unit, &err), KLP_EINPUT);
	assert_non_null(strstr(err.text, "two modules"));
}

static void test_what_is_no_unit_is_refused(void **state)
{
	static const char *const bad[] = { "fs/none.o", "../a.o", "/fs/a.o", "fs/a.c", "" };
	struct klp_unit *unit;

	(void)state;
	put("build/fs/.all.o.cmd", "cmd_fs/all.o := ld -r -o fs/all.o @fs/all.mod\n");
	put_object("fs/far.o", "/elsewhere/far.c", VMLINUX("far"), "");
	assert_int_equal(open_tree(), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		memset(&err, 0, sizeof(err));
		assert_true(klp_tree_unit(&tree, bad[i], &unit, &err) < 0);
	}
	memset(&err, 0, sizeof(err));
	assert_int_equal(klp_tree_unit(&tree, "fs/all.o", &unit, &err), KLP_EINPUT);
	assert_non_null(strstr(err.text, "compiles no source"));
	memset(&err, 0, sizeof(err));
	put("build/fs/.two.o.cmd",
	    "cmd_fs/two.o := sh -c touch\\ two ; gcc -c -o fs/two.o two.c\n\n"
	    "source_fs/two.o := ../source/fs/two.c\n");
	assert_int_equal(klp_tree_unit(&tree, "fs/two.o", &unit, &err), KLP_EINPUT);
	assert_non_null(strstr(err.text, "made of '../source/fs/two.c'"));
	memset(&err, 0, sizeof(err));
	assert_int_equal(klp_tree_unit(&tree, "fs/far.o", &unit, &err), KLP_EINPUT);
	assert_non_null(strstr(err.text, "/elsewhere/far.c"));
	assert_non_null(strstr(err.hint, "--source"));
}

static void test_units_of(void **state)
{
	struct klp_units units;

	(void)state;
	assert_int_equal(open_tree(), 0);
	assert_int_equal(klp_tree_units_of(arena, &tree, "fs/a.c", 2, &units, &err), 0);
	assert_string_equal(objects(&units), "fs/a.o");
	/* The generated include/generated/part.c is another file. */
	assert_int_equal(klp_tree_units_of(arena, &tree, "fs/part.c", 2, &units, &err), 0);
	assert_string_equal(objects(&units), "fs/a.o");
	/* fs/stub.o is in no archive, fs/entry.o is not C. */
	assert_int_equal(klp_tree_units_of(arena, &tree, "include/h.h", 1, &units, &err), 0);
	assert_string_equal(objects(&units), "fs/a.o fs/my-mod/m.o");
	assert_int_equal(klp_tree_units_of(arena, &tree, "h.h", 1, &units, &err), 0);
	assert_int_equal(units.n, 0);
}

static void test_carriers(void **state)
{
	struct klp_units units;

	(void)state;
	assert_int_equal(open_tree(), 0);
	assert_int_equal(klp_tree_carriers(arena, &tree, "help", "include/h.h", 2, &units, &err),
			 0);
	assert_string_equal(objects(&units), "fs/a.o fs/my-mod/m.o");
	assert_int_equal(klp_tree_carriers(arena, &tree, "helper", "include/h.h", 2, &units, &err),
			 0);
	assert_string_equal(objects(&units), "fs/my-mod/m.o");
	assert_int_equal(klp_tree_carriers(arena, &tree, "a", "fs/a.c", 2, &units, &err), 0);
	assert_string_equal(objects(&units), "fs/a.o");
	assert_int_equal(klp_tree_carriers(arena, &tree, "help", "h.h", 2, &units, &err), 0);
	assert_int_equal(units.n, 0);
}

static void expect_bad(const char *name, unsigned int line, unsigned int n, const char *why)
{
	struct klp_findings findings = {};
	struct klp_bad_dumps bad;

	assert_int_equal(klp_tree_bad_dumps(arena, &tree, 2, &bad, &err), 0);
	assert_int_equal(bad.n, 1);
	assert_string_equal(bad.v[0].name, name);
	assert_int_equal(bad.v[0].line, line);
	assert_int_equal(bad.v[0].n, n);
	assert_string_equal(bad.v[0].why, why);
	klp_bad_dump_say(arena, &bad.v[0], &findings);
	klp_bad_dump_say(arena, &bad.v[0], &findings);
	assert_int_equal(findings.n, 1);
	assert_string_equal(findings.v[0].code, "KLP-BAD-DUMP");
	assert_string_equal(findings.v[0].file, name);
	assert_int_equal(findings.v[0].line, line);
	assert_true(klp_findings_refuse(&findings));
}

#define RECORD "Callgraph removal;f;1;x.c;1;2\n"

/* The same, whether the graph was loaded or not; what no object belongs to is no matter. */
static void test_bad_dumps(void **state)
{
	static const char dump[] = "fs/a.c.000i.ipa-clones";
	struct klp_bad_dumps bad;

	(void)state;
	assert_int_equal(open_tree(), 0);
	assert_int_equal(klp_tree_bad_dumps(arena, &tree, 2, &bad, &err), 0);
	assert_int_equal(bad.n, 0);
	put("build/fs/gone.c.000i.ipa-clones", "nonsense");
	assert_int_equal(klp_tree_bad_dumps(arena, &tree, 2, &bad, &err), 0);
	assert_int_equal(bad.n, 0);
	put("build/fs/a.c.000i.ipa-clones", RECORD "\n" RECORD "Callgraph removal;f;1");
	for (int loaded = 0; loaded < 2; loaded++) {
		expect_bad(dump, 4, 1, "it ends in the middle: the dump was cut off");
		assert_int_equal(klp_graph_load(arena, &tree, 2, &err), 0);
	}
	tree.graph = NULL;
	put("build/fs/a.c.000i.ipa-clones", RECORD "hello\n\nworld\n" RECORD);
	for (int loaded = 0; loaded < 2; loaded++) {
		expect_bad(dump, 2, 2, "it is no record that gcc writes");
		assert_int_equal(klp_graph_load(arena, &tree, 2, &err), 0);
	}
	tree.graph = NULL;
	put("build/fs/a.c.000i.ipa-clones", klp_sprintf(arena, RECORD "Callgraph %070000d\n", 1));
	expect_bad(dump, 2, 1, "it is an overlong line in an IPA dump");
}

static void test_linked(void **state)
{
	(void)state;
	assert_int_equal(open_tree(), 0);
	assert_true(klp_tree_linked(arena, &tree, "fs/a.o"));
	assert_false(klp_tree_linked(arena, &tree, "fs/stub.o"));
	assert_false(klp_tree_linked(arena, &tree, "fs/sub/a.o"));
	assert_true(klp_tree_linked(arena, &tree, "net/x.o")); /* no archive tells */
}

static void set_age(const char *name, time_t seconds)
{
	const struct timespec times[2] = { { .tv_sec = 1000000 - seconds },
					   { .tv_sec = 1000000 - seconds } };

	assert_int_equal(utimensat(AT_FDCWD, klp_path_join(arena, top, name), times, 0), 0);
}

static const char *dump_codes(const char *object)
{
	struct klp_findings findings = {};
	struct klp_unit *unit;

	assert_int_equal(klp_tree_unit(&tree, object, &unit, &err), 0);
	klp_tree_check_dump(arena, &tree, unit, &findings);
	assert_true(findings.n <= 1);
	if (!findings.n)
		return "";
	assert_true(klp_findings_refuse(&findings));
	assert_non_null(findings.v[0].hint);
	assert_string_equal(findings.v[0].file, unit->source);
	return findings.v[0].code;
}

static void test_check_dump(void **state)
{
	(void)state;
	assert_int_equal(open_tree(), 0);
	set_age("build/fs/a.o", 100);
	set_age("build/fs/a.c.000i.ipa-clones", 100 + KLP_DUMP_SLACK_S);
	assert_string_equal(dump_codes("fs/a.o"), "");
	set_age("build/fs/a.c.000i.ipa-clones", 101 + KLP_DUMP_SLACK_S);
	assert_string_equal(dump_codes("fs/a.o"), "KLP-STALE-DUMP");
	assert_string_equal(dump_codes("fs/b.o"), "KLP-NO-DUMP");
}

static const char *check_codes(void)
{
	struct klp_findings findings = {};
	struct klp_unit *unit;
	char *codes = klp_strdup(arena, "");

	memset(&err, 0, sizeof(err));
	assert_int_equal(open_tree(), 0);
	assert_int_equal(klp_tree_unit(&tree, "fs/a.o", &unit, &err), 0);
	assert_int_equal(klp_tree_check(arena, &tree, unit, &findings, &err), 0);
	for (size_t i = 0; i < findings.n; i++) {
		assert_non_null(findings.v[i].hint);
		codes = klp_sprintf(arena, "%s%s ", codes, findings.v[i].code);
	}
	return codes;
}

static void test_check(void **state)
{
	(void)state;
	assert_string_equal(check_codes(), "");
	put("build/.config", "# CONFIG_LIVEPATCH is not set\nCONFIG_LTO_CLANG=y\n");
	assert_string_equal(check_codes(), "KLP-NO-LIVEPATCH KLP-LTO ");
	/* which units that concerns is known of each */
	put("build/.config", "CONFIG_LIVEPATCH=y\nCONFIG_LTO_GCC=y\n");
	assert_string_equal(check_codes(), "");
	put("build/.config", "CONFIG_LIVEPATCH=y\nCONFIG_CC_VERSION_TEXT=\"gcc (Other) 4.4\"\n");
	assert_string_equal(check_codes(), "KLP-COMPILER ");
	unlink(klp_path_join(arena, top, "build/.config"));
	assert_string_equal(check_codes(), "KLP-NO-CONFIG ");
}

static void test_lone_build(void **state)
{
	const struct klp_tree_opts opts = { .ipa_dumps = klp_path_join(arena, top, "lone") };
	struct klp_findings findings = {};
	struct klp_units units;
	struct klp_unit *unit;

	(void)state;
	put("lone/x.c", "int x;\n");
	put("lone/x.o", "object");
	put("lone/.x.o.cmd", "cmd_x.o := gcc -O2 -include y.h -c -o x.o x.c\n");
	put("lone/x.c.000i.ipa-clones", "Callgraph removal;f;1;x.c;1;2\n");
	assert_int_equal(klp_tree_open(arena, &opts, &tree, &err), 0);
	assert_true(tree.lone);
	assert_int_equal(klp_tree_units_of(arena, &tree, "x.c", 2, &units, &err), 0);
	assert_string_equal(objects(&units), "x.o");
	unit = units.v[0];
	assert_string_equal(unit->source, "x.c");
	assert_string_equal(unit->source_arg, "x.c");
	assert_string_equal(unit->basename, "x");
	assert_string_equal(unit->modname, "x");
	assert_string_equal(klp_unit_object_name(unit), "vmlinux");
	assert_string_equal(klp_tree_object_file(&tree, unit), unit->object_path);
	assert_int_equal(klp_tree_carriers(arena, &tree, "f", "x.c", 2, &units, &err), 0);
	assert_string_equal(objects(&units), "x.o");
	assert_int_equal(klp_tree_check(arena, &tree, unit, &findings, &err), 0);
	assert_int_equal(findings.n, 0);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_open),
		T(test_without_units),
		T(test_source_that_is_gone),
		T(test_graph),
		T(test_what_is_no_build_is_refused),
		T(test_unit_of_vmlinux),
		T(test_unit_of_a_module),
		T(test_module_is_found_by_its_list),
		T(test_what_is_no_unit_is_refused),
		T(test_units_of),
		T(test_carriers),
		T(test_bad_dumps),
		T(test_linked),
		T(test_check_dump),
		T(test_check),
		T(test_lone_build),
	};

	return cmocka_run_group_tests_name("tree", tests, NULL, NULL);
}
