// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify/verify.h"

#include <elf.h>

#include "elf/image.h"
#include "elf/livepatch.h"
#include "elf/symtabs.h"
#include "tests/unit/lab.h"

static struct klp_tree tree;
static struct klp_plan plan;
static bool planned; /* the plan is given */
static struct klp_symtabs symtabs;
static struct klp_findings findings, notes; /* of the last question */

static struct klp_export *export(const char *symbol, const char *module, const char *namespace)
{
	struct klp_export *e = klp_new(arena, struct klp_export);

	*e = (struct klp_export){ symbol, module, "EXPORT_SYMBOL", namespace, 0 };
	klp_map_put(&tree.exports, symbol, e);
	return e;
}

static const char kernel_text[] =
	"__attribute__((no_instrument_function)) void __fentry__(void) {}\n"
	"static int k;\n"
	"__attribute__((noinline)) static int helper(int x) { asm(\"\"); return x - k++; }\n"
	"int target(int x) { return helper(x); }\n"
	"__attribute__((no_instrument_function)) int quiet(int x) { return target(x); }\n"
	"extern int also_target(int x) __attribute__((alias(\"target\")));\n"
	"void forever(void) { for (;;) target(k); }\n"
	"__attribute__((section(\".init.text\"))) int early_one(int x) { return x; }\n";

static const char other_text[] =
	"static int j;\n"
	"__attribute__((noinline)) static int helper(int x) { asm(\"\"); return x + j++; }\n"
	"int printk(const char *s) { return helper(*s); }\n";

static const char script[] =
	"SECTIONS {\n"
	"  . = 0xffffffff81000000;\n"
	"  .text : { *(.text .text.*) } .rodata : { *(.rodata*) } .data : { *(.data) }\n"
	"  .bss : { *(.bss) }\n"
	"  .init.text : { *(.init.text) }\n"
	"  .init.data : { __start_mcount_loc = .; KEEP(*(__mcount_loc)) __stop_mcount_loc = .; }\n"
	"}\n";

#define MODULE_TEXT(info)                                                                          \
	"int init_module(void);\n"                                                                 \
	"__attribute__((section(\".gnu.linkonce.this_module\"), used)) void *__this_module[] = { " \
	"init_module };\n"                                                                         \
	"__attribute__((section(\".modinfo\"), used)) static const char info[] = \"" info          \
	"vermagic=6.4.0 SMP \";\n"

#define STRUCTS                                                                                \
	"struct func { const char *old_name; void *new_func; unsigned long sympos; "           \
	"char internal[128]; };\n"                                                             \
	"struct object { const char *name; struct func *funcs; void *callbacks[4]; "           \
	"char internal[120]; };\n"                                                             \
	"struct state { unsigned long id; unsigned int version; void *data; };\n"              \
	"struct patch { void *mod; struct object *objs; struct state *states; _Bool replace; " \
	"char internal[200]; };\n"

/* vmlinux and its functions, ext4 and its, and whether it replaces others */
#define TABLES_OF(vmlinux, in_vmlinux, ext4, in_ext4, replace)                  \
	STRUCTS "static struct func of_vmlinux[] = { " in_vmlinux "{ 0 } };\n"  \
		"static struct func of_ext4[] = { " in_ext4 "{ 0 } };\n"        \
		"static struct object objs[] = { { " vmlinux ", of_vmlinux }, " \
		"{ " ext4 ", of_ext4 }, { 0 } };\n"                             \
		"struct patch patch = { __this_module, objs, 0, " replace " };\n" ENABLE
#define ENABLE                                                             \
	"int klp_enable_patch(struct patch *patch);\n"                     \
	"__attribute__((section(\".init.text\"))) int init_module(void)\n" \
	"{ return klp_enable_patch(&patch); }\n"
#define TARGET "{ \"target\", klpp_target }, "
#define PROBE  "{ \"probe\", klpp_probe }, "
#define TABLES TABLES_OF("0", TARGET, "\"ext4\"", PROBE, "0")

#define MODULE_OK MODULE_TEXT("livepatch=Y\\0depends=\\0license=GPL\\0")
#define CODE                                                                        \
	"extern int printk(const char *), klpe_helper(int), klpe_do(int);\n"        \
	"int klpp_target(int x) { return klpe_helper(x) + 1; }\n"                   \
	"int klpp_probe(int x)\n"                                                   \
	"{\n"                                                                       \
	"	asm(\"1: nop\\n.pushsection __jump_table, \\\"aw\\\"\\n.balign 8\\n\"\n"  \
	"	    \".long 1b - ., 1b - .\\n.quad __this_module - .\\n.popsection\");\n" \
	"	return klpe_do(x) + printk(\"x\");\n"                                     \
	"}\n"

static const char livepatch_text[] = MODULE_OK CODE TABLES;

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

static const char *livepatch_flags = "";

