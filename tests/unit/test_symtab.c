// SPDX-License-Identifier: GPL-2.0-or-later
#include "elf/symtab.h"

#include "tests/unit/lab.h"

static struct klp_symtab load(const char *name)
{
	struct klp_error err = {};
	struct klp_symtab symtab;

	if (klp_symtab_load(arena, lab_path(name), &symtab, &err) < 0)
		fail_msg("%s: %s", name, err.text);
	return symtab;
}

static const struct klp_sym *function(const struct klp_symtab *symtab, const char *name)
{
	const struct klp_sym *sym = klp_symtab_function(symtab, name);

	if (!sym)
		fail_msg("no function '%s'", name);
	return sym;
}

static const char unit_text[] =
	"extern void out(void);\n"
	"static int counter;\n"
	"__attribute__((noinline)) static int twice(int x) { asm(\"\"); return x * counter++; }\n"
	"int traced(int x) { out(); return twice(x) + 1; }\n"
	"__attribute__((no_instrument_function)) int hidden(int x) { out(); return x; }\n"
	"__attribute__((section(\".init.text\"))) int boot(void) { out(); return traced(1); }\n"
	"__attribute__((section(\".exit.text\"), no_instrument_function)) void leave(void) { "
	"out(); }\n";

static void check_traceable(const struct klp_symtab *t)
{
	assert_true(function(t, "traced")->traceable);
	assert_true(function(t, "twice")->traceable);
	assert_true(function(t, "boot")->traceable);
	assert_false(function(t, "hidden")->traceable);
}

static void object_tells_what_is_traceable(void **state)
{
	struct klp_symtab t;

	(void)state;
	lab_cc("unit.o", unit_text, LAB_TRACED);
	t = load("unit.o");
	assert_true(t.relocatable);
	assert_false(t.module);
	check_traceable(&t);
	assert_true(klp_sym_is_init(function(&t, "boot")));
	assert_true(klp_sym_is_init(function(&t, "leave")));
	assert_false(klp_sym_is_init(function(&t, "traced")));
	assert_string_equal(function(&t, "twice")->file, "unit.c");
	assert_null(function(&t, "traced")->file);
	assert_false(klp_sym_defined(klp_symtab_get(&t, "out")));
	assert_null(klp_symtab_function(&t, "out"));
	assert_null(klp_symtab_get(&t, "unit.c"));
	assert_ptr_equal(klp_symtab_covering(&t, function(&t, "hidden")->shndx,
					     function(&t, "hidden")->value + 1),
			 function(&t, "hidden"));
}

/* One __mcount_loc section a function, tied to it by SHF_LINK_ORDER. */
static void sectioned_object_tells_too(void **state)
{
	struct klp_symtab t;

	(void)state;
	lab_cc("unit.o", unit_text, LAB_TRACED " -ffunction-sections -fdata-sections");
	t = load("unit.o");
	check_traceable(&t);
	assert_ptr_equal(klp_symtab_only_in(&t, function(&t, "hidden")->shndx),
			 function(&t, "hidden"));
}

/* Two NOPs before the function, two in it: the entry stands before the symbol. */
static void entry_may_stand_before_the_function(void **state)
{
	struct klp_symtab t;

	(void)state;
	lab_cc("unit.o",
	       "extern void out(void);\n"
	       "void a(void) { out(); }\n"
	       "__attribute__((patchable_function_entry(0, 0))) void b(void) { out(); }\n"
	       "void c(void) { out(); }\n",
	       "-fpatchable-function-entry=4,2");
	t = load("unit.o");
	assert_true(function(&t, "a")->traceable);
	assert_false(function(&t, "b")->traceable);
	assert_true(function(&t, "c")->traceable);
}

static const char script[] =
	"SECTIONS {\n"
	"  . = 0xffffffff81000000;\n"
	"  .text : { *(.text .text.*) }\n"
	"  .rodata : { *(.rodata .rodata.*) }\n"
	"  .data : { *(.data .data.*) }\n"
	"  .bss : { *(.bss .bss.*) }\n"
	"  __init_begin = .;\n"
	"  .init.text : { *(.init.text) }\n"
	"  .init.data : { *(.init.data) __start_mcount_loc = .; KEEP(*(__mcount_loc))\n"
	"    __stop_mcount_loc = .; }\n"
	"  .other : { *(.other) }\n"
	"  __init_end = .;\n"
	"  .other2 : { *(.other2) }\n"
	"  /DISCARD/ : { *(.exit.text) *(.discard.*) }\n"
	"}\n";

