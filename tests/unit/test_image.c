// SPDX-License-Identifier: GPL-2.0-or-later
#include "elf/image.h"

#include <elf.h>

#include "base/buf.h"
#include "tests/unit/lab.h"

static const char text[] =
	"extern int away(int); extern void trace(void);\n"
	"__attribute__((section(\".modinfo\"), used)) static const char info[] =\n"
	"	\"license=GPL\\0alias=one\\0alias=two\\0vermagic=6.1 SMP\\0livepatch=Y\";\n"
	"static int zeros[100]; const char *word = \"word\"; int __attribute__((aligned(64))) wide "
	"= 4;\n"
	"__attribute__((noinline)) static int inner(int x) { asm(\"\"); return x + zeros[x]++; }\n"
	"int outer(int x)\n"
	"{\n"
	"	asm(\"1: nop\\n.pushsection __jump_table, \\\"aw\\\"\\n.long 1b - ., 0\\n\"\n"
	"	    \".quad wide - .\\n.popsection\");\n"
	"	return inner(x) + away(x);\n"
	"}\n";

static struct klp_image load(const char *name)
{
	struct klp_error err = {};
	struct klp_image image;

	if (klp_image_load(arena, lab_path(name), &image, &err) < 0)
		fail_msg("%s: %s", name, err.text);
	return image;
}

static void write_as(const struct klp_image *image, const char *name)
{
	struct klp_error err = {};

	if (klp_image_write(arena, image, lab_path(name), &err) < 0)
		fail_msg("%s: %s", name, err.text);
}

/*
 * readelf's view without what may differ: offsets in the file, and the sizes of the string
 * tables, which a linker packs tighter.
 */
static const char *view(const char *name)
{
	const char *out = lab_run(klp_sprintf(arena, "readelf -aW %s", name));
	char *kept = klp_alloc(arena, strlen(out) + 1), *to = kept, *hit;

	while (*out) {
		size_t len = strcspn(out, "\n") + (out[strcspn(out, "\n")] == '\n');
		char *line = klp_strndup(arena, out, len);

		out += len;
		if (strstr(line, "Start of section headers"))
			continue;
		if ((hit = strstr(line, " at offset 0x")))
			memmove(hit, hit + 13 + strspn(hit + 13, "0123456789abcdef"),
				strlen(hit + 13 + strspn(hit + 13, "0123456789abcdef")) + 1);
		if ((hit = strstr(line, " 0000000000000000 ")) && line[2] == '[')
			memset(hit + 18, ' ', strstr(line, "STRTAB") ? 13 : 6);
		to = stpcpy(to, line);
	}
	return kept;
}

/* The bytes of a section, by a tool of somebody else. */
static const char *section_bytes(const char *name, const char *section, size_t *ret_len)
{
	lab_run(klp_sprintf(arena, "objcopy -O binary -j %s --set-section-flags %s=alloc %s bytes",
			    section, section, name));
	return lab_get("bytes", ret_len);
}

static void round_trip(const char *name)
{
	static const char *const sections[] = { ".text", ".data", ".modinfo", "__jump_table" };
	struct klp_image image = load(name), again;
	size_t a, b;

	write_as(&image, "copy.o");
	assert_string_equal(view("copy.o"), view(name));
	assert_string_equal(lab_lint("copy.o"), lab_lint(name));
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		const char *x = section_bytes(name, sections[i], &a);
		const char *y = section_bytes("copy.o", sections[i], &b);

		assert_true(a || i < 2); /* .text and .data are empty where each has its own */
		assert_int_equal(a, b);
		assert_memory_equal(x, y, a);
	}
	/* written again it is the same, byte by byte */
	again = load("copy.o");
	write_as(&again, "copy2.o");
	assert_string_equal(lab_run("cmp copy.o copy2.o"), "");
}

static void files_survive_a_round_trip(void **state)
{
	(void)state;
	lab_cc("i.o", text, LAB_TRACED);
	round_trip("i.o");
	lab_cc("g.o", text, LAB_TRACED " -g -ffunction-sections -fdata-sections");
	round_trip("g.o");
	lab_run("ld -r -o m.ko i.o");
	round_trip("m.ko");
}

