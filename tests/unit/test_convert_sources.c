// SPDX-License-Identifier: GPL-2.0-or-later
/* What undefined symbols stand for: annotations in the module, the build. */
#include "convert/convert.h"

#include <elf.h>
#include <time.h>

#include "elf/image.h"
#include "tests/unit/livepatch_lab.h"

static struct klp_plan plan;
static struct klp_candidates candidates;
static struct klp_convert_opts opts;
static struct klp_convert_stats stats;
static struct klp_error err;

static int setup(void **state)
{
	int r = lab_setup(state);

	lab_kernel();
	plan = (struct klp_plan){ .name = "fix" };
	klp_vec_push(arena, &plan.funcs, (struct klp_plan_func){ "vmlinux", "f", 0, "klpp_v" });
	opts = (struct klp_convert_opts){ .tree = &tree, .candidates = &candidates };
	return r;
}

static int convert(void)
{
	err = (struct klp_error){};
	stats = (struct klp_convert_stats){};
	candidates.n = 0;
	if (klp_file_exists(lab_path("out.ko")))
		lab_run("rm out.ko");
	return klp_convert(arena, lab_path("in.ko"), lab_path("out.ko"), &opts, &stats, &err);
}

static void converts(void)
{
	if (convert() < 0)
		fail_msg("%s (%s)", err.text, err.hint);
}

/* All words are in the error or the hint, and there is no output. */
static void refused(const char *words)
{
	char *all, *save = NULL;

	assert_true(convert() < 0);
	all = klp_sprintf(arena, "%s %s", err.text, err.hint);
	for (char *w = strtok_r(klp_strdup(arena, words), " ", &save); w;
	     w = strtok_r(NULL, " ", &save))
		if (!strstr(all, w))
			fail_msg("no '%s' in: %s", w, all);
	assert_string_not_equal(err.hint, "");
	assert_false(klp_file_exists(lab_path("out.ko")));
}

/* How many relocations of section name refer to symbol; both as in the output. */
static size_t refers(const char *section, const char *symbol)
{
	struct klp_image image;
	struct klp_error e = {};
	size_t n = 0;
	uint32_t i;

	assert_int_equal(klp_image_load(arena, lab_path("out.ko"), &image, &e), 0);
	i = klp_image_section(&image, section);
	for (size_t k = 0; i && k < image.sections.v[i].relas.n; k++)
		n += !strcmp(image.syms.v[image.sections.v[i].relas.v[k].sym].name, symbol);
	return n;
}

#define LABEL(label) " asm(\"\\\"" label "\\\"\")"

static void labels_are_read(void **state)
{
	(void)state;
	lab_livepatch("extern int lonely(int)" LABEL(
			      ".klp.sym.rela.vmlinux.vmlinux.lonely,0") ";\n"
									"extern int "
									"twice(int)" LABEL(
										".klp.sym.rela."
										"vmlinux.vmlinux."
										"twice,2") ";\n"
											   "extern "
											   "int "
											   "coun"
											   "t" LABEL(
												   ".klp.sym.rela.ext4.vmlinux.count.0,0") ";\n"
																	   "extern int start(int)" LABEL(
																		   ".klp.sym.rela.ext4.jbd2.jbd2_start,0") ";\n"
																							   "extern int use(int)" LABEL(
																								   ".klp.sym.rela.ext4.ext4.ext4_do,1") ";\n"
																													"extern int exported(int);\n",
		      "lonely(x) + twice(x) + exported(x)", "start(x) + use(x) + count", "");
	converts();
	assert_int_equal(stats.symbols, 5);
	assert_int_equal(stats.relocations, 5);
	assert_int_equal(refers(".klp.rela.vmlinux..text", ".klp.sym.vmlinux.lonely,0"), 1);
	assert_int_equal(refers(".klp.rela.vmlinux..text", ".klp.sym.vmlinux.twice,2"), 1);
	/* the kernel refuses vmlinux's in a module's section, whatever the label says */
	assert_int_equal(refers(".klp.rela.vmlinux..text", ".klp.sym.vmlinux.count.0,0"), 1);
	assert_int_equal(refers(".klp.rela.ext4..text", ".klp.sym.jbd2.jbd2_start,0"), 1);
	assert_int_equal(refers(".klp.rela.ext4..text", ".klp.sym.ext4.ext4_do,1"), 1);
	assert_int_equal(refers(".rela.text", "exported"), 1);
}

static void one_label(const char *label)
{
	lab_livepatch(klp_sprintf(arena, "extern int f(int) asm(\"\\\"%s\\\"\");\n", label), "f(x)",
		      "x", "");
}