static void link_vmlinux(const char *objects, const char *flags)
{
	lab_put("vmlinux.lds", script, sizeof(script) - 1);
	lab_run(klp_sprintf(arena, "ld -o vmlinux -T vmlinux.lds --no-warn-rwx-segments %s %s",
			    flags, objects));
}

static void check_vmlinux(void)
{
	struct klp_symtab t = load("vmlinux");

	assert_false(t.relocatable);
	check_traceable(&t);
	assert_true(klp_sym_is_init(function(&t, "boot")));
	assert_true(klp_sym_is_init(function(&t, "late")));
	assert_false(klp_sym_is_init(function(&t, "other")));
	assert_null(klp_symtab_get(&t, "leave"));
	/* not traced, but right behind a function that is: no entry is lent to it */
	assert_false(function(&t, "tiny")->traceable);
}

static void link_traced(const char *flags)
{
	lab_cc("unit.o", unit_text, LAB_TRACED);
	lab_cc("more.o",
	       "__attribute__((no_instrument_function)) void out(void) {}\n"
	       "__attribute__((no_instrument_function)) void tiny(void) {}\n"
	       "void last(void) { out(); }\n"
	       "__attribute__((section(\".other\"))) void late(void) { out(); }\n"
	       "__attribute__((section(\".other2\"))) void other(void) { out(); }\n"
	       "__attribute__((no_instrument_function)) void __fentry__(void) {}\n",
	       LAB_TRACED " -fno-ipa-icf -Os");
	link_vmlinux("unit.o more.o", flags);
}

static void vmlinux_array_tells_what_is_traceable(void **state)
{
	(void)state;
	link_traced("");
	check_vmlinux();
}

/* The array's words are taken out of the file: what is left are the relocations. */
static void vmlinux_relocations_serve_when_the_array_is_empty(void **state)
{
	struct klp_symtab t;
	struct klp_error err = {};
	const struct klp_sym *start, *stop;
	Elf64_Ehdr *ehdr;
	Elf64_Shdr *shdr;
	size_t len;
	char *data;

	(void)state;
	link_traced("--emit-relocs");
	t = load("vmlinux");
	start = klp_symtab_get(&t, "__start_mcount_loc");
	stop = klp_symtab_get(&t, "__stop_mcount_loc");
	data = lab_get("vmlinux", &len);
	ehdr = (Elf64_Ehdr *)data;
	shdr = (Elf64_Shdr *)(data + ehdr->e_shoff);
	memset(data + shdr[start->shndx].sh_offset + (start->value - shdr[start->shndx].sh_addr), 0,
	       stop->value - start->value);
	lab_put("vmlinux", data, len);
	check_vmlinux();
	/* and without relocations nothing can be known */
	for (int i = 0; i < ehdr->e_shnum; i++)
		if (shdr[i].sh_type == SHT_RELA)
			shdr[i].sh_type = SHT_PROGBITS;
	lab_put("vmlinux", data, len);
	assert_int_equal(klp_symtab_load(arena, lab_path("vmlinux"), &t, &err), KLP_EINPUT);
	assert_non_null(strstr(err.text, "traceable"));
	assert_string_not_equal(err.hint, "");
}

/* Two units of one file name, each with its own statics `work` and `state`. */
static void put_twins(void)
{
	lab_cc("a/inode.o",
	       "static int state = 1;\n"
	       "__attribute__((noinline)) static int work(int x) { asm(\"\"); return x + state++; "
	       "}\n"
	       "__attribute__((noinline)) static int only_a(int x) { asm(\"\"); return work(x) + "
	       "2; }\n"
	       "int a_entry(int x) { return only_a(x) + work(1); }\n"
	       "__attribute__((used, section(\".discard.x\"))) static int gone;\n"
	       "__attribute__((weak)) int chosen(void) { return 1; }\n",
	       "");
	lab_cc("b/inode.o",
	       "static int state = 2;\n"
	       "__attribute__((noinline)) static int work(int x) { asm(\"\"); return x - state++; "
	       "}\n"
	       "__attribute__((noinline)) static int only_b(int x) { asm(\"\"); return work(x) + "
	       "2; }\n"
	       "int b_entry(int x) { return only_b(x) + work(1); }\n"
	       "int chosen(void) { return 2000; }\n",
	       "");
}

