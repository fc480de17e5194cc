// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify/verify.h"

#include <elf.h>

#include "elf/image.h"
#include "elf/livepatch.h"
#include "tests/unit/lab.h"

static struct klp_tree tree;
static struct klp_plan plan;
static struct klp_findings findings;

static void export(const char *symbol, const char *module, const char *namespace)
{
	struct klp_export *e = klp_new(arena, struct klp_export);

	*e = (struct klp_export){ symbol, module, "EXPORT_SYMBOL", namespace, 0 };
	klp_map_put(&tree.exports, symbol, e);
}

static const char kernel_text[] =
	"__attribute__((no_instrument_function)) void __fentry__(void) {}\n"
	"static int k;\n"
	"__attribute__((noinline)) static int helper(int x) { asm(\"\"); return x - k++; }\n"
	"int target(int x) { return helper(x); }\n"
	"__attribute__((no_instrument_function)) int quiet(int x) { return target(x); }\n";

static const char other_text[] =
	"static int j;\n"
	"__attribute__((noinline)) static int helper(int x) { asm(\"\"); return x + j++; }\n"
	"int printk(const char *s) { return helper(*s); }\n";

static const char script[] =
	"SECTIONS {\n"
	"  . = 0xffffffff81000000;\n"
	"  .text : { *(.text .text.*) } .rodata : { *(.rodata*) } .data : { *(.data) }\n"
	"  .bss : { *(.bss) }\n"
	"  .init.data : { __start_mcount_loc = .; KEEP(*(__mcount_loc)) __stop_mcount_loc = .; }\n"
	"}\n";

#define MODULE_TEXT(info)                                                                 \
	"__attribute__((section(\".gnu.linkonce.this_module\"), used)) char mod[8];\n"    \
	"__attribute__((section(\".modinfo\"), used)) static const char info[] = \"" info \
	"vermagic=6.1.0 SMP \";\n"

static const char livepatch_text[] = MODULE_TEXT(
	"livepatch=Y\\0depends=\\0license=GPL\\0") "extern int printk(const char *), "
						   "klpe_helper(int), klpe_do(int);\n"
						   "int klpp_target(int x) { return klpe_helper(x) "
						   "+ 1; }\n"
						   "int klpp_probe(int x)\n"
						   "{\n"
						   "	asm(\"1: nop\\n.pushsection __jump_table, "
						   "\\\"aw\\\"\\n.balign 8\\n\"\n"
						   "	    \".long 1b - ., 1b - .\\n.quad mod - "
						   ".\\n.popsection\");\n"
						   "	return klpe_do(x) + printk(\"x\");\n"
						   "}\n";

/* What convert does, in short, so that a test sees verify alone. */
static void make_livepatch(struct klp_image *image, const char *name, const char *new_name,
			   const char *object)
{
	uint32_t text = klp_image_section(image, ".text"),
		 from = klp_image_section(image, ".rela.text");
	struct klp_image_section late = {
		.name = klp_lp_section_name(arena, object, ".text"),
		.type = SHT_RELA,
		.link = image->symtab,
		.info = text,
		.align = 8,
		.flags = SHF_ALLOC | SHF_INFO_LINK | KLP_SHF_RELA_LIVEPATCH,
		.entsize = sizeof(Elf64_Rela),
	};
	struct klp_image_relas all = image->sections.v[from].relas, kept = {};

	for (size_t i = 0; i < all.n; i++) {
		if (!strcmp(image->syms.v[all.v[i].sym].name, name))
			klp_vec_push(arena, &late.relas, all.v[i]);
		else
			klp_vec_push(arena, &kept, all.v[i]);
	}
	assert_true(late.relas.n);
	image->sections.v[from].relas = kept;
	klp_vec_push(arena, &image->sections, late);
	for (size_t i = 0; i < image->syms.n; i++)
		if (!strcmp(image->syms.v[i].name, name)) {
			image->syms.v[i].name = new_name;
			image->syms.v[i].shndx = KLP_SHN_LIVEPATCH;
		}
}

static struct klp_image load(void)
{
	struct klp_error err = {};
	struct klp_image image;

	if (klp_image_load(arena, lab_path("fix.ko"), &image, &err) < 0)
		fail_msg("%s", err.text);
	return image;
}

static void store(const struct klp_image *image)
{
	struct klp_error err = {};

	if (klp_image_write(arena, image, lab_path("fix.ko"), &err) < 0)
		fail_msg("%s", err.text);
}