/* In the place of the comma clang-extract has written a dot. */
static void a_dot_may_stand_before_the_position(void **state)
{
	(void)state;
	one_label(".klp.sym.rela.vmlinux.vmlinux.twice.2");
	converts();
	assert_int_equal(refers(".klp.rela.vmlinux..text", ".klp.sym.vmlinux.twice,2"), 1);
	one_label(".klp.sym.rela.vmlinux.vmlinux.count.0.0");
	converts();
	assert_int_equal(refers(".klp.rela.vmlinux..text", ".klp.sym.vmlinux.count.0,0"), 1);
	/* count at 0, or count.0 without a position? There are both. */
	one_label(".klp.sym.rela.vmlinux.vmlinux.count.0");
	refused("'.klp.sym.rela.vmlinux.vmlinux.count.0' two ways 'count.0' NAME,POSITION");
}

static void wrong_labels_are_refused(void **state)
{
	static const char *const wrong[][2] = {
		{ ".klp.sym.rela.vmlinux.vmlinux.lonely", "has no position" },
		{ ".klp.sym.rela.vmlinux.vmlinux.lonely,", "has no position" },
		{ ".klp.sym.rela.vmlinux.vmlinux.lonely,x", "has no position" },
		{ ".klp.sym.rela.vmlinux.vmlinux.lonely,1x", "has no position" },
		{ ".klp.sym.rela.vmlinux.vmlinux.,0", "has no position" },
		{ ".klp.sym.rela.vmlinux.lonely", "names no object that has the symbol" },
		{ ".klp.sym.rela.", "names no object that is patched" },
		{ ".klp.sym.rela.fs/ext4.ext4.ext4_do,0", "names no object that is patched" },
		{ ".klp.sym.rela.ext4.net-sched.sched_do,0", "no object that has the symbol" },
		{ ".klp.sym.rela.vmlinux.vmlinux.a,b,0", "has a comma in the name" },
		{ ".klp.sym.rela.vmlinux.vmlinux.lonely,1000", "has a position above 999" },
		{ ".klp.sym.rela.vmlinux.vmlinux.lonely,99999999999999999999", "above 999" },
		{ ".klp.sym.rela.vmlinux.ext4.ext4_do,0", "resolved with vmlinux" },
		{ ".klp.sym.rela.vmlinux.vmlinux.lonel,0", "not found in symbol table" },
		{ ".klp.sym.rela.xfs.xfs.xfs_do,0", "the build has no object 'xfs'" },
		{ ".klp.sym.rela.vmlinux.vmlinux.lonely,2", "position 2" },
		{ ".klp.sym.rela.vmlinux.vmlinux.twice,3", "position 3" },
		{ ".klp.sym.rela.vmlinux.vmlinux.at_boot,0", "init code" },
		{ ".klp.sym.rela.ext4.ext4.ext4_init,0", "init code" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		one_label(wrong[i][0]);
		assert_true(convert() < 0);
		if (!strstr(err.text, wrong[i][1]) || !strstr(err.text, wrong[i][0]))
			fail_msg("%s: %s", wrong[i][0], err.text);
		assert_string_not_equal(err.hint, "");
		assert_false(klp_file_exists(lab_path("out.ko")));
	}
}

static void ambiguous_ones_are_listed(void **state)
{
	(void)state;
	one_label(".klp.sym.rela.vmlinux.vmlinux.twice,0");
	refused("'.klp.sym.rela.vmlinux.vmlinux.twice,0' ambiguity 'twice' position");
	assert_int_equal(candidates.n, 2);
	for (unsigned int i = 0; i < 2; i++) {
		assert_string_equal(candidates.v[i].object, "vmlinux");
		assert_string_equal(candidates.v[i].symbol, "twice");
		assert_int_equal(candidates.v[i].sympos, i + 1);
		assert_string_equal(candidates.v[i].section, ".text");
	}
	assert_true(candidates.v[0].address < candidates.v[1].address);
	assert_string_equal(candidates.v[0].file, "one.c");
	assert_string_equal(candidates.v[1].file, "two.c");
}

/* KLP_MODULE_RELOC, packed as in the field, or with the compiler's own padding. */
static void arrays(const char *packed, const char *big)
{
	lab_livepatch(klp_sprintf(arena,
				  "struct reloc { void *sym; unsigned int pos; } %s;\n"
				  "extern int twice(int), klpe_lonely(int), ext4_do(int);\n"
				  "extern int counter, jbd2_start(int);\n"
				  "#define R(o, n) struct reloc n[] __attribute__((section("
				  "\".klp.module_relocs.\" #o), aligned(4)))\n"
				  "R(vmlinux, rv) = { { twice, %s }, { &counter, 1 }, "
				  "{ klpe_lonely, 0 } };\n"
				  "R(ext4, re) = { { ext4_do, 0 } };\n"
				  "R(jbd2, rj) = { { jbd2_start, 1 } };\n",
				  packed, big),
		      "twice(x) + counter + klpe_lonely(x)", "ext4_do(x) + jbd2_start(x)", "-g");
}

static void arrays_are_read(void **state)
{
	static const char *const packed[] = { "__attribute__((packed))", "" };
	struct klp_image image;
	uint32_t section;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		arrays(packed[i], "2");
		converts();
		assert_int_equal(stats.symbols, 5);
		assert_int_equal(refers(".klp.rela.vmlinux..text", ".klp.sym.vmlinux.twice,2"), 1);
		assert_int_equal(refers(".klp.rela.vmlinux..text", ".klp.sym.vmlinux.counter,1"),
				 1);
		assert_int_equal(refers(".klp.rela.vmlinux..text", ".klp.sym.vmlinux.lonely,0"), 1);
		assert_int_equal(refers(".klp.rela.ext4..text", ".klp.sym.ext4.ext4_do,0"), 1);
		assert_int_equal(refers(".klp.rela.ext4..text", ".klp.sym.jbd2.jbd2_start,1"), 1);
		/* not loaded, and nothing to do in it, but there for the debug information */
		assert_int_equal(klp_image_load(arena, lab_path("out.ko"), &image, &err), 0);
		section = klp_image_section(&image, ".klp.module_relocs.vmlinux");
		assert_true(section);
		assert_false(image.sections.v[section].flags & SHF_ALLOC);
		section = klp_image_section(&image, ".rela.klp.module_relocs.vmlinux");
		assert_int_equal(image.sections.v[section].relas.n, 0);
		assert_int_equal(klp_image_section(&image,
						   ".klp.rela.vmlinux..klp.module_relocs.vmlinux"),
				 0);
	}
}