static void check_twins(const struct klp_symtab *whole, const char *unit_name, const char *entry)
{
	struct klp_symtab unit = load(unit_name);
	const struct klp_sym *work, *found, *caller;
	bool ambiguous;

	work = klp_symtab_locate(whole, &unit, "work", &ambiguous);
	assert_non_null(work);
	assert_false(ambiguous);
	/* independent evidence: a global of the same unit lies at the same distance */
	caller = klp_symtab_locate(whole, &unit, entry, &ambiguous);
	assert_non_null(caller);
	assert_true(caller->place - work->place ==
		    function(&unit, entry)->value - function(&unit, "work")->value);
	found = klp_symtab_locate(whole, &unit, "state", &ambiguous);
	assert_non_null(found);
	assert_int_equal(found->type, STT_OBJECT);
	assert_int_equal(found->group, work->group);
}

static void statics_are_told_apart_by_their_unit(void **state)
{
	struct klp_symtab whole, unit;
	const struct klp_sym *sym;
	bool ambiguous;

	(void)state;
	put_twins();
	link_vmlinux("a/inode.o b/inode.o", "-e a_entry");
	whole = load("vmlinux");
	check_twins(&whole, "a/inode.o", "a_entry");
	check_twins(&whole, "b/inode.o", "b_entry");
	unit = load("a/inode.o");
	assert_null(klp_symtab_locate(&whole, &unit, "gone", &ambiguous));
	assert_false(ambiguous);
	assert_null(klp_symtab_locate(&whole, &unit, "only_b", &ambiguous));
	/* the weak one lost, and what is there is the other unit's */
	sym = klp_symtab_locate(&whole, &unit, "chosen", &ambiguous);
	assert_int_equal(sym->bind, STB_GLOBAL);
}

/* Linked as arm64 links its kernel (-shared), a hidden global becomes a local of no unit. */
static void hidden_globals_are_found(void **state)
{
	struct klp_symtab whole, unit;
	const struct klp_sym *sym;
	bool ambiguous;

	(void)state;
	lab_cc("h.o",
	       "__attribute__((visibility(\"hidden\"))) int concealed(void) { return 9; }\n"
	       "static int local(void) { return 7; }\n"
	       "int entry(void) { return concealed() + local(); }\n",
	       "-fpic -mcmodel=small");
	lab_run("ld -shared -e entry -o whole h.o");
	whole = load("whole");
	unit = load("h.o");
	assert_int_not_equal(function(&unit, "concealed")->bind, STB_LOCAL);
	sym = klp_symtab_locate(&whole, &unit, "concealed", &ambiguous);
	assert_non_null(sym);
	assert_int_equal(sym->bind, STB_LOCAL);
	assert_int_equal(sym->size, function(&unit, "concealed")->size);
}

static void statics_are_told_apart_in_a_module(void **state)
{
	struct klp_symtab whole, lone;
	bool ambiguous;

	(void)state;
	put_twins();
	lab_run("ld -r -o whole.o a/inode.o b/inode.o");
	whole = load("whole.o");
	check_twins(&whole, "a/inode.o", "a_entry");
	check_twins(&whole, "b/inode.o", "b_entry");
	lone = load("a/inode.o");
	assert_ptr_equal(klp_symtab_locate(&lone, &lone, "work", &ambiguous),
			 function(&lone, "work"));
}