/* One table holds the names of sections and of symbols, as clang writes it. */
static void one_string_table_for_all(void **state)
{
	struct klp_image image;
	uint32_t shstrtab;

	(void)state;
	lab_cc("i.o", text, "");
	image = load("i.o");
	shstrtab = image.shstrtab;
	image.sections.v[image.symtab].link = shstrtab;
	write_as(&image, "one.o");
	image = load("one.o");
	assert_int_equal(image.sections.v[image.symtab].link, image.shstrtab);
	assert_non_null(strstr(lab_run("readelf -sW one.o"), " outer\n"));
	assert_non_null(strstr(lab_run("readelf -SW one.o"), "__jump_table"));
}

static void the_other_byte_order(void **state)
{
	struct klp_image image, swapped;

	(void)state;
	lab_cc("i.o", text, "");
	image = load("i.o");
	image.big_endian = true;
	image.machine = EM_S390; /* readelf wants a machine that has this order */
	for (size_t i = 1; i < image.sections.n; i++)
		for (size_t k = 0; k < image.sections.v[i].relas.n; k++)
			image.sections.v[i].relas.v[k].type = R_390_64;
	write_as(&image, "big.o");
	assert_non_null(strstr(lab_run("readelf -hW big.o"), "big endian"));
	assert_non_null(strstr(lab_run("readelf -sW big.o"), " outer\n"));
	assert_non_null(strstr(lab_run("readelf -rW big.o"), "R_390_64"));
	swapped = load("big.o");
	assert_true(swapped.big_endian);
	assert_int_equal(swapped.syms.n, image.syms.n);
	assert_int_equal(swapped.sections.n, image.sections.n);
	for (size_t i = 0; i < image.syms.n; i++) {
		assert_string_equal(swapped.syms.v[i].name, image.syms.v[i].name);
		assert_true(swapped.syms.v[i].value == image.syms.v[i].value);
	}
	swapped.big_endian = false;
	swapped.machine = EM_X86_64;
	image = load("i.o");
	for (size_t i = 1; i < image.sections.n; i++)
		swapped.sections.v[i].relas = image.sections.v[i].relas;
	write_as(&swapped, "back.o");
	write_as(&image, "plain.o");
	lab_run("cmp back.o plain.o");
}

static uint32_t add_section(struct klp_image *image)
{
	struct klp_image_section section = {
		.name = ".rela.added",
		.type = SHT_RELA,
		.link = image->symtab,
		.info = klp_image_section(image, ".text"),
		.flags = SHF_INFO_LINK,
		.align = 8,
		.entsize = sizeof(Elf64_Rela),
	};
	struct klp_image_rela rela = { .offset = 1, .sym = 1, .type = R_X86_64_64, .addend = -7 };

	klp_vec_push(arena, &section.relas, rela);
	klp_vec_push(arena, &image->sections, section);
	return (uint32_t)image->sections.n - 1;
}

static void edits_arrive(void **state)
{
	struct klp_image image;
	uint32_t added;

	(void)state;
	lab_cc("i.o", text, "");
	image = load("i.o");
	for (size_t i = 1; i < image.syms.n; i++)
		if (!strcmp(image.syms.v[i].name, "away")) {
			image.syms.v[i].name = "a_much_longer_name_than_before";
			image.syms.v[i].shndx = SHN_ABS;
		}
	added = add_section(&image);
	write_as(&image, "edited.o");
	image = load("edited.o");
	assert_int_equal(klp_image_section(&image, ".rela.added"), added);
	assert_int_equal(image.sections.v[added].relas.n, 1);
	assert_int_equal(image.sections.v[added].relas.v[0].addend, -7);
	assert_non_null(strstr(lab_run("readelf -sW edited.o"), "ABS a_much_longer_name"));
}

static void modinfo_and_functions(void **state)
{
	const struct klp_image_sym *sym;
	struct klp_image image;
	uint32_t text_index, jump;

	(void)state;
	lab_cc("i.o", text, "");
	image = load("i.o");
	assert_string_equal(klp_image_modinfo(&image, "livepatch", 0), "Y");
	assert_string_equal(klp_image_modinfo(&image, "alias", 0), "one");
	assert_string_equal(klp_image_modinfo(&image, "alias", 1), "two");
	assert_null(klp_image_modinfo(&image, "alias", 2));
	assert_null(klp_image_modinfo(&image, "lias", 0));
	text_index = klp_image_section(&image, ".text");
	assert_true(text_index);
	assert_int_equal(klp_image_section(&image, ".nowhere"), 0);
	sym = klp_image_function(&image, text_index, 0);
	assert_non_null(sym);
	assert_null(klp_image_function(&image, text_index, 1 << 20));
	/* a table's entry is about the function that its first word points into */
	jump = klp_image_section(&image, "__jump_table");
	assert_string_equal(klp_image_user(&image, jump, 8)->name, "outer");
	assert_null(klp_image_user(&image, klp_image_section(&image, ".modinfo"), 0));
}