static void wrong_arrays_are_refused(void **state)
{
	(void)state;
	arrays("", "3");
	refused("'twice' position 3 'vmlinux'");
	assert_int_equal(candidates.n, 2);
	arrays("", "0");
	refused("'twice' ambiguity");
	assert_int_equal(candidates.n, 2);
	arrays("", "1000");
	refused("'twice' position 1000");
	lab_livepatch("extern int lonely(int);\n"
		      "char r[20] __attribute__((section(\".klp.module_relocs.vmlinux\")));\n",
		      "x", "x", "");
	refused("'.klp.module_relocs.vmlinux' offset 0 klp_module_reloc");
	lab_livepatch("extern int lonely(int), exported(int);\n"
		      "struct { void *a; long b, c; } r[] "
		      "__attribute__((section(\".klp.module_relocs.vmlinux\"))) = {"
		      "{ lonely }, { exported } };\n",
		      "x", "x", "");
	refused("'.klp.module_relocs.vmlinux' offset");
	lab_livepatch("extern int lonely(int);\nstruct { void *a; long b; } r[] "
		      "__attribute__((section(\".klp.module_relocs.a-b\"))) = { { lonely } };\n",
		      "x", "x", "");
	refused("'.klp.module_relocs.a-b' names no object");
	lab_livepatch("int mine(int x) { return x; }\nstruct { void *a; long b; } r[] "
		      "__attribute__((section(\".klp.module_relocs.vmlinux\"))) = { { mine } };\n",
		      "x", "x", "");
	refused("defines 'mine'");
	lab_livepatch("extern int twice(int);\nstruct { void *a; long b; } r[] "
		      "__attribute__((section(\".klp.module_relocs.vmlinux\"))) = "
		      "{ { twice, 1 }, { twice, 2 } };\n",
		      "twice(x)", "x", "");
	refused("'twice' (position 1) (position 2)");
}

static void the_build_is_looked_through(void **state)
{
	(void)state;
	lab_livepatch("extern int lonely(int), klpe_ext4_do(int), jbd2_start(int), sched_do(int);\n"
		      "extern int exported(int), only_here; extern int weak(int) "
		      "__attribute__((weak));\n"
		      "static __attribute__((noinline)) int help(int x) { return sched_do(x); }\n",
		      "lonely(x) + exported(x) + only_here + (weak ? weak(x) : 0)",
		      "klpe_ext4_do(x) + jbd2_start(x) + help(x) + lonely(x)", "");
	converts();
	assert_int_equal(stats.symbols, 5);
	assert_int_equal(refers(".klp.rela.vmlinux..text", ".klp.sym.vmlinux.lonely,0"), 2);
	assert_int_equal(refers(".klp.rela.vmlinux..text", ".klp.sym.vmlinux.only_here,0"), 1);
	assert_int_equal(refers(".klp.rela.ext4..text", ".klp.sym.ext4.ext4_do,0"), 1);
	assert_int_equal(refers(".klp.rela.ext4..text", ".klp.sym.jbd2.jbd2_start,0"), 1);
	/* through a call inside of the module */
	assert_int_equal(refers(".klp.rela.ext4..text", ".klp.sym.net_sched.sched_do,0"), 1);
	assert_int_equal(refers(".rela.text", "exported"), 1);
	assert_true(refers(".rela.text", "weak") > 0);
}