static void put_livepatch(const char *text)
{
	struct klp_image image;

	lab_cc("fix.o", text, "");
	lab_run("ld -r -o fix.ko fix.o");
	image = load();
	make_livepatch(&image, "klpe_helper", ".klp.sym.vmlinux.helper,1", "vmlinux");
	make_livepatch(&image, "klpe_do", ".klp.sym.ext4.ext4_do,0", "ext4");
	store(&image);
}

static int setup(void **state)
{
	int r = lab_setup(state);

	lab_cc("k.o", kernel_text, LAB_TRACED);
	lab_cc("o.o", other_text, LAB_TRACED);
	lab_put("vmlinux.lds", script, sizeof(script) - 1);
	lab_run("ld -o vmlinux -T vmlinux.lds -e target --no-warn-rwx-segments k.o o.o");
	lab_cc("e.o",
	       MODULE_TEXT("") "__attribute__((noinline)) static int ext4_do(int x) { asm(\"\"); "
			       "return x; }\n"
			       "int probe(int x) { return ext4_do(x); }\n",
	       LAB_TRACED);
	lab_run("ld -r -o ext4.ko e.o");
	tree = (struct klp_tree){
		.arena = arena, .build = lab, .vmlinux = lab_path("vmlinux"), .release = "6.1.0"
	};
	klp_map_init(&tree.exports, arena);
	klp_map_init(&tree.config, arena);
	klp_vec_push(arena, &tree.modules, "ext4.ko");
	export("printk", "vmlinux", "");
	export("jbd2_start", "jbd2", "");
	export("spaced", "vmlinux", "SPACE");
	plan = (struct klp_plan){ .name = "fix" };
	klp_vec_push(arena, &plan.funcs,
		     (struct klp_plan_func){ "ext4", "probe", 0, "klpp_probe" });
	klp_vec_push(arena, &plan.funcs,
		     (struct klp_plan_func){ "vmlinux", "target", 0, "klpp_target" });
	klp_vec_push(arena, &plan.refs,
		     (struct klp_symref){ "klpe_do", "ext4", "ext4_do", 0, "ext4", KLP_HOW_RELOC,
					  "klpp_probe" });
	klp_vec_push(arena, &plan.refs,
		     (struct klp_symref){ "klpe_helper", "vmlinux", "helper", 1, "vmlinux",
					  KLP_HOW_RELOC, "klpp_target" });
	findings = (struct klp_findings){};
	put_livepatch(livepatch_text);
	return r;
}

static void verify(void)
{
	struct klp_error err = {};

	findings = (struct klp_findings){};
	if (klp_verify(arena, lab_path("fix.ko"), &plan, &tree, &findings, &err) < 0)
		fail_msg("%s", err.text);
}

/* Some finding of that code says that; all of severity error have a hint. */
static void finds(const char *code, const char *words)
{
	bool found = false;

	verify();
	for (size_t i = 0; i < findings.n; i++) {
		assert_true(findings.v[i].hint && *findings.v[i].hint);
		found = found ||
			(!strcmp(findings.v[i].code, code) && strstr(findings.v[i].message, words));
	}
	if (!found)
		fail_msg("no %s with '%s' among %zu; the first: %s", code, words, findings.n,
			 findings.n ? findings.v[0].message : "-");
}

static struct klp_image_sym *symbol(struct klp_image *image, const char *name)
{
	for (size_t i = 0; i < image->syms.n; i++)
		if (!strcmp(image->syms.v[i].name, name))
			return &image->syms.v[i];
	fail_msg("no symbol '%s'", name);
	return NULL;
}

static struct klp_image_section *section(struct klp_image *image, const char *name)
{
	uint32_t i = klp_image_section(image, name);

	assert_true(i);
	return &image->sections.v[i];
}

static void rename_symbol(const char *from, const char *to)
{
	struct klp_image image = load();

	symbol(&image, from)->name = to;
	store(&image);
}

static void a_good_one_passes(void **state)
{
	(void)state;
	verify();
	if (findings.n)
		fail_msg("%s", findings.v[0].message);
}