static const char *function_at(const struct klp_image *image, uint64_t offset)
{
	uint32_t text_index = klp_image_section(image, ".text");
	const struct klp_image_sym *sym = klp_image_function(image, text_index, offset);

	return sym ? sym->name : "none";
}

/* Assembly may nest functions and give one several names. */
static void functions_may_overlap(void **state)
{
	static const char nested[] =
		"	.type wide, @function\n	.type twin, @function\n"
		"	.type inner, @function\n	.type same, @function\n"
		"	.type late, @function\n	.type word, @object\n"
		"wide:	.skip 4\ninner:\nsame:	.skip 4\ntwin:	.skip 8\n"
		"	.size wide, 12\n	.size inner, 2\n	.size same, 3\n"
		"	.size twin, 4\n"
		"	.skip 4\nlate:	.skip 2\n	.size late, 2\n"
		"word:	.skip 4\n	.size word, 4\n";
	struct klp_image image;

	(void)state;
	lab_put("n.s", nested, sizeof(nested) - 1);
	lab_run("gcc -c n.s -o n.o");
	image = load("n.o");
	assert_string_equal(function_at(&image, 3), "wide");
	assert_string_equal(function_at(&image, 4), "inner");
	assert_string_equal(function_at(&image, 6), "same");
	assert_string_equal(function_at(&image, 7), "wide");
	assert_string_equal(function_at(&image, 8), "twin");
	assert_string_equal(function_at(&image, 11), "twin");
	assert_string_equal(function_at(&image, 12), "none");
	assert_string_equal(function_at(&image, 20), "late");
	assert_string_equal(function_at(&image, 22), "none");
	assert_string_equal(
		klp_image_covering(&image, klp_image_section(&image, ".text"), 22)->name, "word");
}

static void signatures_are_seen(void **state)
{
	struct klp_image image;
	char *data, *with;
	size_t len;

	(void)state;
	lab_cc("i.o", text, "");
	image = load("i.o");
	assert_false(image.is_signed);
	data = lab_get("i.o", &len);
	with = klp_alloc(arena, len + 64);
	memcpy(with, data, len);
	strcpy(with + len, "pkcs7~Module signature appended~\n");
	lab_put("signed.ko", with, len + strlen(with + len));
	image = load("signed.ko");
	assert_true(image.is_signed);
}

static void refused(const char *name, const char *why)
{
	struct klp_error err = {};
	struct klp_image image;

	assert_int_equal(klp_image_load(arena, lab_path(name), &image, &err), KLP_EINPUT);
	if (!strstr(err.text, why))
		fail_msg("'%s' doesn't say '%s'", err.text, why);
	assert_string_equal(err.file, lab_path(name));
}

static void what_is_no_object_is_refused(void **state)
{
	(void)state;
	lab_put("t.o", text, sizeof(text));
	refused("t.o", "not an ELF file");
	lab_cc("i.o", "int f(void) { return 0; }\n", "");
	lab_run("ld -e f -o x i.o");
	refused("x", "not a relocatable file");
}

static bool calls(const struct klp_image_calls *calls, uint64_t from, uint64_t to)
{
	for (size_t i = 0; i < calls->n; i++)
		if (calls->v[i].from == from && calls->v[i].to == to)
			return true;
	return false;
}

/* What leads out of a function without a relocation. */
static void settled_calls_are_read(void **state)
{
	static const char code[] =
		"	.type a, @function\n	.type b, @function\n	.type c, @function\n"
		"a:	call b\n	call away\n	jmp 1f\n1:	ret\n	.size a, . - a\n"
		"b:	lea a(%rip), %rax\n	jne c\n	.size b, . - b\n"
		"c:	.byte 0x06\n	movl $0xe8, %eax\n	call a\n	.size c, . - c\n";
	struct klp_image_calls found = {};
	struct klp_image image;

	(void)state;
	lab_put("n.s", code, sizeof(code) - 1);
	lab_run("gcc -c n.s -o n.o");
	image = load("n.o");
	assert_true(klp_image_calls(arena, &image, klp_image_section(&image, ".text"), &found));
	assert_true(calls(&found, 0, 13));  /* call b; that of away has a relocation */
	assert_true(calls(&found, 13, 0));  /* lea a */
	assert_true(calls(&found, 20, 22)); /* jne c, a short one */
	assert_true(calls(&found, 28, 0));  /* behind what is no instruction: by its bytes */
	assert_false(calls(&found, 5, 10));
	assert_false(calls(&found, 10, 12)); /* inside of a */
	image.machine = EM_RISCV;
	assert_false(klp_image_calls(arena, &image, 1, &found));
}