static void through_data_and_labels(void **state)
{
	(void)state;
	lab_livepatch("extern int jbd2_start(int), sched_do(int);\n"
		      "static int (*const ops[2])(int) = { jbd2_start, sched_do };\n"
		      "static int (*const *volatile table)(int) = ops;\n",
		      "x", "table[x & 1](x)", "");
	converts();
	assert_int_equal(refers(".klp.rela.ext4..rodata", ".klp.sym.jbd2.jbd2_start,0"), 1);
	assert_int_equal(refers(".klp.rela.ext4..rodata", ".klp.sym.net_sched.sched_do,0"), 1);
}

static void what_is_ambiguous_is_refused(void **state)
{
	(void)state;
	lab_livepatch("extern int klpe_twice(int);\n", "klpe_twice(x)", "x", "");
	refused("'klpe_twice' 'klpp_v' 2 symbols vmlinux KLP_RELOC_SYMBOL_POS");
	assert_int_equal(candidates.n, 2);
	lab_livepatch("extern int in_both;\n", "x", "in_both", "");
	refused("'in_both' 'klpp_e' 2 symbols ext4 to vmlinux");
	assert_int_equal(candidates.n, 2);
	assert_string_equal(candidates.v[0].object, "ext4");
	assert_string_equal(candidates.v[1].object, "vmlinux");
	assert_string_equal(candidates.v[1].section, ".bss");
	/* only those of modules that are patched, or exported */
	lab_livepatch("extern int jbd2_hidden;\n", "x", "jbd2_hidden", "");
	refused("'jbd2_hidden' 'klpp_e' not found .klp.sym.rela.");
	assert_int_equal(candidates.n, 0);
	lab_livepatch("extern int at_boot(int);\n", "at_boot(x)", "x", "");
	refused("'at_boot' init");
}

/* What can't be looked through may have the name, too. */
static void all_that_counts_must_be_there(void **state)
{
	const char *vmlinux = tree.vmlinux;

	(void)state;
	lab_livepatch("extern int lonely(int);\n", "lonely(x)", "x", "");
	tree.vmlinux = NULL;
	refused("no 'vmlinux' plan");
	tree.vmlinux = vmlinux;
	converts();
	lab_run("mv fs/ext4.ko fs/away.ko");
	refused("no 'ext4' build");
	lab_run("mv fs/away.ko fs/ext4.ko");
	converts();
	klp_map_init(&tree.exports, arena);
	refused("no exports Module.symvers");
	lab_export("lonely", "fs/nowhere");
	refused("no 'nowhere'");
}

static void weak_ones_with_a_prefix_are_looked_up(void **state)
{
	(void)state;
	lab_livepatch("extern int klpe_lonely(int) __attribute__((weak)), lonely(int) "
		      "__attribute__((weak));\n",
		      "klpe_lonely(x) + (lonely ? lonely(x) : 0)", "x", "");
	converts();
	assert_int_equal(stats.symbols, 1);
	assert_int_equal(refers(".klp.rela.vmlinux..text", ".klp.sym.vmlinux.lonely,0"), 1);
	assert_true(refers(".rela.text", "lonely") > 0);
	lab_livepatch("extern int klpe_gone(int) __attribute__((weak));\n", "klpe_gone ? 1 : 2",
		      "x", "");
	refused("'klpe_gone' not found");
}

static void names_of_the_tables_are_checked(void **state)
{
	(void)state;
	lab_cc("c.o",
	       LP_STRUCTS "extern int jbd2_start(int);\n"
			  "int klpp_e(int x) { return jbd2_start(x); }\n"
			  "static struct func funcs[] = { { \"f\", klpp_e }, { 0 } };\n"
			  "static struct object objs[] = { { \"fs/ext4.ko\", funcs }, { 0 } };\n"
			  "static struct patch patch = { __this_module, objs };\n"
			  "void *keep_patch(void) { return &patch; }\n",
	       "");
	lab_run("ld -r -o in.ko c.o");
	refused("'fs/ext4.ko' /proc/modules");
}

