// SPDX-License-Identifier: GPL-2.0-or-later
#include "elf/layouts.h"

#include <fcntl.h>
#include <unistd.h>

#include <bpf/btf.h>
#include <dwarf.h>
#include <elfutils/libdw.h>

#include "tests/unit/lab.h"

/* The kernel's: what is used of a type is in the debug information. */
#define KERNEL_TYPES                                                                        \
	"typedef unsigned int u32; typedef const volatile u32 cu32;\n"                      \
	"enum e { A, B };\n"                                                                \
	"struct inner { int a; int b; };\n"                                                 \
	"struct same { int a; char name[16]; struct inner in; struct same *next; cu32 c;\n" \
	"	union { int x; long y; }; struct { char p, q; } pair; int (*call)(int);\n"        \
	"	u32 f:3, g:7, :2, h:1; enum e kind; struct inner two[2][3]; long tail[]; };\n"    \
	"struct gone { int a, b, c; };\n"                                                   \
	"struct inode { int mode; long size; int x; };\n"                                   \
	"struct deep { int first; struct { union { int a; long b; }; int c; }; };\n"        \
	"struct bits { u32 a:4, b:4, c:8; };\n"                                             \
	"struct wide { int a[4]; int b; };\n"                                               \
	"struct kind { int a; };\n"                                                         \
	"struct longer { int a; int b; };\n"                                                \
	"struct outside;\n"                                                                 \
	"union one { int a; char b; };\n"
#define USES                                                                                    \
	"struct same *s; struct gone *g; struct inode *i; struct deep *d; struct bits *b; "     \
	"struct wide *w; struct longer *l; struct outside *o; union one *u; int use(void) { "   \
	"return sizeof(*s) + sizeof(*g) + sizeof(*i) + sizeof(*d) + sizeof(*b) + sizeof(*w) + " \
	"sizeof(*l) + sizeof(*u); }\n"

/* Each of them in another place, or of another size. */
static const char other[] =
	"typedef unsigned int u32; typedef const volatile u32 cu32;\n"
	"enum e { A, B };\n"
	"struct inner { int a; int b; };\n"
	"struct same { int a; char name[16]; struct inner in; struct same *next; cu32 c;\n"
	"	union { int x; long y; }; struct { char p, q; } pair; int (*call)(int);\n"
	"	u32 f:3, g:7, :2, h:1; enum e kind; struct inner two[2][3]; long tail[]; };\n"
	"struct gone { int a, more, c; };\n"
	"struct inode { int mode; int x; long size; };\n"
	"struct deep { int first; struct { union { int a; int b; }; int c; }; };\n"
	"struct bits { u32 a:4, b:5, c:7; };\n"
	"struct wide { int a[5]; };\n"
	"struct longer { int a; };\n"
	"struct outside { int not_in_the_kernel; };\n"
	"union one { int a; char b; long c; };\n"
	"struct only_here { int a; };\n"
	"struct only_here *oh; int oh_use(void) { return sizeof(*oh); }\n" USES;

static const char expected[] = "struct gone: member 'more' is missing in vmlinux\n"
			       "struct inode: member 'x' is at byte 4, in vmlinux at byte 16\n"
			       "struct deep: member 'a' is at byte 4, in vmlinux at byte 8\n"
			       "struct bits: member 'b' has 5 bits, in vmlinux 4 bits\n"
			       "struct wide: member 'a' has 20 bytes, in vmlinux 16 bytes\n"
			       "struct longer: member 'b' of vmlinux is missing\n"
			       "union one: member 'c' is missing in vmlinux\n";

static struct klp_layout_differences differences;
static enum klp_layout_source source;
static struct klp_error err;

static int compare(const char *livepatch, const char *objects)
{
	char *words = klp_strdup(arena, objects), *save = NULL;
	struct klp_strs paths = {};

	for (char *w = strtok_r(words, " ", &save); w; w = strtok_r(NULL, " ", &save))
		klp_vec_push(arena, &paths, lab_path(w));
	differences = (struct klp_layout_differences){};
	err = (struct klp_error){};
	return klp_layouts_compare(arena, lab_path(livepatch), &paths, &differences, &source, &err);
}