/* Changes eight bytes of a file at an offset, and puts it at another name. */
static void damage(const char *name, size_t at, uint64_t value)
{
	size_t len;
	char *data = lab_get("i.o", &len);

	assert_true(at + 8 <= len);
	memcpy(data + at, &value, 8);
	lab_put(name, data, len);
}

static void damage_is_told_with_its_place(void **state)
{
	struct klp_image image;
	struct klp_error err = {};
	Elf64_Ehdr ehdr;
	size_t len, table;
	uint32_t at;

	(void)state;
	lab_cc("i.o", text, "");
	image = load("i.o");
	memcpy(&ehdr, lab_get("i.o", &len), sizeof(ehdr));
	at = klp_image_section(&image, ".text");
	table = ehdr.e_shoff + at * sizeof(Elf64_Shdr);
	damage("t.o", table + 32, 1 << 30); /* sh_size */
	refused("t.o", klp_sprintf(arena, "section %u '.text' of '%s', offset 0x40 ", at,
				   lab_path("t.o")));
	refused("t.o", "1073741824 bytes reach behind the end");
	damage("t.o", table + 48, 3); /* sh_addralign */
	refused("t.o", "'.text'");
	refused("t.o", "wrong alignment");
	damage("t.o", ehdr.e_shoff, (uint64_t)SHT_PROGBITS << 32); /* the null section's type */
	refused("t.o", "section 0 ");
	/* one section has the bytes of another, and of all behind it */
	damage("t.o", table + 32, len - 0x40);
	refused("t.o", "sections overlap");
	assert_int_equal(klp_image_load(arena, lab_path("t.o"), &image, &err), KLP_EINPUT);
	assert_non_null(strstr(err.hint, "damaged"));
}

static void try_image(const char *path)
{
	struct klp_error err = {};
	struct klp_image image;

	if (klp_image_load(arena, path, &image, &err) < 0) {
		assert_string_not_equal(err.text, "");
		return;
	}
	klp_image_modinfo(&image, "alias", 1);
	for (uint32_t i = 0; i < image.sections.n; i++)
		klp_image_user(&image, i, 8);
	klp_image_write(arena, &image, lab_path("out.o"), &err);
}

static void hostile_files_do_no_harm(void **state)
{
	(void)state;
	lab_cc("i.o", text, LAB_TRACED);
	lab_torture("i.o", try_image);
}

/* An object with so many sections in all, those that the assembler adds among them. */
static int load_sections(unsigned int n, struct klp_image *ret, struct klp_error *err)
{
	struct klp_buf buf;

	klp_buf_init(&buf, arena);
	for (unsigned int i = 7; i < n; i++)
		klp_buf_addf(&buf, ".section .s%u\n", i);
	klp_buf_add(&buf, ".globl one\none:\n");
	lab_put("many.s", buf.p, buf.len);
	lab_run("as -o many.o many.s");
	*err = (struct klp_error){};
	return klp_image_load(arena, lab_path("many.o"), ret, err);
}

static void sections_are_bounded(void **state)
{
	struct klp_image image = {};
	struct klp_error err;

	(void)state;
	assert_int_equal(load_sections(65279, &image, &err), 0);
	assert_int_equal(image.sections.n, 65279);
	assert_int_equal(load_sections(65280, &image, &err), KLP_EINPUT);
	assert_non_null(strstr(err.text, "65279"));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, lab_setup, lab_teardown)
	const struct CMUnitTest tests[] = {
		T(files_survive_a_round_trip),	  T(one_string_table_for_all),
		T(the_other_byte_order),	  T(edits_arrive),
		T(modinfo_and_functions),	  T(signatures_are_seen),
		T(settled_calls_are_read),	  T(functions_may_overlap),
		T(damage_is_told_with_its_place), T(what_is_no_object_is_refused),
		T(hostile_files_do_no_harm),	  T(sections_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
