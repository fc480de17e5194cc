/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For tests of convert: a kernel of two files and three modules, and livepatches against it.
 */
#ifndef KLP_TESTS_LIVEPATCH_LAB_H
#define KLP_TESTS_LIVEPATCH_LAB_H

#include "parsers/symvers.h"
#include "tests/unit/lab.h"
#include "tree/tree.h"

static struct klp_tree tree;

#define KERNEL_ONE                                                                     \
	"int first_of_all; int lonely(int x) { return x; } static int counter = 1;\n"  \
	"__attribute__((noinline)) static int twice(int x) { asm(\"\"); return x + counter++; }\n" \
	"int exported(int x) { return twice(x); }\n"                                   \
	"int odd_name(int x) { static int count = 3; return count++ + x; }\n"          \
	"__attribute__((section(\".init.text\"))) int at_boot(int x) { return x; }\n"
#define KERNEL_TWO                                                                     \
	"static int counter = 2;\n"                                                    \
	"__attribute__((noinline)) static int twice(int x) { asm(\"\"); return x - counter++; }\n" \
	"int other(int x) { return twice(x); }\n"                                      \
	"int in_both; int count; int only_here = 4;\n"                                 \
	"__attribute__((noipa, no_reorder)) static int two_a(int x) { return x; }\n"              \
	"__attribute__((no_reorder)) int two_between(int x) { return x; } static volatile int two_data = 5;\n"    \
	"__attribute__((noipa, no_reorder)) static int two_b(int x) { return x; }\n"              \
	"int two_last(int x) { return two_a(x) + two_b(x) + two_data; }\n"

#define KERNEL_SCRIPT                                                                          \
	"SECTIONS {\n"                                                                         \
	"  . = 0xffffffff81000000;\n"                                                          \
	"  .text : { *(.text .text.*) } .data : { *(.data) } .bss : { *(.bss) }\n"             \
	"  .init.text : { *(.init.text) }\n"                                                   \
	"}\n"

#define MODULE_MARK "char mod[8] __attribute__((section(\".gnu.linkonce.this_module\")));\n"

static inline void lab_export(const char *symbol, const char *module)
{
	struct klp_export *e = klp_new(arena, struct klp_export);

	*e = (struct klp_export){ symbol, module, "EXPORT_SYMBOL", "", 0 };
	klp_map_put(&tree.exports, symbol, e);
}

static inline void lab_module(const char *path, const char *text)
{
	lab_cc("m.o", klp_sprintf(arena, MODULE_MARK "%s", text), "");
	lab_put(path, "", 0);
	lab_run(klp_sprintf(arena, "ld -r -o %s m.o", path));
	klp_vec_push(arena, &tree.modules, klp_strdup(arena, path));
}

static inline void lab_kernel(void)
{
	tree = (struct klp_tree){ .arena = arena, .build = lab, .release = "6.1.170" };
	klp_map_init(&tree.exports, arena);
	lab_cc("one.o", KERNEL_ONE, "");
	lab_cc("two.o", KERNEL_TWO, "");
	lab_put("kernel.lds", KERNEL_SCRIPT, sizeof(KERNEL_SCRIPT) - 1);
	lab_run("ld -T kernel.lds -e lonely -o vmlinux one.o two.o");
	tree.vmlinux = lab_path("vmlinux");
	lab_module("fs/ext4.ko",
		   "__attribute__((noinline)) static int ext4_do(int x) { asm(\"\"); return x; }\n"
		   "int ext4_use(int x) { return ext4_do(x); } int in_both;\n"
		   "__attribute__((section(\".init.text\"))) int ext4_init(void) { return 0; }\n");
	lab_module("fs/jbd2.ko", "int jbd2_start(int x) { return x; } int jbd2_hidden;\n");
	lab_module("net/net-sched.ko", "int sched_do(int x) { return x; }\n");
	lab_export("exported", "vmlinux");
	lab_export("jbd2_start", "fs/jbd2");
	lab_export("sched_do", "net/net-sched");
}

/* include/linux/livepatch.h, with internal members of some length. */
#define LP_STRUCTS                                                                             \
	"struct func { const char *old_name; void *new_func; unsigned long sympos; "           \
	"char internal[128]; };\n"                                                             \
	"struct object { const char *name; struct func *funcs; void *callbacks[4]; "           \
	"char internal[120]; };\n"                                                             \
	"struct patch { void *mod; struct object *objs; void *states; _Bool replace; "         \
	"char internal[200]; };\n"                                                             \
	"char __this_module[8] __attribute__((section(\".gnu.linkonce.this_module\")));\n"

/* klpp_v for vmlinux, klpp_e for ext4. */
#define LP_TABLES                                                                              \
	"static struct func v_funcs[] = { { \"lonely\", klpp_v }, { 0 } };\n"                  \
	"static struct func e_funcs[] = { { \"ext4_use\", klpp_e }, { 0 } };\n"                \
	"static struct object objs[] = { { 0, v_funcs }, { \"ext4\", e_funcs }, { 0 } };\n"    \
	"static struct patch patch = { __this_module, objs };\n"                               \
	"void *keep_patch(void) { return &patch; }\n"

/* in.ko: declarations, and two patched functions that return expressions of x. */
static inline void lab_livepatch(const char *declarations, const char *v, const char *e,
				 const char *flags)
{
	lab_cc("c.o",
	       klp_sprintf(arena,
			   LP_STRUCTS "%s\nint klpp_v(int x) { return %s; }\n"
				      "int klpp_e(int x) { return %s; }\n" LP_TABLES,
			   declarations, v, e),
	       flags);
	lab_run("ld -r -o in.ko c.o");
}

#endif