static void modinfo_is_checked(void **state)
{
	(void)state;
#define WITH(info)                                            \
	MODULE_TEXT(info)                                     \
	"extern int klpe_helper(int), klpe_do(int);\n"        \
	"int klpp_target(int x) { return klpe_helper(x); }\n" \
	"int klpp_probe(int x) { return klpe_do(x); }\n"
	put_livepatch(WITH("livepatch=Y\\0"));
	verify();
	assert_int_equal(findings.n, 0);
	put_livepatch(WITH(""));
	finds("KLP-V-LIVEPATCH", "isn't marked");
	assert_int_equal(findings.n, 1);
	put_livepatch(WITH("livepatch=Y\\0depends=jbd2\\0"));
	finds("KLP-V-DEPENDS", "'jbd2'");
	assert_int_equal(findings.n, 1);
	put_livepatch(WITH("livepatch=Y\\0vermagic=6.2.0 SMP \\0"));
	finds("KLP-V-VERMAGIC", "'6.2.0 SMP '");
	assert_int_equal(findings.n, 1);
	/* no other module to compare with: the release must do */
	tree.modules.n = 0;
	plan.funcs.v++;
	plan.funcs.n--;
	finds("KLP-V-VERMAGIC", "not for '6.1.0'");
}

static void undefined_symbols_are_checked(void **state)
{
	struct klp_image image = load();
	struct klp_image_sym more = { .info = ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE) };

	(void)state;
	for (int i = 0; i < 3; i++) {
		more.name = (const char *[]){ "nobodys", "jbd2_start", "spaced" }[i];
		klp_vec_push(arena, &image.syms, more);
	}
	more.name = "weak_one";
	more.info = ELF64_ST_INFO(STB_WEAK, STT_NOTYPE);
	klp_vec_push(arena, &image.syms, more);
	store(&image);
	finds("KLP-V-UNDEFINED", "nobody exports 'nobodys'");
	finds("KLP-V-UNDEFINED", "'jbd2_start' is exported by 'jbd2'");
	finds("KLP-V-UNDEFINED", "namespace 'SPACE'");
	assert_int_equal(findings.n, 3);
}

static void positions_are_checked(void **state)
{
	(void)state;
	rename_symbol(".klp.sym.vmlinux.helper,1", ".klp.sym.vmlinux.helper,0");
	finds("KLP-V-SYMBOL", "isn't unique there");
	rename_symbol(".klp.sym.vmlinux.helper,0", ".klp.sym.vmlinux.helper,3");
	finds("KLP-V-SYMBOL", "isn't there at that position");
	rename_symbol(".klp.sym.vmlinux.helper,3", ".klp.sym.vmlinux.gone,0");
	finds("KLP-V-SYMBOL", "isn't there");
	rename_symbol(".klp.sym.vmlinux.gone,0", ".klp.sym.xfs.helper,0");
	finds("KLP-V-SYMBOL", "'xfs', which isn't in the build");
	rename_symbol(".klp.sym.xfs.helper,0", ".klp.sym.vmlinux.helper");
	finds("KLP-V-SYMBOL", "can't read the name");
	/* right in the kernel, but the other one of the two */
	rename_symbol(".klp.sym.vmlinux.helper", ".klp.sym.vmlinux.helper,2");
	finds("KLP-V-PLAN", "'.klp.sym.vmlinux.helper,2' is not in the plan");
	assert_int_equal(findings.n, 1);
}

static void marks_are_checked(void **state)
{
	struct klp_image image = load();

	(void)state;
	symbol(&image, ".klp.sym.vmlinux.helper,1")->shndx = SHN_UNDEF;
	store(&image);
	finds("KLP-V-SYMBOL", "isn't marked as a livepatch symbol");
	finds("KLP-V-RELOCATION", "is no livepatch symbol");
}

static void names_may_be_long_but_not_too_long(void **state)
{
	char name[600];

	(void)state;
	memset(name, 'a', sizeof(name));
	name[512] = '\0';
	rename_symbol(".klp.sym.vmlinux.helper,1",
		      klp_sprintf(arena, ".klp.sym.vmlinux.%s,0", name));
	finds("KLP-V-SYMBOL", "can't read the name");
	name[511] = '\0';
	put_livepatch(livepatch_text);
	rename_symbol(".klp.sym.vmlinux.helper,1",
		      klp_sprintf(arena, ".klp.sym.vmlinux.%s,0", name));
	finds("KLP-V-SYMBOL", "isn't there");
	put_livepatch(livepatch_text);
	name[56] = '\0';
	rename_symbol(".klp.sym.vmlinux.helper,1", klp_sprintf(arena, ".klp.sym.%s.x,0", name));
	finds("KLP-V-SYMBOL", "can't read the name");
}