/* In any order: that of the debug information is the compiler's. */
static void expect(const char *livepatch, const char *objects, enum klp_layout_source from,
		   const char *lines)
{
	size_t n = 0;

	if (compare(livepatch, objects) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(source, from);
	for (size_t i = 0; i < differences.n; i++) {
		const char *line =
			klp_sprintf(arena, "%s: %s\n", differences.v[i].type, differences.v[i].why);

		if (!strstr(lines, line))
			fail_msg("not expected: %s", line);
	}
	for (const char *p = lines; *p; p++)
		n += *p == '\n';
	if (differences.n != n)
		fail_msg("%zu differences, not %zu", differences.n, n);
}

static void link_vmlinux(void)
{
	lab_run("ld -o vmlinux -e use -Ttext=0xffffffff81000000 --no-warn-rwx-segments kernel.o");
}

static void by_dwarf(void **state)
{
	static const char *const flags[] = { "-g", "-gdwarf-4", "-gdwarf-2 -gstrict-dwarf",
					     "-g -gz=zlib" };

	(void)state;
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		lab_cc("kernel.o", KERNEL_TYPES USES, flags[i]);
		link_vmlinux();
		lab_cc("same.ko.o", KERNEL_TYPES USES, "-g");
		lab_cc("lp.ko.o", other, flags[i]);
		expect("same.ko.o", "vmlinux", KLP_LAYOUT_DWARF, "");
		expect("lp.ko.o", "vmlinux", KLP_LAYOUT_DWARF, expected);
	}
	lab_put("c.c", other, sizeof(other) - 1);
	lab_run("clang-14 -g -O2 -c -o c.o c.c");
	expect("c.o", "vmlinux", KLP_LAYOUT_DWARF, expected);
	lab_put("c.c", KERNEL_TYPES USES, sizeof(KERNEL_TYPES USES) - 1);
	lab_run("clang-14 -g -gdwarf-4 -O2 -c -o c.o c.c");
	expect("c.o", "vmlinux", KLP_LAYOUT_DWARF, "");
}

static void make_btf(const char *file, const char *base)
{
	lab_run(klp_sprintf(arena, "env LLVM_OBJCOPY=objcopy pahole -J %s%s %s",
			    base ? "--btf_base=" : "", base ? base : "", file));
	lab_run(klp_sprintf(arena, "objcopy --strip-debug %s", file));
}

static void by_btf(void **state)
{
	(void)state;
	lab_cc("kernel.o", KERNEL_TYPES USES, "-g");
	link_vmlinux();
	make_btf("vmlinux", NULL);
	/* on its own, and with the types that vmlinux has left to it */
	lab_cc("same.o", KERNEL_TYPES USES, "-g");
	make_btf("same.o", NULL);
	expect("same.o", "vmlinux", KLP_LAYOUT_BTF, "");
	lab_cc("lp.o", other, "-g");
	make_btf("lp.o", NULL);
	expect("lp.o", "vmlinux", KLP_LAYOUT_BTF, expected);
	lab_cc("same.o", KERNEL_TYPES USES, "-g");
	make_btf("same.o", "vmlinux");
	expect("same.o", "vmlinux", KLP_LAYOUT_BTF, "");
	lab_cc("lp.o", other, "-g");
	make_btf("lp.o", "vmlinux");
	expect("lp.o", "vmlinux", KLP_LAYOUT_BTF, expected);
}

#define MODULE "struct private { long lock; int count; }; struct private *p; "
#define PATCH  "int read_it(void) { return p->count; }\n"

/* A module's own types count, and no less when vmlinux has others of that name. */
static void modules(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		enum klp_layout_source from = i ? KLP_LAYOUT_BTF : KLP_LAYOUT_DWARF;

		lab_cc("kernel.o",
		       KERNEL_TYPES USES
		       "struct private { int theirs; } pp; struct common { int a; "
		       "int b; } cc;\n",
		       "-g");
		link_vmlinux();
		lab_cc("ext4.ko.o", MODULE PATCH "struct common { int a; } c;\n", "-g");
		lab_run("cp ext4.ko.o ext4.ko");
		lab_cc("good.o", MODULE PATCH, "-g");
		lab_cc("bad.o",
		       "struct private { int count; } *p; struct common { long z; } c;\n" PATCH,
		       "-g");
		if (i) {
			make_btf("vmlinux", NULL);
			make_btf("ext4.ko", "vmlinux");
			make_btf("good.o", "vmlinux");
			make_btf("bad.o", "vmlinux");
		}
		expect("good.o", "vmlinux ext4.ko", from, "");
		expect("good.o", "vmlinux", from,
		       "struct private: member 'lock' is missing in vmlinux\n");
		expect("bad.o", "vmlinux ext4.ko", from,
		       "struct private: member 'count' is missing in vmlinux\n"
		       "struct common: member 'z' is missing in vmlinux\n");
		assert_string_equal(differences.v[0].object, lab_path("vmlinux"));
		if (i) /* there is nothing to read it with */
			expect("good.o", "ext4.ko", KLP_LAYOUT_NONE, "");
		else
			expect("bad.o", "ext4.ko", from,
			       "struct private: member 'count' is at byte 0, in ext4 at byte 8\n"
			       "struct common: member 'z' is missing in ext4\n");
	}
}