/* What was linked with optimisation is a unit of several parts, each a group without a name. */
static void parts_of_a_link_are_told_apart(void **state)
{
	struct klp_symtab whole, unit;
	const struct klp_sym *sym;
	bool ambiguous;

	(void)state;
	for (int i = 0; i < 2; i++) {
		const char *name = i ? "b" : "a";
		const char *text = klp_sprintf(arena,
					       ".file \"\"\n.text\n"
					       ".type part_%s, @function\n"
					       "part_%s: %sret\n.size part_%s, .-part_%s\n",
					       name, name, i ? "nop; " : "", name, name);

		lab_put(klp_sprintf(arena, "%s.s", name), text, strlen(text));
		lab_run(klp_sprintf(arena, "gcc -c -o %s.o %s.s", name, name));
	}
	lab_run("ld -r -o linked.o a.o b.o");
	lab_run("ld -r -o whole.o linked.o");
	whole = load("whole.o");
	unit = load("linked.o");
	for (int i = 0; i < 2; i++) {
		const char *name = i ? "part_b" : "part_a";

		sym = klp_symtab_locate(&whole, &unit, name, &ambiguous);
		assert_non_null(sym);
		assert_false(ambiguous);
		assert_string_equal(sym->name, name);
		assert_string_equal(sym->file, "");
	}
}

static void equal_units_are_ambiguous(void **state)
{
	static const char text[] =
		"static int n;\n"
		"__attribute__((noinline)) static int same(int x) { asm(\"\"); return x + n++; }\n";
	struct klp_symtab whole, unit;
	bool ambiguous = false;

	(void)state;
	lab_cc("a/x.o", klp_sprintf(arena, "%sint a(int x) { return same(x); }\n", text), "");
	lab_cc("b/x.o", klp_sprintf(arena, "%sint b(int x) { return same(x); }\n", text), "");
	lab_run("ld -r -o whole.o a/x.o b/x.o");
	whole = load("whole.o");
	unit = load("a/x.o");
	assert_null(klp_symtab_locate(&whole, &unit, "same", &ambiguous));
	assert_true(ambiguous);
	assert_non_null(klp_symtab_locate(&whole, &unit, "a", &ambiguous));
	assert_false(ambiguous);
}

/* A function and two objects of one name: counted together, by address. */
static void vmlinux_positions_go_by_address(void **state)
{
	const struct klp_sym *last = NULL;
	struct klp_symtab t;

	(void)state;
	lab_cc("z.o", "static int verbose = 3; int *z(void) { return &verbose; }\n", "");
	lab_cc("y.o",
	       "__attribute__((noinline)) static int verbose(int x) { asm(\"\"); return x; }\n"
	       "int y(int x) { return verbose(x); }\n",
	       "");
	lab_cc("x.o", "static int verbose; int *x(void) { return &verbose; }\n", "");
	link_vmlinux("z.o y.o x.o", "-e y");
	t = load("vmlinux");
	assert_int_equal(klp_symtab_count(&t, "verbose"), 3);
	for (unsigned int pos = 1; pos <= 3; pos++) {
		const struct klp_sym *s = klp_symtab_get(&t, "verbose");

		while (s && klp_symtab_sympos(&t, s) != pos)
			s = s->same;
		assert_non_null(s);
		assert_true(!last || s->value > last->value);
		last = s;
	}
	assert_int_equal(klp_symtab_sympos(&t, function(&t, "verbose")), 1); /* .text is first */
	assert_int_equal(klp_symtab_sympos(&t, function(&t, "y")), 0);
	assert_int_equal(klp_symtab_count(&t, "nobody"), 0);
}

#define THIS_MODULE                                                                    \
	"__attribute__((section(\".gnu.linkonce.this_module\"), used)) char mod[8];\n" \
	"__attribute__((section(\".modinfo\"), used)) static const char v[] = "        \
	"\"vermagic=6.1 SMP\\0depends=jbd2,crc16\";\n"

static void put_module_part(const char *object, const char *global, const char *section)
{
	lab_cc(object,
	       klp_sprintf(arena,
			   "__attribute__((noinline, section(\"%s\"))) static int probe(int x)\n"
			   "{ asm(\"\"); return x; }\nint %s(int x) { return probe(x); }\n",
			   section, global),
	       "");
}