/* They run for the object that they stand at. */
static void callbacks_lead_too(void **state)
{
	(void)state;
	lab_cc("c.o",
	       LP_STRUCTS
	       "extern int jbd2_start(int);\n"
	       "static int after(void *object) { return jbd2_start(1); }\n"
	       "int klpp_e(int x) { return x; }\n"
	       "static struct func funcs[] = { { \"f\", klpp_e }, { 0 } };\n"
	       "static struct object objs[] = { { \"ext4\", funcs, { 0, after } }, { 0 } };\n"
	       "static struct patch patch = { __this_module, objs };\n"
	       "void *keep_patch(void) { return &patch; }\n",
	       "");
	lab_run("ld -r -o in.ko c.o");
	converts();
	assert_int_equal(refers(".klp.rela.ext4..text", ".klp.sym.jbd2.jbd2_start,0"), 1);
}

/* Whose loading resolves it must be clear. */
static void who_resolves_must_be_clear(void **state)
{
	(void)state;
	lab_livepatch("extern int jbd2_start(int);\n", "jbd2_start(x)", "x", "");
	refused("'klpp_v' 'jbd2_start' 'jbd2' vmlinux KLP_RELOC_SYMBOL(PATCHED_MODULE");
	lab_livepatch(
		"extern int jbd2_start(int);\n"
		"static __attribute__((noinline)) int both(int x) { return jbd2_start(x); }\n",
		"both(x)", "both(x)", "");
	refused("'both' 'jbd2_start' vmlinux");
	lab_livepatch("extern int jbd2_start(int);\n"
		      "int nobody(int x) { return jbd2_start(x); }\n",
		      "x", "x", "");
	refused("'nobody' 'jbd2_start' no patched function");
	/* nor is it clear when that module is patched: who calls it? */
	lab_livepatch("extern int ext4_do(int);\nint nobody(int x) { return ext4_do(x); }\n", "x",
		      "x", "");
	refused("'nobody' 'ext4_do' 'ext4' no patched function KLP_RELOC_SYMBOL(PATCHED_MODULE");
	lab_cc("c.o", "extern int lonely(int);\nint f(int x) { return lonely(x); }\n", "");
	lab_run("ld -r -o in.ko c.o");
	refused("klp_patch");
}

/* The loader applies no relocation to the per-CPU section, early or late. */
static void per_cpu_variables_have_no_references(void **state)
{
	static const char per_cpu[] =
		"extern int %s(int);\n__attribute__((section(\".data..percpu\"))) "
		"int (*per_cpu_one)(int) = %s;\n";

	(void)state;
	lab_livepatch(klp_sprintf(arena, per_cpu, "klpe_lonely", "klpe_lonely"), "x", "x", "");
	refused("'per_cpu_one' 'lonely' 'vmlinux' .data..percpu assign CPU");
	lab_livepatch(klp_sprintf(arena, per_cpu, "klpe_ext4_use", "klpe_ext4_use"), "x", "x", "");
	refused("'per_cpu_one' 'ext4_use' 'ext4' .data..percpu assign CPU");
}

#define HELP                         \
	"extern int ext4_do(int);\n" \
	"__attribute__((noipa)) static int help(int x) { return ext4_do(x); }\n"

/* It runs whether the module is there or not. */
static void init_and_exit_code_refer_to_no_module(void **state)
{
	static const char *const ways[] = {
		"__attribute__((section(\".init.text\"))) int lp_init(void) { return help(1); }\n",
		"__attribute__((section(\".exit.text\"))) void lp_exit(void) { help(1); }\n",
		"int lp_init(void) { return help(1); }\n"
		"__attribute__((section(\".gnu.linkonce.this_module\"))) void *at[] = { lp_init "
		"};\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		lab_livepatch(klp_sprintf(arena, HELP "%s", ways[i]), "x", "help(x)", "");
		refused("'help' 'ext4_do' 'ext4' init exit callback");
		lab_livepatch(klp_sprintf(arena, HELP "%s", ways[i]), "x", "x", "");
		refused("'help' 'ext4_do' 'ext4' init exit callback");
	}
	lab_livepatch("extern int ext4_do(int);\n__attribute__((section(\".exit.text\"))) "
		      "void lp_exit(void) { ext4_do(1); }\n",
		      "x", "x", "");
	refused("'lp_exit' 'ext4_do' 'ext4' exit");
	/* what init hands to the kernel it doesn't call */
	lab_livepatch(HELP "__attribute__((section(\".init.text\"))) void *lp_init(void) "
			   "{ extern void *keep_patch(void); return keep_patch(); }\n",
		      "x", "help(x)", "");
	converts();
	assert_int_equal(refers(".klp.rela.ext4..text", ".klp.sym.ext4.ext4_do,0"), 1);
}