/* Units of a livepatch may mean different things by one name. */
static void several_of_one_name(void **state)
{
	(void)state;
	lab_cc("a.o", "struct s { int a; } *s; int f(void) { return s->a; }\n", "-g");
	lab_cc("b.o", "struct s { long l; char c; } *s2; int g(void) { return s2->c; }\n", "-g");
	lab_run("ld -r -o both.o a.o b.o");
	expect("both.o", "both.o", KLP_LAYOUT_DWARF, "");
	expect("a.o", "both.o", KLP_LAYOUT_DWARF, "");
	expect("both.o", "b.o", KLP_LAYOUT_DWARF, "struct s: member 'a' is missing in b.o\n");
}

static void kinds_and_sizes(void **state)
{
	(void)state;
	lab_cc("k.o", "union u { int a; } u; struct p { char c; int i; } p; struct e {} e;\n",
	       "-g");
	lab_cc("l.o",
	       "struct u { int a; } u; struct p { char c; int i; } __attribute__((aligned(16))) "
	       "p; struct e { int x[0]; } e;\n",
	       "-g");
	expect("l.o", "k.o", KLP_LAYOUT_DWARF,
	       "struct u: it is a union in k.o\n"
	       "struct p: it has 16 bytes, in k.o 8 bytes\n"
	       "struct e: member 'x' is missing in k.o\n");
}

/* A module built outside of the kernel's tree brings along what it knows of vmlinux's types. */
static void a_base_of_its_own(void **state)
{
	struct btf *base = btf__new_empty(), *split;
	const void *data;
	uint32_t size;

	(void)state;
	lab_cc("kernel.o", KERNEL_TYPES USES, "-g");
	link_vmlinux();
	make_btf("vmlinux", NULL);
	assert_true(btf__add_int(base, "int", 4, BTF_INT_SIGNED) > 0);
	assert_true(btf__add_struct(base, "inode", 24) > 0);
	assert_true(btf__add_struct(base, "gone", 16) > 0);
	assert_true(btf__add_struct(base, "longer", 8) > 0);
	data = btf__raw_data(base, &size);
	lab_put("base", data, size);
	split = btf__new_empty_split(base);
	assert_true(btf__add_struct(split, "longer", 8) > 0);
	assert_int_equal(btf__add_field(split, "a", 1, 0, 0), 0);
	assert_int_equal(btf__add_field(split, "c", 1, 32, 0), 0);
	data = btf__raw_data(split, &size);
	lab_put("split", data, size);
	btf__free(split);
	btf__free(base);
	lab_cc("lp.o", "int x;\n", "");
	lab_run("objcopy --add-section .BTF.base=base --add-section .BTF=split lp.o");
	expect("lp.o", "vmlinux", KLP_LAYOUT_BTF,
	       "struct gone: it has 16 bytes, in vmlinux 12 bytes\n"
	       "struct longer: member 'c' is missing in vmlinux\n");
}

static void without_either(void **state)
{
	(void)state;
	lab_cc("kernel.o", KERNEL_TYPES USES, "-g0");
	lab_cc("lp.o", other, "-g");
	expect("lp.o", "kernel.o", KLP_LAYOUT_NONE, "");
	expect("kernel.o", "lp.o", KLP_LAYOUT_NONE, "");
	lab_cc("btf.o", KERNEL_TYPES USES, "-g");
	make_btf("btf.o", NULL);
	expect("lp.o", "btf.o", KLP_LAYOUT_NONE, "");
	/* what one of them lacks is made up for by the other kind */
	lab_cc("kernel.o", KERNEL_TYPES USES, "-g");
	link_vmlinux();
	lab_run("env LLVM_OBJCOPY=objcopy pahole -J lp.o");
	expect("lp.o", "vmlinux", KLP_LAYOUT_DWARF, expected);
}