static void module_positions_go_by_the_table(void **state)
{
	const struct klp_sym *first, *second;
	struct klp_symtab t;

	(void)state;
	lab_cc("mod.o", THIS_MODULE, "");
	put_module_part("p.o", "p", ".text.later");
	put_module_part("q.o", "q", ".text");
	lab_run("ld -r -o m.ko mod.o p.o q.o");
	t = load("m.ko");
	assert_true(t.module);
	assert_string_equal(t.vermagic, "6.1 SMP");
	assert_string_equal(t.depends, "jbd2,crc16");
	first = function(&t, "probe");
	second = first->same;
	assert_string_equal(first->file, "p.c");
	/* first in the table, whatever the sections' order is */
	assert_int_equal(klp_symtab_sympos(&t, first), 1);
	assert_int_equal(klp_symtab_sympos(&t, second), 2);
	assert_false(klp_symtab_sympos_varies(&t, second));
}

/* While it loads, a module's kallsyms has the init symbols as well. */
static void init_symbols_move_positions(void **state)
{
	const struct klp_sym *sym;
	struct klp_symtab t;

	(void)state;
	lab_cc("mod.o", THIS_MODULE, "");
	put_module_part("p.o", "p", ".init.text");
	put_module_part("q.o", "q", ".text");
	lab_run("ld -r -o m.ko mod.o p.o q.o");
	t = load("m.ko");
	sym = function(&t, "probe");
	assert_true(sym->early && !sym->kept);
	sym = sym->same;
	assert_true(sym->kept && !sym->early);
	assert_int_equal(klp_symtab_sympos(&t, sym), 1);
	assert_true(klp_symtab_sympos_varies(&t, sym));
	/* behind the core symbol it does no harm, but the position must be given */
	lab_run("ld -r -o m.ko mod.o q.o p.o");
	t = load("m.ko");
	sym = function(&t, "probe");
	assert_true(sym->kept);
	assert_int_equal(klp_symtab_sympos(&t, sym), 1);
	assert_false(klp_symtab_sympos_varies(&t, sym));
}

static void cold_parts_have_parents(void **state)
{
	struct klp_symtab t;
	struct klp_sym *cold;

	(void)state;
	lab_cc("c.o",
	       "extern void bad(void) __attribute__((cold)); extern int n;\n"
	       "int warm(int x) { if (x > 5) { bad(); bad(); n = x; } return x; }\n"
	       "int plain(int x) { return x; }\n",
	       "-freorder-blocks-and-partition");
	t = load("c.o");
	cold = klp_symtab_get(&t, "warm.cold");
	assert_non_null(cold);
	assert_ptr_equal(klp_symtab_parent(&t, cold), function(&t, "warm"));
	assert_ptr_equal(klp_symtab_parent(&t, (struct klp_sym *)function(&t, "plain")),
			 function(&t, "plain"));
}

static void aliases_are_found(void **state)
{
	const struct klp_sym *sym, *other;
	struct klp_symtab t;

	(void)state;
	lab_cc("al.o",
	       "int base(int x) { return x * 3; }\n"
	       "int other(int x) __attribute__((alias(\"base\")));\n"
	       "int alone(int x) { return x; }\n",
	       "");
	t = load("al.o");
	sym = function(&t, "base");
	other = klp_symtab_alias(&t, sym, NULL);
	assert_ptr_equal(other, function(&t, "other"));
	assert_null(klp_symtab_alias(&t, sym, other));
	assert_null(klp_symtab_alias(&t, function(&t, "alone"), NULL));
}

static void try_load(const char *path)
{
	struct klp_error err = {};
	struct klp_symtab t;
	bool ambiguous;

	if (klp_symtab_load(arena, path, &t, &err) < 0) {
		assert_int_not_equal(err.code, KLP_OK);
		return;
	}
	for (size_t i = 1; i < t.n; i++) {
		klp_symtab_sympos(&t, &t.v[i]);
		klp_symtab_locate(&t, &t, t.v[i].name, &ambiguous);
		klp_symtab_covering(&t, t.v[i].shndx, t.v[i].value);
		klp_symtab_alias(&t, &t.v[i], NULL);
	}
}

static void hostile_files_do_no_harm(void **state)
{
	(void)state;
	lab_cc("unit.o", unit_text, LAB_TRACED " -ffunction-sections");
	lab_torture("unit.o", try_load);
	link_traced("--emit-relocs");
	lab_torture("vmlinux", try_load);
}