/* Callbacks are told apart by where they are, not by a name that two may have, or none. */
static void callbacks_are_found_by_place(void **state)
{
	(void)state;
	lab_cc("c.o",
	       LP_STRUCTS
	       "extern int lonely(int), jbd2_start(int);\n"
	       "static __attribute__((noipa)) int post_v(int x) { return lonely(x); }\n"
	       "static __attribute__((noipa)) int post_e(int x) { return jbd2_start(x); }\n"
	       "static int klpp(int x) { return x; }\n"
	       "static struct func v_funcs[] = { { \"lonely\", klpp }, { 0 } };\n"
	       "static struct func e_funcs[] = { { \"ext4_use\", klpp }, { 0 } };\n"
	       "static struct object objs[] = { { 0, v_funcs, { 0, post_v } }, "
	       "{ \"ext4\", e_funcs, { 0, post_e } }, { 0 } };\n"
	       "static struct patch patch = { __this_module, objs };\n"
	       "void *keep_patch(void) { return &patch; }\n",
	       "");
	lab_run("objcopy --redefine-sym post_v=post_e c.o in.ko");
	converts();
	assert_int_equal(refers(".klp.rela.ext4..text", ".klp.sym.jbd2.jbd2_start,0"), 1);
}

/* in.ko: klpp_f for `patched` of vmlinux, and klpp_g for two_b, in the place of what the unit has.
 */
static void units(const char *declarations, const char *patched, const char *f)
{
	lab_cc("c.o",
	       klp_sprintf(arena,
			   LP_STRUCTS
			   "%s\nint klpp_f(int x) { return %s; } int klpp_g(int x) { return x; }\n"
			   "static struct func funcs[] = { { \"%s\", klpp_f }, "
			   "{ \"two_b\", klpp_g }, { 0 } };\n"
			   "static struct object objs[] = { { 0, funcs }, { 0 } };\n"
			   "static struct patch patch = { __this_module, objs };\n"
			   "void *keep_patch(void) { return &patch; }\n",
			   declarations, f, patched),
	       "");
	lab_run("ld -r -o in.ko c.o");
}

/* A static of another unit isn't it, though it is the only one that is called so. */
static void statics_are_those_of_the_unit(void **state)
{
	(void)state;
	units("extern int two_a(int); extern int two_data;", "two_b", "two_a(x) + two_data");
	converts();
	assert_int_equal(refers(".klp.rela.vmlinux..text", ".klp.sym.vmlinux.two_a,0"), 1);
	assert_int_equal(refers(".klp.rela.vmlinux..text", ".klp.sym.vmlinux.two_data,0"), 1);
	/* of a global function by what is laid out around it */
	units("extern int two_a(int);", "two_between", "two_a(x)");
	converts();
	units("extern int klpe_two_a(int);", "lonely", "klpe_two_a(x)");
	refused("'klpe_two_a' (needed by 'klpp_f') 'two_a' vmlinux static 'two.c' "
		".klp.sym.rela.PATCHED.vmlinux.two_a,0");
	assert_int_equal(candidates.n, 1);
	assert_string_equal(candidates.v[0].file, "two.c");
	units("extern int two_data;", "lonely", "two_data");
	refused("'two_data' static 'two.c'");
	/* where no function is known to lead there, any that is patched may have been meant */
	units("extern int two_a(int); int nobody(int x) { return two_a(x); }", "lonely", "x");
	converts();
	/* globals have one name for all */
	units("extern int other(int);", "lonely", "other(x)");
	converts();
	units("extern int only_here(int);", "lonely", "only_here(x)");
	refused("'only_here' called no function");
	units("extern int two_data(int);", "two_b", "two_data(x)");
	refused("'two_data' called no function");
	/* a module's, by a function of vmlinux */
	lab_livepatch("extern int ext4_do(int);\n", "ext4_do(x)", "x", "");
	refused("'ext4_do' static 'm.c'");
}

/* in.ko: its one function stands for one of module many, whose two files have no static function.
 */
static void in_many(const char *patched, const char *data)
{
	lab_cc("c.o",
	       klp_sprintf(arena,
			   LP_STRUCTS
			   "extern int %s;\nint klpp_m(int x) { return x + %s; }\n"
			   "static struct func funcs[] = { { \"%s\", klpp_m }, { 0 } };\n"
			   "static struct object objs[] = { { \"many\", funcs }, { 0 } };\n"
			   "static struct patch patch = { __this_module, objs };\n"
			   "void *keep_patch(void) { return &patch; }\n",
			   data, data, patched),
	       "");
	lab_run("ld -r -o in.ko c.o");
}

/* Of a module's global function the symbol table doesn't say the file; the objects of the build do.
 */