static void put_livepatch(const char *text)
{
	struct klp_image image;

	lab_cc("fix.o", text, livepatch_flags);
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
	       MODULE_TEXT("") "int init_module(void) { return 0; }\n"
			       "__attribute__((noinline)) static int ext4_do(int x) { asm(\"\"); "
			       "return x; }\n"
			       "int probe(int x) { return ext4_do(x); }\n",
	       LAB_TRACED);
	lab_run("ld -r -o ext4.ko e.o");
	tree = (struct klp_tree){
		.arena = arena, .build = lab, .vmlinux = lab_path("vmlinux"), .release = "6.4.0"
	};
	klp_map_init(&tree.exports, arena);
	klp_map_init(&tree.config, arena);
	klp_vec_push(arena, &tree.modules, "ext4.ko");
	klp_map_put(&tree.config, "CONFIG_MODULES", (void *)(uintptr_t) "y");
	export("klp_enable_patch", "vmlinux", "");
	export("printk", "vmlinux", "");
	export("jbd2_start", "jbd2", "");
	export("spaced", "vmlinux", "SPACE");
	planned = true;
	klp_symtabs_init(&symtabs, arena);
	plan = (struct klp_plan){ .name = "fix", .no_replace = true };
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
	const struct klp_verify_opts opts = { &tree, &symtabs, planned ? &plan : NULL };
	struct klp_error err = {};

	findings = (struct klp_findings){};
	struct klp_findings all = {};

	if (klp_verify(arena, lab_path("fix.ko"), &opts, NULL, &all, &err) < 0)
		fail_msg("%s", err.text);
	notes = (struct klp_findings){};
	for (size_t i = 0; i < all.n; i++) {
		struct klp_findings *list = all.v[i].severity == KLP_NOTE ? &notes : &findings;

		klp_vec_push(arena, list, all.v[i]);
	}
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