static void refusals_name_the_file(void **state)
{
	struct klp_error err = {};
	struct klp_symtab t;

	(void)state;
	lab_put("text", "not an ELF file, but long enough to hold a header, or nearly so......",
		70);
	assert_int_equal(klp_symtab_load(arena, lab_path("text"), &t, &err), KLP_EINPUT);
	assert_non_null(strstr(err.text, "not an ELF file"));
	assert_string_equal(err.file, lab_path("text"));
	err = (struct klp_error){};
	assert_true(klp_symtab_load(arena, lab_path("absent"), &t, &err) < 0);
	err = (struct klp_error){};
	lab_cc("unit.o", unit_text, "");
	lab_run("objcopy --strip-all -R .symtab unit.o bare.o");
	assert_int_equal(klp_symtab_load(arena, lab_path("bare.o"), &t, &err), KLP_EINPUT);
	assert_non_null(strstr(err.text, "no symbol table"));
}

static const char *names_of(const char *object, const char *prefix)
{
	KLP_CLEANUP_FILEBUF struct klp_filebuf reader = {};
	char *names = klp_strdup(arena, "");
	struct klp_error err = {};
	struct klp_strs all = {};

	assert_int_equal(klp_symtab_functions(arena, lab_path(object), prefix, &reader, &all, &err),
			 0);
	for (size_t i = 0; i < all.n; i++)
		names = klp_sprintf(arena, "%s%s ", names, all.v[i]);
	return names;
}

/* An object for link-time optimisation has no symbols of its own: its sections name the functions.
 */
static void functions_of_objects_are_listed(void **state)
{
	static const char text[] =
		"extern int sink(int);\n"
		"__attribute__((noinline)) static int leaf(int x) { return sink(x) * 3; }\n"
		"int host(int x) { return leaf(x) + leaf(x + 1); }\n";
#define SECTION(name) ".section .gnu.lto_" name ".5f3d35a138de0af2, \"e\"\n"
	static const char old[] = SECTION("leaf") SECTION("host") SECTION("host.part.0")
		SECTION(".decls") SECTION(".refs");
	static const char new[] = SECTION("leaf.0") SECTION("host.12") SECTION("host.part.0.13")
		SECTION("inner.0.4") SECTION(".decls") SECTION(".refs");

	(void)state;
	lab_cc("x.o", text, "");
	assert_string_equal(names_of("x.o", NULL), "leaf host ");
	assert_string_equal(names_of("x.o", "ho"), "host ");
	lab_cc("x.o", text, "-flto");
	assert_string_equal(names_of("x.o", NULL), "leaf host ");
	assert_string_equal(names_of("x.o", "lea"), "leaf ");
	assert_string_equal(names_of("x.o", "other"), "");
	/* As GCC before 10 named them: without an order, so that clones keep their numbers. */
	lab_put("x.s", old, sizeof(old) - 1);
	lab_run("gcc -c -o old.o x.s");
	assert_string_equal(names_of("old.o", NULL), "leaf host host.part.0 ");
	lab_put("x.s", new, sizeof(new) - 1);
	lab_run("gcc -c -o new.o x.s");
	assert_string_equal(names_of("new.o", NULL), "leaf host host.part.0 inner.0 ");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, lab_setup, lab_teardown)
	const struct CMUnitTest tests[] = {
		T(object_tells_what_is_traceable),
		T(sectioned_object_tells_too),
		T(entry_may_stand_before_the_function),
		T(vmlinux_array_tells_what_is_traceable),
		T(vmlinux_relocations_serve_when_the_array_is_empty),
		T(statics_are_told_apart_by_their_unit),
		T(hidden_globals_are_found),
		T(statics_are_told_apart_in_a_module),
		T(parts_of_a_link_are_told_apart),
		T(functions_of_objects_are_listed),
		T(equal_units_are_ambiguous),
		T(vmlinux_positions_go_by_address),
		T(module_positions_go_by_the_table),
		T(init_symbols_move_positions),
		T(cold_parts_have_parents),
		T(aliases_are_found),
		T(hostile_files_do_no_harm),
		T(refusals_name_the_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