static void no_objects(void **state)
{
	static const char junk[] = "\x9f\xeb\x01\x00 nonsense nonsense nonsense";

	(void)state;
	lab_cc("lp.o", other, "-g");
	lab_put("k.o", "nonsense", 8);
	assert_int_equal(compare("lp.o", "k.o"), KLP_EINPUT);
	assert_string_equal(err.file, lab_path("k.o"));
	assert_int_equal(compare("lp.o", "not-there"), KLP_ETROUBLE);
	lab_put("junk", junk, sizeof(junk));
	lab_cc("k.o", "int x;\n", "");
	lab_run("objcopy --add-section .BTF=junk k.o");
	lab_cc("l.o", other, "-g");
	make_btf("l.o", NULL);
	assert_int_equal(compare("k.o", "l.o"), KLP_EINPUT);
	assert_string_equal(err.file, lab_path("k.o"));
	assert_non_null(strstr(err.text, "BTF"));
	assert_true(err.hint[0]);
}

/* Where a struct's DW_AT_sibling is in a file, and what leads back to the struct itself. */
static size_t sibling_of(const char *name, uint32_t *ret_back)
{
	int fd = open(lab_path(name), O_RDONLY);
	Dwarf *dwarf = dwarf_begin(fd, DWARF_C_READ);
	Elf_Data *data = NULL;
	Dwarf_Attribute attr;
	Dwarf_Die unit, die;
	GElf_Shdr header;
	size_t names, at;

	assert_non_null(dwarf);
	assert_int_equal(elf_getshdrstrndx(dwarf_getelf(dwarf), &names), 0);
	for (Elf_Scn *s = NULL; (s = elf_nextscn(dwarf_getelf(dwarf), s));) {
		gelf_getshdr(s, &header);
		if (!strcmp(elf_strptr(dwarf_getelf(dwarf), names, header.sh_name),
			    ".debug_info")) {
			data = elf_getdata(s, NULL);
			break;
		}
	}
	assert_non_null(data);
	assert_int_equal(
		dwarf_get_units(dwarf, NULL, &(Dwarf_CU *){ NULL }, NULL, NULL, &unit, NULL), 0);
	assert_int_equal(dwarf_child(&unit, &die), 0);
	while (dwarf_tag(&die) != DW_TAG_structure_type || !dwarf_haschildren(&die))
		assert_int_equal(dwarf_siblingof(&die, &die), 0);
	assert_non_null(dwarf_attr(&die, DW_AT_sibling, &attr));
	assert_int_equal(dwarf_whatform(&attr), DW_FORM_ref4);
	at = header.sh_offset + (size_t)(attr.valp - (unsigned char *)data->d_buf);
	*ret_back = (uint32_t)dwarf_cuoffset(&die);
	dwarf_end(dwarf);
	close(fd);
	return at;
}

static void types_in_a_circle(void **state)
{
	uint32_t back;
	size_t len, at;
	char *data;

	(void)state;
	lab_cc("kernel.o", KERNEL_TYPES USES, "-g");
	lab_cc("lp.o", other, "-g");
	at = sibling_of("lp.o", &back);
	data = lab_get("lp.o", &len);
	memcpy(data + at, &back, sizeof(back));
	lab_put("lp.o", data, len);
	alarm(20);
	assert_int_equal(compare("lp.o", "kernel.o"), KLP_EINPUT);
	assert_non_null(strstr(err.text, "malformed"));
	alarm(0);
}

static void try(const char *path)
{
	struct klp_layout_differences ds = {};
	struct klp_strs paths = {}, good = {};
	enum klp_layout_source from;

	klp_vec_push(arena, &paths, path);
	klp_vec_push(arena, &good, lab_path("vmlinux"));
	klp_layouts_compare(arena, path, &good, &ds, &from, &(struct klp_error){});
	klp_layouts_compare(arena, lab_path("lp.o"), &paths, &ds, &from, &(struct klp_error){});
}

static void damaged(void **state)
{
	(void)state;
	lab_cc("kernel.o", KERNEL_TYPES USES, "-g");
	link_vmlinux();
	lab_cc("lp.o", other, "-g");
	lab_torture("lp.o", try);
	lab_torture("vmlinux", try);
	make_btf("vmlinux", NULL);
	make_btf("lp.o", "vmlinux");
	lab_torture("lp.o", try);
	lab_torture("vmlinux", try);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, lab_setup, lab_teardown)
	const struct CMUnitTest tests[] = {
		T(by_dwarf),	      T(by_btf),
		T(modules),	      T(several_of_one_name),
		T(kinds_and_sizes),   T(a_base_of_its_own),
		T(without_either),    T(no_objects),
		T(types_in_a_circle), T(damaged),
	};

	return cmocka_run_group_tests_name("layouts", tests, NULL, NULL);
}