static const char *kernel_says(const char *code)
{
	for (size_t i = 0; i < findings.n; i++)
		if (!strcmp(findings.v[i].code, code))
			return findings.v[i].kernel ? findings.v[i].kernel : "";
	return "";
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
	"int klpp_probe(int x) { return klpe_do(x); }\n" TABLES
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
	finds("KLP-V-VERMAGIC", "not for '6.4.0'");
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
	for (size_t i = 0; i < findings.n; i++)
		if (!strcmp(findings.v[i].symbol, "jbd2_start"))
			assert_string_equal(findings.v[i].kernel,
					    "fix: Unknown symbol jbd2_start (err -2)");
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
	tree.release = "5.15.0"; /* half as much is read before 6.1 */
	put_livepatch(livepatch_text);
	rename_symbol(".klp.sym.vmlinux.helper,1",
		      klp_sprintf(arena, ".klp.sym.vmlinux.%.128s,0", name));
	finds("KLP-V-SYMBOL", "can't read the name");
	assert_non_null(strstr(kernel_says("KLP-V-SYMBOL"), "incorrectly formatted name"));
	tree.release = NULL; /* which one it is can't be said then */
	finds("KLP-V-SYMBOL", "127");
	assert_string_equal(kernel_says("KLP-V-SYMBOL"), "");
	tree.release = "6.4.0";
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
	assert_string_equal(kernel_says("KLP-V-SECTION"), ""); /* it takes that for 'ext4' */
	put_livepatch(livepatch_text);
	image = load();
	section(&image, ".klp.rela.ext4..text")->name = ".klp.rela..ext4.text";
	store(&image);
	finds("KLP-V-SECTION", "names no object and section");
	assert_non_null(strstr(kernel_says("KLP-V-SECTION"), "incorrectly formatted name"));
	put_livepatch(livepatch_text);
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

/* A livepatch with other tables; of the plan nothing is known. */
#define PUT_TABLES(...)	    (planned = false, put_livepatch(MODULE_OK CODE __VA_ARGS__))
#define PUT_TARGET(entries) PUT_TABLES(TABLES_OF("0", entries, "\"ext4\"", PROBE, "0"))
#define PUT_OBJECT(name)    PUT_TABLES(TABLES_OF("0", TARGET, name, PROBE, "0"))

static void functions_are_checked(void **state)
{
	(void)state;
	PUT_TARGET("{ \"gone\", klpp_target }, ");
	finds("KLP-V-FUNCTION", "isn't there");
	assert_int_equal(findings.n, 1);
	assert_string_equal(kernel_says("KLP-V-FUNCTION"),
			    "livepatch: symbol 'gone' not found in symbol table");
	PUT_TARGET("{ \"quiet\", klpp_target }, ");
	finds("KLP-V-FUNCTION", "can't be traced");
	assert_string_equal(kernel_says("KLP-V-FUNCTION"),
			    "livepatch: failed to find location for function 'quiet'");
	PUT_TARGET("{ \"k\", klpp_target }, ");
	finds("KLP-V-FUNCTION", "is no function");
	PUT_TARGET("{ \"helper\", klpp_target }, ");
	finds("KLP-V-FUNCTION", "isn't unique there");
	assert_string_equal(kernel_says("KLP-V-FUNCTION"),
			    "livepatch: unresolvable ambiguity for symbol 'helper' in object "
			    "'(null)'");
	PUT_TARGET("{ \"helper\", klpp_target, 2 }, ");
	verify();
	assert_int_equal(findings.n, 0);
	PUT_TARGET("{ \"helper\", klpp_target, 7 }, ");
	finds("KLP-V-FUNCTION", "at that position");
	assert_string_equal(kernel_says("KLP-V-FUNCTION"),
			    "livepatch: symbol position 7 for symbol 'helper' in object 'vmlinux' "
			    "not found");
	PUT_TARGET("{ \"target\", klpp_target, 1 }, ");
	verify(); /* 1 is as good as 0 for a unique name */
	assert_int_equal(findings.n, 0);
	PUT_TARGET("{ 0, klpp_target }, ");
	finds("KLP-V-FUNCTION", "has no old_name");
	assert_int_equal(findings.n, 1);
}

static void long_function_names(void **state)
{
	char name[600] = {};

	(void)state;
	memset(name, 'a', 512);
	PUT_TARGET("{ 0, klpp_target }, ");
	planned = false;
	put_livepatch(klp_sprintf(
		arena, "%s%s%s%s%s", MODULE_OK CODE STRUCTS "static struct func f[] = { { \"", name,
		"\", klpp_target }, { 0 } };\n"
		"static struct func g[] = { " PROBE "{ 0 } };\n",
		"static struct object objs[] = { { 0, f }, { \"ext4\", g }, { 0 } };\n",
		"struct patch patch = { __this_module, objs };\n" ENABLE));
	finds("KLP-V-FUNCTION", "512 characters");
	assert_int_equal(findings.n, 1);
}

static void objects_are_checked(void **state)
{
	(void)state;
	PUT_OBJECT("\"vmlinux\"");
	finds("KLP-V-OBJECT", "waits for a module of that name");
	PUT_OBJECT("\"fs/ext4\"");
	finds("KLP-V-OBJECT", "is a path");
	PUT_OBJECT("\"ext4.ko\"");
	finds("KLP-V-OBJECT", "is a file's name");
	PUT_OBJECT("\"my-mod\"");
	finds("KLP-V-OBJECT", "has a '-'");
	PUT_OBJECT("\"a.b\"");
	finds("KLP-V-OBJECT", "has a '.'");
	PUT_OBJECT("\"\"");
	finds("KLP-V-OBJECT", "is empty");
	PUT_OBJECT("\"a23456789b123456789c123456789d123456789e123456789f123456\"");
	finds("KLP-V-OBJECT", "is longer");
	PUT_OBJECT("\"xfs\"");
	finds("KLP-V-OBJECT", "object 'xfs' isn't in the build");
	/* and what refers to ext4 is never resolved */
	finds("KLP-V-SECTION", "patches no function of 'ext4'");
	PUT_TABLES(STRUCTS "static struct func f[] = { " TARGET "{ 0 } };\n"
			   "static struct object objs[] = { { 0, f }, { \"ext4\", 0 }, { 0 } };\n"
			   "struct patch patch = { __this_module, objs };\n" ENABLE);
	finds("KLP-V-OBJECT", "not even an empty array");
	assert_int_equal(findings.n, 1);
}

static void replacements_are_checked(void **state)
{
	(void)state;
	PUT_TARGET("{ \"target\", 0 }, ");
	finds("KLP-V-REPLACEMENT", "'target' has no new function");
	PUT_TARGET("{ \"target\", __this_module }, ");
	finds("KLP-V-REPLACEMENT", "no code");
	PUT_TARGET("{ \"target\", printk }, ");
	finds("KLP-V-REPLACEMENT", "outside of the module");
	PUT_TARGET("{ \"target\", (char *)klpp_target + 1 }, ");
	finds("KLP-V-REPLACEMENT", "no function begins");
	PUT_TABLES("__attribute__((section(\".init.text\"))) int once(int x) { return x; "
		   "}\n" TABLES_OF("0", "{ \"target\", once }, ", "\"ext4\"", PROBE, "0"));
	finds("KLP-V-REPLACEMENT", "init code");
	finds("KLP-V-INIT", "refers to 'once'");
	assert_int_equal(findings.n, 2);
}

static void tables_must_be_readable(void **state)
{
	(void)state;
	PUT_TABLES(STRUCTS "struct patch patch;\n" ENABLE);
	finds("KLP-V-TABLES", "no klp_patch can be read");
	assert_int_equal(findings.n, 1);
}

static void nothing_is_patched_twice(void **state)
{
	(void)state;
	PUT_TARGET(TARGET "{ \"target\", klpp_probe, 1 }, ");
	finds("KLP-V-TWICE", "patched twice, by 'klpp_target' and by 'klpp_probe'");
	assert_int_equal(findings.n, 1);
	assert_string_equal(kernel_says("KLP-V-TWICE"),
			    "kobject_add_internal failed for target,1 with -EEXIST");
	PUT_TABLES(TABLES_OF("\"ext4\"", PROBE, "\"ext4\"", "", "0"));
	finds("KLP-V-TWICE", "object 'ext4' is there twice");
	assert_int_equal(findings.n, 1);
}

/* The module NAME with those states, as it is read. */
static struct klp_livepatch read(const char *name, const char *states, const char *replace)
{
	struct klp_livepatch livepatch;
	struct klp_error err = {};

	planned = false;
	put_livepatch(
		klp_sprintf(arena,
			    MODULE_TEXT("livepatch=Y\\0name=%s\\0license=GPL\\0") CODE STRUCTS
			    "static struct func f[] = { " TARGET "{ 0 } };\n"
			    "static struct func g[] = { " PROBE "{ 0 } };\n"
			    "static struct object objs[] = { { 0, f }, { \"ext4\", g }, { 0 } };\n"
			    "static struct state states[] = { %s{ 0 } };\n"
			    "struct patch patch = { __this_module, objs, states, %s };\n" ENABLE,
			    name, states, replace));
	if (klp_verify_read(arena, lab_path("fix.ko"), &livepatch, &err) < 0)
		fail_msg("%s", err.text);
	assert_true(livepatch.readable);
	assert_string_equal(livepatch.name, name);
	return livepatch;
}

static void together(const struct klp_livepatches *modules)
{
	findings = (struct klp_findings){};
	klp_verify_together(arena, modules, &findings);
}

static void two_livepatches_are_held_together(void **state)
{
	struct klp_livepatches both = {};

	(void)state;
	klp_vec_push(arena, &both, read("a", "", "1"));
	klp_vec_push(arena, &both, read("b", "", "1"));
	together(&both);
	assert_int_equal(findings.n, 0);
	both.v[1] = read("b", "", "0"); /* the one that is loaded second */
	together(&both);
	assert_int_equal(findings.n, 2);
	assert_string_equal(findings.v[0].code, "KLP-V-TWICE");
	assert_non_null(strstr(findings.v[0].message, "'target' of 'vmlinux'"));
	assert_non_null(strstr(findings.v[1].message, "'probe' of 'ext4'"));
	both.v[1] = read("a", "", "1");
	together(&both);
	assert_int_equal(findings.n, 1);
	assert_non_null(strstr(findings.v[0].message, "two livepatches are called 'a'"));
}

/* What was replaced is no longer there to be in the way. */
static void a_chain_of_livepatches(void **state)
{
	struct klp_livepatches chain = {};

	(void)state;
	klp_vec_push(arena, &chain, read("a", "{ 7, 3 }, ", "0"));
	klp_vec_push(arena, &chain, read("b", "{ 7, 3 }, ", "1"));
	klp_vec_push(arena, &chain, read("c", "{ 7, 4 }, ", "0"));
	together(&chain);
	assert_int_equal(findings.n, 2); /* of b and c; a is gone */
	assert_non_null(strstr(findings.v[0].message, "is patched by 'b' and again by 'c'"));
}

static void states_are_compared(void **state)
{
	struct klp_livepatches both = {};

	(void)state;
	klp_vec_push(arena, &both, read("a", "{ 7, 3 }, { 8, 1 }, ", "0"));
	klp_vec_push(arena, &both, read("b", "{ 7, 2 }, ", "1"));
	together(&both);
	assert_int_equal(findings.n, 2);
	assert_string_equal(findings.v[0].code, "KLP-V-STATE");
	assert_non_null(strstr(findings.v[0].message, "state 7 has version 3 there, and 2 here"));
	assert_non_null(
		strstr(findings.v[1].message, "state 8 has version 1 there, and is missing"));
	assert_non_null(
		strstr(findings.v[0].kernel, "is not compatible with the already installed"));
	both.v[1] = read("b", "{ 7, 3 }, { 8, 2 }, ", "1");
	together(&both);
	assert_int_equal(findings.n, 0);
}

static void enabling_is_checked(void **state)
{
	struct klp_image image;

	(void)state;
	planned = false;
	image = load();
	section(&image, ".rela.gnu.linkonce.this_module")->relas.n = 0;
	store(&image);
	finds("KLP-V-ENABLE", "no init function");
	put_livepatch(livepatch_text);
	rename_symbol("klp_enable_patch", "klp_disable_patch");
	finds("KLP-V-ENABLE", "nothing calls klp_enable_patch()");
	PUT_TABLES(TABLES_OF("0", "", "\"ext4\"", "", "0"));
	finds("KLP-V-ENABLE", "neither a function to patch nor a callback");
}

static void tables_that_code_changes_are_warned_of(void **state)
{
	(void)state;
	PUT_TABLES(TABLES "void later(void) { patch.replace = 1; }\n");
	finds("KLP-V-TABLES", "'later' refers into the tables");
	assert_int_equal(findings.n, 1);
	assert_false(klp_findings_refuse(&findings));
	/* other tools' modules that have no tables in their data are known by their sections */
	PUT_TABLES(STRUCTS
		   "struct patch patch;\n"
		   "__attribute__((section(\".kpatch.funcs\"), used)) static int f = 1;\n" ENABLE);
	finds("KLP-V-TABLES", "from section '.kpatch.funcs'");
	assert_false(klp_findings_refuse(&findings));
}

static void one_function_of_two_names(void **state)
{
	(void)state;
	PUT_TARGET("{ \"target\", klpp_target }, { \"also_target\", klpp_probe }, ");
	finds("KLP-V-TWICE", "'target' and 'also_target' of 'vmlinux' are one function");
	assert_int_equal(findings.n, 1);
}

static void weak_references_are_checked(void **state)
{
	(void)state;
	planned = false;
	put_livepatch(MODULE_OK CODE "extern int quiet(int) __attribute__((weak));\n"
				     "int use(void) { return quiet ? quiet(1) : 0; }\n" TABLES);
	finds("KLP-V-UNDEFINED", "'quiet' is weak and not exported");
	assert_int_equal(findings.n, 1);
	assert_false(klp_findings_refuse(&findings));
	put_livepatch(MODULE_OK CODE "extern int spaced(int) __attribute__((weak));\n"
				     "int use(void) { return spaced ? spaced(1) : 0; }\n" TABLES);
	finds("KLP-V-UNDEFINED", "namespace 'SPACE'");
	assert_true(klp_findings_refuse(&findings));
	/* what needs a licence isn't found at all, which a weak one may be */
	export("spaced", "vmlinux", "")->type = "EXPORT_SYMBOL_GPL";
	put_livepatch(MODULE_TEXT("livepatch=Y\\0license=BSD\\0") CODE
		      "extern int spaced(int) __attribute__((weak));\n"
		      "int use(void) { return spaced ? spaced(1) : 0; }\n" TABLES);
	finds("KLP-V-UNDEFINED", "the reference is weak, and stays NULL");
	assert_string_equal(kernel_says("KLP-V-UNDEFINED"), "");
	assert_false(klp_findings_refuse(&findings));
}

static void the_file_is_checked(void **state)
{
	struct klp_image image;

	(void)state;
	planned = false;
	image = load();
	section(&image, ".rela.text")->relas.v[0].offset = 0x7000000;
	store(&image);
	finds("KLP-V-ELF", "lies at 0x7000000, outside of it");
	put_livepatch(livepatch_text);
	image = load();
	section(&image, ".rela.text")->relas.v[0].type = 99;
	store(&image);
	finds("KLP-V-ELF", "relocation of type 99");
	put_livepatch(livepatch_text);
	image = load();
	section(&image, ".rela.text")->relas.v[0].offset -= 1; /* at the opcode */
	store(&image);
	finds("KLP-V-ELF", "isn't empty");
	put_livepatch(livepatch_text);
	image = load();
	klp_vec_push(arena, &section(&image, ".rela.text")->relas,
		     section(&image, ".rela.text")->relas.v[0]);
	store(&image);
	finds("KLP-V-ELF", "isn't empty");
	put_livepatch(livepatch_text);
	image = load();
	symbol(&image, "printk")->shndx = SHN_COMMON;
	store(&image);
	finds("KLP-V-ELF", "'printk' is a common symbol");
	put_livepatch(livepatch_text);
	image = load();
	image.machine = EM_AARCH64;
	store(&image);
	finds("KLP-V-ELF", "for machine 183, the kernel for 62");
	put_livepatch(livepatch_text);
	image = load();
	section(&image, ".modinfo")->flags = 0;
	store(&image);
	finds("KLP-V-ELF", "doesn't find section '.modinfo'");
	assert_string_equal(kernel_says("KLP-V-ELF"), "");
	put_livepatch(livepatch_text);
	image = load();
	section(&image, ".gnu.linkonce.this_module")->flags = 0;
	store(&image);
	finds("KLP-V-ELF", "doesn't find section '.gnu.linkonce.this_module'");
	assert_string_equal(kernel_says("KLP-V-ELF"), "fix: No module found in object");
	put_livepatch(livepatch_text);
	klp_map_put(&tree.config, "CONFIG_STRICT_MODULE_RWX", (void *)(uintptr_t) "y");
	image = load();
	section(&image, ".text")->flags |= SHF_WRITE;
	store(&image);
	finds("KLP-V-ELF", "section '.text' is code and can be written to");
}

/* A build whose .config wasn't kept: the exports say whether there are versions. */
static void without_a_config(void **state)
{
	(void)state;
	planned = false;
	klp_map_init(&tree.config, arena);
	verify();
	assert_int_equal(findings.n, 0);
	assert_string_equal(notes.v[0].code, "KLP-NO-CONFIG");
	export("printk", "vmlinux", "")->crc = 0xabcdef01;
	finds("KLP-V-VERSION", "no symbol versions");
}

/* Where the configuration lets them be missing the kernel warns only. */
static void namespaces_may_be_optional(void **state)
{
	(void)state;
	planned = false;
	export("printk", "vmlinux", "SPACE");
	finds("KLP-V-UNDEFINED", "namespace 'SPACE'");
	assert_true(klp_findings_refuse(&findings));
	klp_map_put(&tree.config, "CONFIG_MODULE_ALLOW_MISSING_NAMESPACE_IMPORTS",
		    (void *)(uintptr_t) "y");
	finds("KLP-V-UNDEFINED", "namespace 'SPACE'");
	assert_false(klp_findings_refuse(&findings));
}

/* Since 5.8 a module's section can't refer to vmlinux. */
static void sections_of_older_kernels(void **state)
{
	struct klp_image image;

	(void)state;
	planned = false;
	image = load();
	section(&image, ".klp.rela.vmlinux..text")->name = ".klp.rela.ext4..text.2";
	store(&image);
	finds("KLP-V-RELOCATION", "can't be resolved by section");
	tree.release = "5.4.0";
	verify();
	for (size_t i = 0; i < findings.n; i++)
		assert_string_not_equal(findings.v[i].code, "KLP-V-RELOCATION");
}

static void percpu_pointers_are_refused(void **state)
{
	(void)state;
	PUT_TABLES("static int own;\n__attribute__((section(\".data..percpu\"))) int *pointer = "
		   "&own;\n" TABLES);
	finds("KLP-V-ELF", "per-CPU variable in '.data..percpu' has a pointer");
	assert_int_equal(findings.n, 1);
}

/* A module's section is applied when that module comes: another one's symbols need not be there. */
static void objects_of_sections_and_symbols(void **state)
{
	static const char other[] = MODULE_TEXT(
		"depends=%s\\0") "int init_module(void) { return 0; }\n"
				 "__attribute__((noinline)) static int jbd2_do(int x) { asm(\"\"); "
				 "return x; }\nint jbd2_probe(int x) { return jbd2_do(x); }\n";

	(void)state;
	lab_cc("j.o", klp_sprintf(arena, other, ""), LAB_TRACED);
	lab_run("ld -r -o jbd2.ko j.o");
	klp_vec_push(arena, &tree.modules, "jbd2.ko");
	planned = false;
	rename_symbol(".klp.sym.ext4.ext4_do,0", ".klp.sym.jbd2.jbd2_do,0");
	finds("KLP-V-RELOCATION",
	      "can't be resolved by section '.klp.rela.ext4..text': module 'ext4' doesn't depend "
	      "on 'jbd2'");
	assert_non_null(strstr(findings.v[0].hint, "without what that module has"));
	/* unless it depends on it */
	lab_cc("e.o", klp_sprintf(arena, other, "xfs,jbd2"), LAB_TRACED);
	lab_run("ld -r -o ext4.ko e.o");
	klp_symtabs_init(&symtabs, arena);
	PUT_OBJECT("\"ext4\"");
	rename_symbol(".klp.sym.ext4.ext4_do,0", ".klp.sym.jbd2.jbd2_do,0");
	verify();
	for (size_t i = 0; i < findings.n; i++)
		assert_string_not_equal(findings.v[i].code, "KLP-V-RELOCATION");
}

/* What only the plan tells of: symbols that the module looks up for itself. */
static void pointers_lead_to_what_is_there(void **state)
{
	static const char other[] =
		MODULE_TEXT("depends=%s\\0") "int init_module(void) { return 0; }\n"
					     "int jbd2_do(int x) { return x; }\n";
	struct klp_symref *pointer;

	(void)state;
	lab_cc("j.o", klp_sprintf(arena, other, ""), LAB_TRACED);
	lab_run("ld -r -o jbd2.ko j.o");
	klp_vec_push(arena, &tree.modules, "jbd2.ko");
	klp_vec_push(arena, &plan.refs,
		     (struct klp_symref){ "klpe_ext4_do", "ext4", "ext4_do", 0, "ext4",
					  KLP_HOW_KALLSYMS, "klpp_probe" });
	pointer = &plan.refs.v[plan.refs.n - 1];
	verify();
	assert_int_equal(findings.n, 0);
	pointer->symbol = "gone";
	finds("KLP-V-POINTER", "which 'klpe_ext4_do' is to point to, isn't there");
	pointer->object = "vmlinux";
	pointer->symbol = "helper";
	finds("KLP-V-POINTER", "isn't unique there");
	pointer->sympos = 2;
	verify();
	assert_int_equal(findings.n, 0);
	pointer->sympos = 3;
	finds("KLP-V-POINTER", "isn't there at that position");
	pointer->sympos = 0;
	pointer->symbol = "early_one";
	finds("KLP-V-POINTER", "whose memory was freed");
	pointer->object = "xfs";
	finds("KLP-V-POINTER", "that isn't in the build");
	/* of a module that may be absent, or go, while the other one is there */
	pointer->object = "jbd2";
	pointer->symbol = "jbd2_do";
	finds("KLP-V-POINTER", "module 'ext4' doesn't depend on 'jbd2'");
	assert_int_equal(findings.n, 1);
	pointer->section_object = "vmlinux";
	finds("KLP-V-POINTER", "module 'jbd2' need not be loaded");
	assert_int_equal(findings.n, 1);
	/* unless that depends on it */
	pointer->section_object = "ext4";
	lab_cc("e.o", klp_sprintf(arena, other, "xfs,jbd2"), LAB_TRACED);
	lab_run("ld -r -o ext4.ko e.o");
	klp_symtabs_init(&symtabs, arena);
	verify();
	for (size_t i = 0; i < findings.n; i++)
		assert_string_not_equal(findings.v[i].code, "KLP-V-POINTER");
}

static void references_are_read_by_function(void **state)
{
	struct klp_livepatch livepatch = read("a", "", "0");
	const struct klp_table_reference *r = livepatch.references.v;

	(void)state;
	assert_int_equal(livepatch.references.n, 2);
	assert_string_equal(r[0].function, "klpp_probe");
	assert_string_equal(r[0].object, "ext4");
	assert_string_equal(r[0].symbol, "ext4_do");
	assert_string_equal(r[0].section_object, "ext4");
	assert_int_equal(r[0].count, 1);
	assert_string_equal(r[1].function, "klpp_target");
	assert_int_equal(r[1].sympos, 1);
}

static void licences_are_checked(void **state)
{
	(void)state;
	export("printk", "vmlinux", "")->type = "EXPORT_SYMBOL_GPL";
	verify();
	assert_int_equal(findings.n, 0);
	planned = false;
	put_livepatch(MODULE_TEXT("livepatch=Y\\0license=Proprietary\\0") CODE TABLES);
	finds("KLP-V-UNDEFINED", "GPL-compatible licence");
	assert_int_equal(findings.n, 1);
	assert_string_equal(kernel_says("KLP-V-UNDEFINED"), "fix: Unknown symbol printk (err -2)");
	put_livepatch(MODULE_TEXT("livepatch=Y\\0") CODE TABLES);
	finds("KLP-V-UNDEFINED", "GPL-compatible licence");
}

#define VERSIONS(crc)                                                      \
	"static struct { unsigned long crc; char name[56]; } versions[]\n" \
	"	__attribute__((section(\"__versions\"), used)) = {\n"            \
	"	{ 0x1234, \"module_layout\" }, { " crc ", \"printk\" } };\n"

static void versions_are_checked(void **state)
{
	struct klp_image image;

	(void)state;
	planned = false;
	klp_map_put(&tree.config, "CONFIG_MODVERSIONS", (void *)(uintptr_t) "y");
	export("module_layout", "vmlinux", "")->crc = 0x1234;
	export("printk", "vmlinux", "")->crc = 0xabcdef01;
	finds("KLP-V-VERSION", "no symbol versions");
	put_livepatch(MODULE_OK CODE VERSIONS("0xabcdef01") TABLES);
	verify();
	assert_int_equal(findings.n, 0);
	image = load();
	section(&image, "__versions")->flags = 0;
	store(&image);
	finds("KLP-V-VERSION", "no symbol versions");
	put_livepatch(MODULE_OK CODE VERSIONS("0xabcdef02") TABLES);
	finds("KLP-V-VERSION", "version abcdef02 in the module and abcdef01");
	assert_int_equal(findings.n, 1);
	assert_string_equal(kernel_says("KLP-V-VERSION"),
			    "fix: disagrees about version of symbol printk");
	export("module_layout", "vmlinux", "")->crc = 0x1235;
	finds("KLP-V-VERSION", "'module_layout'");
	put_livepatch(MODULE_OK CODE
		      "int spaced(void); int use(void) { return spaced(); }\n" VERSIONS(
			      "0xabcdef01") TABLES);
	export("module_layout", "vmlinux", "")->crc = 0x1234;
	export("spaced", "vmlinux", "")->crc = 5;
	finds("KLP-V-VERSION", "no version of 'spaced'");
	assert_string_equal(kernel_says("KLP-V-VERSION"), "fix: no symbol version for spaced");
}

/* Names of any length are in sections of their own since 6.14. */
static void extended_versions_are_read(void **state)
{
	(void)state;
	planned = false;
	klp_map_put(&tree.config, "CONFIG_MODVERSIONS", (void *)(uintptr_t) "y");
	export("module_layout", "vmlinux", "")->crc = 0x1234;
	export("printk", "vmlinux", "")->crc = 0xabcdef01;
#define EXTENDED(crc)                                                                            \
	"static unsigned int crcs[] __attribute__((section(\"__version_ext_crcs\"), used)) = { " \
	"0x1234, " crc " };\n"                                                                   \
	"static char names[] __attribute__((section(\"__version_ext_names\"), used)) = "         \
	"\"module_layout\\0printk\";\n"
	put_livepatch(MODULE_OK CODE EXTENDED("0xabcdef01") TABLES);
	verify();
	assert_int_equal(findings.n, 0);
	put_livepatch(MODULE_OK CODE EXTENDED("7") TABLES);
	finds("KLP-V-VERSION", "version 00000007 in the module");
	assert_int_equal(findings.n, 1);
}

static void init_memory_is_kept_away_from(void **state)
{
	struct klp_image image;

	(void)state;
	planned = false;
	put_livepatch(MODULE_OK CODE "__attribute__((section(\".init.data\"))) int at_boot;\n"
				     "int klpp_more(void) { return at_boot; }\n" TABLES);
	finds("KLP-V-INIT", "'klpp_more' refers to 'at_boot' of the livepatch");
	assert_int_equal(findings.n, 1);
	/* the same from the init code itself is as it should be */
	put_livepatch(MODULE_OK CODE "__attribute__((section(\".init.data\"))) int at_boot;\n"
				     "__attribute__((section(\".init.text\"))) int start(void) { "
				     "return at_boot; }\n" TABLES);
	verify();
	assert_int_equal(findings.n, 0);
	put_livepatch(livepatch_text);
	image = load();
	symbol(&image, ".klp.sym.vmlinux.helper,1")->name = ".klp.sym.vmlinux.early_one,0";
	store(&image);
	finds("KLP-V-INIT", "'early_one' of 'vmlinux' lies in '.init.text'");
	assert_int_equal(findings.n, 1);
	PUT_TARGET("{ \"early_one\", klpp_target }, ");
	finds("KLP-V-FUNCTION", "is init code");
}

static void what_the_kernel_keeps_is_not_init(void **state)
{
	(void)state;
	PUT_TABLES(STRUCTS "static struct func f[] = { " TARGET "{ 0 } };\n"
			   "__attribute__((section(\".init.data\"))) static struct object objs[] = "
			   "{ { 0, f }, { 0 } };\n"
			   "struct patch patch = { __this_module, objs };\n" ENABLE);
	finds("KLP-V-INIT", "a table of the klp_patch lies in '.init.data'");
	PUT_TABLES(STRUCTS
		   "static struct func f[] = { " TARGET "{ 0 } };\n"
		   "__attribute__((section(\".init.text\"))) static int pre(void) { return 0; }\n"
		   "static struct object objs[] = { { 0, f, { pre } }, { 0 } };\n"
		   "struct patch patch = { __this_module, objs };\n" ENABLE);
	finds("KLP-V-INIT", "the pre_patch callback 'pre' of 'vmlinux' is init code");
	PUT_TABLES("__attribute__((section(\".init.data\"))) int at_boot;\nint *keep = "
		   "&at_boot;\n" TABLES);
	finds("KLP-V-INIT", "refers to 'at_boot' of the livepatch");
}

static void a_module_that_comes_back_is_warned_of(void **state)
{
	(void)state;
	tree.release = "6.1.0";
	finds("KLP-V-RELOAD", "module 'ext4' can't be unloaded and loaded again");
	assert_int_equal(findings.n, 1);
	assert_false(klp_findings_refuse(&findings));
	assert_non_null(strstr(kernel_says("KLP-V-RELOAD"), "existing value is nonzero"));
}

static void endless_functions_are_warned_of(void **state)
{
	(void)state;
	PUT_TARGET("{ \"forever\", klpp_target }, ");
	finds("KLP-V-STALL", "a task may stay in 'forever' of 'vmlinux'");
	assert_int_equal(findings.n, 1);
	assert_false(klp_findings_refuse(&findings));
}

static void layouts_are_compared(void **state)
{
	static const char pair[] = "struct pair { int first, second; } pair;\n",
			  other[] = "struct pair { int first; long second; } own;\n";

	(void)state;
	planned = false;
	verify();
	assert_int_equal(findings.n, 0);
	assert_int_equal(notes.n, 1);
	assert_string_equal(notes.v[0].code, "KLP-V-LAYOUT");
	assert_non_null(strstr(notes.v[0].message, "isn't known"));
	lab_cc("k.o", klp_sprintf(arena, "%s%s", kernel_text, pair), LAB_TRACED " -g");
	lab_run("ld -o vmlinux -T vmlinux.lds -e target --no-warn-rwx-segments k.o o.o");
	klp_symtabs_init(&symtabs, arena);
	livepatch_flags = "-g";
	put_livepatch(klp_sprintf(arena, "%s%s", livepatch_text, pair));
	verify();
	assert_int_equal(findings.n + notes.n, 0);
	put_livepatch(klp_sprintf(arena, "%s%s", livepatch_text, other));
	finds("KLP-V-LAYOUT", "'struct pair' is another one in the livepatch");
	assert_int_equal(findings.n, 1);
	livepatch_flags = "";
}

static void the_plan_and_the_tables_agree(void **state)
{
	(void)state;
	plan.funcs.v[1].new_name = "klpp_gone";
	finds("KLP-V-PLAN", "doesn't replace 'target' of 'vmlinux' by 'klpp_gone'");
	finds("KLP-V-PLAN",
	      "'target' of 'vmlinux' is replaced by 'klpp_target' is not in the plan");
	assert_int_equal(findings.n, 2);
}

static void what_stands_around_is_planned(void **state)
{
	struct klp_plan_callbacks callbacks = { .object = "ext4" };

	(void)state;
	plan.no_replace = false;
	finds("KLP-V-PLAN", "doesn't replace other livepatches, which isn't planned");
	klp_vec_push(arena, &plan.states, ((struct klp_table_state){ 17, 1 }));
	finds("KLP-V-PLAN", "states are others than the plan's");
	callbacks.functions[KLP_POST_PATCH] = "post_patch_ext4";
	klp_vec_push(arena, &plan.callbacks, callbacks);
	finds("KLP-V-PLAN",
	      "post_patch of 'ext4' is 'nothing' in the module and 'post_patch_ext4'");
	plan.callbacks.v[0].object = "xfs";
	finds("KLP-V-PLAN", "no object 'xfs', which has callbacks");
	assert_int_equal(findings.n, 3);
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
	const struct klp_verify_opts opts = { &tree, &symtabs, &plan };
	struct klp_error err = {};

	findings = (struct klp_findings){};
	if (klp_verify(arena, path, &opts, NULL, &findings, &err) < 0)
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
		T(long_function_names),
		T(objects_are_checked),
		T(replacements_are_checked),
		T(tables_must_be_readable),
		T(nothing_is_patched_twice),
		T(two_livepatches_are_held_together),
		T(a_chain_of_livepatches),
		T(states_are_compared),
		T(enabling_is_checked),
		T(tables_that_code_changes_are_warned_of),
		T(one_function_of_two_names),
		T(weak_references_are_checked),
		T(the_file_is_checked),
		T(without_a_config),
		T(namespaces_may_be_optional),
		T(sections_of_older_kernels),
		T(percpu_pointers_are_refused),
		T(objects_of_sections_and_symbols),
		T(pointers_lead_to_what_is_there),
		T(references_are_read_by_function),
		T(licences_are_checked),
		T(versions_are_checked),
		T(extended_versions_are_read),
		T(init_memory_is_kept_away_from),
		T(what_the_kernel_keeps_is_not_init),
		T(a_module_that_comes_back_is_warned_of),
		T(endless_functions_are_warned_of),
		T(layouts_are_compared),
		T(the_plan_and_the_tables_agree),
		T(what_stands_around_is_planned),
		T(a_missing_signature_is_warned_of),
		T(hostile_files_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