static void globals_are_of_the_object_that_defines_them(void **state)
{
	static const char mod[] = "fs/many/a.o\nfs/many/b.o\n", climbs[] = "fs/many/a.o\n../a.o\n";
	static const char old[] = "fs/many/a.o fs/many/b.o\nlonely\n";

	(void)state;
	lab_cc("fs/many/a.o",
	       MODULE_MARK "static int a_data; int a_use(int x) { return x + a_data++; }\n"
			   "__attribute__((weak)) int weak_use(int x) { return x - a_data++; }\n",
	       "");
	lab_cc("fs/many/b.o",
	       "static int b_data; int b_use(int x) { return x + b_data++; }\n"
	       "__attribute__((weak)) int weak_use(int x) { return x * b_data++; }\n",
	       "");
	lab_run("ld -r -o fs/many/many.ko fs/many/a.o fs/many/b.o");
	klp_vec_push(arena, &tree.modules, "fs/many/many.ko");
	in_many("a_use", "a_data");
	refused("'a_data' static 'a.c' many");
	lab_put("fs/many/many.mod", mod, sizeof(mod) - 1);
	converts();
	assert_int_equal(refers(".klp.rela.many..text", ".klp.sym.many.a_data,0"), 1);
	in_many("b_use", "a_data");
	refused("'a_data' static 'a.c' many");
	in_many("b_use", "b_data");
	converts();
	/* before 5.19 */
	lab_put("fs/many/many.mod", old, sizeof(old) - 1);
	converts();
	/* which one of two weak ones it became isn't known */
	in_many("weak_use", "a_data");
	refused("'a_data' static 'a.c' many");
	/* nothing outside of the build is looked at, nor what isn't the object that was linked */
	in_many("a_use", "a_data");
	lab_put("fs/many/many.mod", climbs, sizeof(climbs) - 1);
	refused("'a_data' static 'a.c' many");
	lab_put("fs/many/many.mod", mod, sizeof(mod) - 1);
	lab_cc("fs/many/a.o", "static char a_data[9]; int a_use(int x) { return a_data[x]++; }\n",
	       "");
	refused("'a_data' static 'a.c' many");
	lab_run("rm fs/many/a.o");
	refused("'a_data' static 'a.c' many");
}

static void depends_is_cleared(const char *before, const char *v, const char *e, const char *after)
{
	struct klp_image image;

	lab_livepatch(klp_sprintf(arena,
				  "extern int jbd2_start(int), sched_do(int); extern int other_weak"
				  "(int) __attribute__((weak));\n"
				  "static const char info[] __attribute__((section(\".modinfo\"), "
				  "used)) = \"license=GPL\\0depends=%s\\0livepatch=Y\";\n",
				  before),
		      v, e, "");
	converts();
	assert_int_equal(klp_image_load(arena, lab_path("out.ko"), &image, &err), 0);
	assert_string_equal(klp_image_modinfo(&image, "depends", 0), after);
	assert_string_equal(klp_image_modinfo(&image, "livepatch", 0), "Y");
	assert_string_equal(klp_image_modinfo(&image, "license", 0), "GPL");
	assert_true(strstr(lab_run("modinfo -F livepatch ./out.ko"), "Y"));
	assert_string_equal(lab_run("modinfo -F depends ./out.ko"),
			    klp_sprintf(arena, "%s\n", after));
}

static void depends_loses_what_is_only_relocated(void **state)
{
	(void)state;
	lab_export("other_weak", "lib/other");
	depends_is_cleared("jbd2,net-sched", "x", "jbd2_start(x) + sched_do(x)", "");
	depends_is_cleared("jbd2,other", "other_weak ? other_weak(x) : 1", "jbd2_start(x)",
			   "other");
	depends_is_cleared("", "x", "x", "");
}

/* A list as long as the symbol table is gone through once, and so is that. */
static void long_depends_take_no_longer(void **state)
{
	clock_t before;

	(void)state;
	lab_livepatch("asm(\".macro label; a_label_\\\\@:; .endm; .rept 60000; label; .endr; \"\n"
		      "\".pushsection .modinfo,\\\"a\\\"; .ascii \\\"depends=\\\"; \"\n"
		      "\".rept 150000; .ascii \\\"a,\\\"; .endr; .asciz \\\"b\\\"; \"\n"
		      "\".asciz \\\"livepatch=Y\\\"; .popsection\");\n",
		      "x", "x", "");
	before = clock();
	converts();
	assert_true(clock() - before < 2 * CLOCKS_PER_SEC);
}