static void sections_are_checked(void **state)
{
	struct klp_image image = load();

	(void)state;
	section(&image, ".klp.rela.ext4..text")->flags &= ~(uint64_t)SHF_ALLOC;
	store(&image);
	finds("KLP-V-SECTION", "isn't one that the loader keeps");
	put_livepatch(livepatch_text);
	image = load();
	section(&image, ".klp.rela.ext4..text")->name = ".klp.rela.ext4";
	store(&image);
	finds("KLP-V-SECTION", "names no object and section");
	put_livepatch(livepatch_text);
	plan.funcs.v++;
	plan.funcs.n--;
	finds("KLP-V-SECTION", "patches no function of 'ext4'");
}

static void relocations_are_checked(void **state)
{
	struct klp_image image = load();
	struct klp_image_section *plain = section(&image, ".rela.text"), *late;

	(void)state;
	late = section(&image, ".klp.rela.ext4..text");
	klp_vec_push(arena, &plain->relas, late->relas.v[0]);
	store(&image);
	finds("KLP-V-RELOCATION", "would be applied before '.klp.sym.ext4.ext4_do,0'");
	assert_string_equal(findings.v[0].symbol, "klpp_probe");
	put_livepatch(livepatch_text);
	image = load();
	section(&image, ".klp.rela.vmlinux..text")->name = ".klp.rela.ext4..text.2";
	store(&image);
	finds("KLP-V-RELOCATION", "can't be resolved by section");
	put_livepatch(livepatch_text);
	image = load();
	late = section(&image, ".klp.rela.ext4..text");
	late->info = klp_image_section(&image, "__jump_table");
	late->relas.v[0].offset = 8;
	store(&image);
	finds("KLP-V-RELOCATION",
	      "'klpp_probe' refers to 'ext4_do' of module 'ext4' from section '__jump_table'");
}

static void functions_are_checked(void **state)
{
	(void)state;
	plan.funcs.v[1].old_name = "gone";
	finds("KLP-V-FUNCTION", "isn't there");
	plan.funcs.v[1].old_name = "quiet";
	finds("KLP-V-FUNCTION", "can't be traced");
	plan.funcs.v[1].old_name = "k";
	finds("KLP-V-FUNCTION", "is no function");
	plan.funcs.v[1].old_name = "helper";
	finds("KLP-V-FUNCTION", "isn't unique there");
	plan.funcs.v[1].sympos = 2;
	verify();
	assert_int_equal(findings.n, 0);
	plan.funcs.v[1] = (struct klp_plan_func){ "vmlinux", "target", 1, "klpp_target" };
	verify(); /* 1 is as good as 0 for a unique name */
	assert_int_equal(findings.n, 0);
	plan.funcs.v[1].object = "xfs";
	finds("KLP-V-FUNCTION", "'xfs', which isn't in the build");
}

static void replacements_are_checked(void **state)
{
	(void)state;
	plan.funcs.v[1].new_name = "klpp_gone";
	finds("KLP-V-REPLACEMENT", "'klpp_gone' to replace 'target'");
	plan.funcs.v[1].new_name = "mod";
	finds("KLP-V-REPLACEMENT", "'mod'");
	plan.funcs.v[1].new_name = "printk";
	finds("KLP-V-REPLACEMENT", "'printk'");
}

static void a_missing_signature_is_warned_of(void **state)
{
	(void)state;
	klp_map_put(&tree.config, "CONFIG_MODULE_SIG_FORCE", (void *)(uintptr_t) "y");
	finds("KLP-V-SIGNATURE", "isn't signed yet");
	assert_false(klp_findings_refuse(&findings));
}

static void try_verify(const char *path)
{
	struct klp_error err = {};

	findings = (struct klp_findings){};
	if (klp_verify(arena, path, &plan, &tree, &findings, &err) < 0)
		assert_string_not_equal(err.text, "");
}

static void hostile_files_do_no_harm(void **state)
{
	(void)state;
	lab_torture("fix.ko", try_verify);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, lab_teardown)
	const struct CMUnitTest tests[] = {
		T(a_good_one_passes),
		T(modinfo_is_checked),
		T(undefined_symbols_are_checked),
		T(positions_are_checked),
		T(marks_are_checked),
		T(names_may_be_long_but_not_too_long),
		T(sections_are_checked),
		T(relocations_are_checked),
		T(functions_are_checked),
		T(replacements_are_checked),
		T(a_missing_signature_is_warned_of),
		T(hostile_files_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