static void names_have_limits(void **state)
{
	char name[600];

	(void)state;
	for (size_t len = 127; len <= 512; len = len == 127 ? 128 : len == 128 ? 511 : len + 1) {
		bool ok_new = len <= 511, ok_old = len <= 127;

		memset(name, 'n', len);
		name[len] = '\0';
		lab_livepatch("extern int klpe_long(int);\n", "klpe_long(x)", "x", "");
		plan.refs.n = 0;
		klp_vec_push(arena, &plan.refs,
			     (struct klp_symref){ "klpe_long", "vmlinux", klp_strdup(arena, name),
						  0, "vmlinux", KLP_HOW_RELOC, "klpp_v" });
		opts.plan = &plan;
		tree.release = "6.1.0-rc1";
		assert_int_equal(convert() == 0, ok_new);
		tree.release = "6.0.19";
		assert_int_equal(convert() == 0, ok_old);
		if (!ok_old && ok_new)
			refused("'klpe_long' characters 127 KSYM_NAME_LEN");
		tree.release = NULL;
		assert_int_equal(convert() == 0, ok_old);
	}
	memset(name, 'm', 56);
	name[56] = '\0';
	opts.plan = NULL;
	tree.release = "6.1.0";
	one_label(klp_sprintf(arena, ".klp.sym.rela.%s.ext4.f,0", name));
	refused("names no object");
}

static void nothing_is_lost_by_accident(void **state)
{
	(void)state;
	lab_livepatch("", "x", "x", "");
	err = (struct klp_error){};
	assert_int_equal(klp_convert(arena, lab_path("in.ko"), lab_path("./fs/../in.ko"), &opts,
				     &stats, &err),
			 KLP_EUSAGE);
	assert_non_null(strstr(err.text, "same file"));
	lab_run("ln -s in.ko link.ko");
	err = (struct klp_error){};
	assert_int_equal(klp_convert(arena, lab_path("in.ko"), lab_path("link.ko"), &opts, &stats,
				     &err),
			 KLP_EUSAGE);
	converts();
	/* twice */
	one_label(".klp.sym.rela.vmlinux.vmlinux.lonely,0");
	converts();
	lab_run("mv out.ko in.ko");
	refused("converted already");
}

/* A plan and annotations beside each other; and both about one symbol. */
static void a_plan_goes_first(void **state)
{
	(void)state;
	lab_livepatch("extern int klpe_a(int), lonely(int), f(int) "
		      "asm(\"\\\".klp.sym.rela.vmlinux.vmlinux.twice,1\\\"\");\n"
		      "struct { void *a; long b; } r[] "
		      "__attribute__((section(\".klp.module_relocs.vmlinux\"))) = "
		      "{ { klpe_a, 2 } };\n",
		      "klpe_a(x) + f(x)", "x", "");
	klp_vec_push(arena, &plan.refs,
		     (struct klp_symref){ "klpe_a", "vmlinux", "twice", 2, "vmlinux", KLP_HOW_RELOC,
					  "klpp_v" });
	opts.plan = &plan;
	refused("'klpe_a'");
	lab_livepatch("extern int klpe_a(int), f(int) "
		      "asm(\"\\\".klp.sym.rela.vmlinux.vmlinux.twice,1\\\"\");\n",
		      "klpe_a(x) + f(x)", "x", "");
	converts();
	assert_int_equal(refers(".klp.rela.vmlinux..text", ".klp.sym.vmlinux.twice,2"), 1);
	assert_int_equal(refers(".klp.rela.vmlinux..text", ".klp.sym.vmlinux.twice,1"), 1);
	/* with a plan nothing is looked up */
	lab_livepatch("extern int lonely(int);\n", "lonely(x)", "x", "");
	refused("'lonely' not planned");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, lab_teardown)
	const struct CMUnitTest tests[] = {
		T(labels_are_read),
		T(a_dot_may_stand_before_the_position),
		T(wrong_labels_are_refused),
		T(ambiguous_ones_are_listed),
		T(arrays_are_read),
		T(wrong_arrays_are_refused),
		T(the_build_is_looked_through),
		T(through_data_and_labels),
		T(what_is_ambiguous_is_refused),
		T(all_that_counts_must_be_there),
		T(weak_ones_with_a_prefix_are_looked_up),
		T(names_of_the_tables_are_checked),
		T(callbacks_lead_too),
		T(who_resolves_must_be_clear),
		T(per_cpu_variables_have_no_references),
		T(init_and_exit_code_refer_to_no_module),
		T(callbacks_are_found_by_place),
		T(statics_are_those_of_the_unit),
		T(globals_are_of_the_object_that_defines_them),
		T(depends_loses_what_is_only_relocated),
		T(long_depends_take_no_longer),
		T(names_have_limits),
		T(nothing_is_lost_by_accident),
		T(a_plan_goes_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
