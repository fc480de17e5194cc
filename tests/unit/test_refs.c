// SPDX-License-Identifier: GPL-2.0-or-later
#include "elf/refs.h"

#include "tests/unit/lab.h"

static struct klp_symtab symtab;
static struct klp_refs refs;

static void load(const char *name)
{
	struct klp_error err = {};

	if (klp_symtab_load(arena, lab_path(name), &symtab, &err) < 0 ||
	    klp_refs_load(arena, &symtab, &refs, &err) < 0)
		fail_msg("%s: %s", name, err.text);
}

/* The reference between two symbols, NULL when there is none. */
static const struct klp_ref *between(const char *from, const char *to)
{
	for (size_t i = 0; i < refs.n; i++)
		if (refs.v[i].from && refs.v[i].to && !strcmp(refs.v[i].from->name, from) &&
		    !strcmp(refs.v[i].to->name, to))
			return &refs.v[i];
	return NULL;
}

static const struct klp_ref *must(const char *from, const char *to)
{
	const struct klp_ref *ref = between(from, to);

	if (!ref)
		fail_msg("no reference from '%s' to '%s'", from, to);
	return ref;
}

static const char text[] =
	"extern void out(const char *s);\n"
	"extern void bad(void) __attribute__((cold));\n"
	"static int zero[4]; static short half = 3; static char byte = 1; static long wide = 7;\n"
	"static int first = 1, second = 2;\n"
	"int visible;\n"
	"__attribute__((noinline)) static int helper(int x) { asm(\"\"); return x + first; }\n"
	"__attribute__((noinline)) static int target(int x) { asm(\"\"); return x + second; }\n"
	"struct ops { int (*fn)(int); }; struct ops table = { target };\n"
	"int user(int x) { return helper(x) + visible; }\n"
	"void stores(void) { zero[0] = 5; half = 6; byte = 7; wide = 8; first = 9; second = 10; }\n"
	"int tests(void) { return (byte & 4) && half == 12 && first == 77777; }\n"
	"long reads(int i) { return zero[i] + wide; }\n"
	"void *takes(void) { return target; }\n"
	"void says(void) { out(\"text\"); }\n"
	"int chills(int x) { if (x > 9) { bad(); out(\"x\"); visible = second; } return x; }\n"
	"int jumps(int x) { return target(x); }\n";

static void sectioned_references_name_their_targets(void **state)
{
	(void)state;
	lab_cc("s.o", text,
	       LAB_TRACED " -g -ffunction-sections -fdata-sections "
			  "-freorder-blocks-and-partition");
	load("s.o");
	assert_true(must("user", "helper")->branch);
	assert_true(must("user", "helper")->code);
	assert_string_equal(must("user", "helper")->section, ".text.user");
	assert_string_equal(must("user", "helper")->to_section, ".text.helper");
	assert_false(must("user", "visible")->branch);
	assert_false(must("takes", "target")->branch);
	assert_true(must("jumps", "target")->branch);
	assert_false(must("table", "target")->code);
	assert_true(must("helper", "first")->code);
	assert_null(must("says", "out")->to_section);
	/* operands followed by an immediate of 1, 2 and 4 bytes */
	must("stores", "zero");
	must("stores", "half");
	must("stores", "byte");
	must("stores", "wide");
	must("tests", "byte");
	must("tests", "half");
	must("tests", "first");
	assert_null(between("tests", "second"));
	assert_null(between("takes", "helper"));
}

static void cold_parts_count_as_their_parents(void **state)
{
	(void)state;
	lab_cc("s.o", text, "-ffunction-sections -fdata-sections -freorder-blocks-and-partition");
	load("s.o");
	assert_non_null(klp_symtab_get(&symtab, "chills.cold"));
	assert_true(must("chills", "bad")->branch);
	must("chills", "second");
	assert_null(between("chills.cold", "bad"));
	assert_null(between("chills", "chills.cold"));
	must("chills", "chills"); /* the jump into the part */
}

/* Strings have no symbol; the tracer's list and debugging sections tell nothing. */
static void what_has_no_symbol_and_what_is_left_out(void **state)
{
	size_t strings = 0;

	(void)state;
	lab_cc("s.o", text, LAB_TRACED " -g -ffunction-sections -fdata-sections");
	load("s.o");
	for (size_t i = 0; i < refs.n; i++) {
		assert_null(strstr(refs.v[i].section, ".debug"));
		assert_null(strstr(refs.v[i].section, "mcount"));
		if (refs.v[i].to)
			continue;
		assert_non_null(refs.v[i].to_section);
		assert_non_null(strstr(refs.v[i].to_section, ".str"));
		strings++;
	}
	assert_int_equal(strings, 2);
}

/*
 * In an object as Kbuild makes it data is reached through section symbols, several in one
 * section; the immediate decides which one is meant.
 */
static void shared_sections_are_told_apart(void **state)
{
	(void)state;
	lab_cc("u.o",
	       "int pad1 = 1; static int a = 1, b = 2, c = 3; static char d = 4, e = 5;\n"
	       "static short f = 6, g = 7; long h = 8;\n"
	       "void sa(void) { a = 100; } void sb(void) { b = 200; } void sc(void) { c = 300; }\n"
	       "void sd(void) { d = 9; } void se(void) { e = 9; }\n"
	       "void sf(void) { f = 1000; } void sg(void) { g = 1000; }\n"
	       "int ra(void) { return a; } int rb(void) { return b + 1; } int rc(void) { return c; "
	       "}\n"
	       "int re(void) { return e & 1 ? 3 : 4; } int rg(void) { return g == 999; }\n"
	       "void addc(void) { __atomic_fetch_add(&c, 1, __ATOMIC_RELAXED); }\n"
	       "int xadd(int x) { return __atomic_fetch_add(&b, x, __ATOMIC_RELAXED); }\n"
	       "void rol(void) { c = c << 7 | (unsigned)c >> 25; }\n"
	       "int rd(void) { return d; } int rf(void) { return f; }\n",
	       "-fno-toplevel-reorder");
	load("u.o");
	for (const char *p = "abcdefg"; *p; p++) {
		char from[3] = { 's', *p, 0 }, to[2] = { *p, 0 };

		must(from, to);
		from[0] = 'r';
		must(from, to);
		for (const char *q = "abcdefg"; *q; q++) {
			to[0] = *q;
			if (*q != *p)
				assert_null(between(from, to));
			from[0] = 's';
			if (*q != *p)
				assert_null(between(from, to));
		}
	}
	must("addc", "c");
	must("xadd", "b");
	must("rol", "c");
}

static void other_files_are_refused(void **state)
{
	struct klp_error err = {};

	(void)state;
	lab_cc("s.o", "int f(void) { return 1; }\n", "");
	lab_run("ld -e f -o x s.o");
	assert_int_equal(klp_symtab_load(arena, lab_path("x"), &symtab, &err), 0);
	assert_int_equal(klp_refs_load(arena, &symtab, &refs, &err), KLP_EINPUT);
	assert_non_null(strstr(err.text, "not a relocatable x86-64 object"));
}

static void try_load(const char *path)
{
	struct klp_error err = {};
	struct klp_symtab t;
	struct klp_refs r;

	if (!klp_symtab_load(arena, path, &t, &err) && !klp_refs_load(arena, &t, &r, &err))
		for (size_t i = 0; i < r.n; i++)
			assert_true(!r.v[i].to || r.v[i].to->name);
}

static void hostile_files_do_no_harm(void **state)
{
	(void)state;
	lab_cc("s.o", text, LAB_TRACED " -ffunction-sections -fdata-sections");
	lab_torture("s.o", try_load);
}

/* How many references to `target` its own section holds in `from`, by the bytes of the code. */
static size_t settled(const char *target, const char *from)
{
	struct klp_error err = {};
	struct klp_refs found = {};
	size_t n = 0;

	if (klp_refs_settled(arena, &symtab, klp_symtab_function(&symtab, target), &found, &err) <
	    0)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < found.n; i++)
		n += found.v[i].from && !strcmp(found.v[i].from->name, from);
	return n;
}

/* A call, a jump out of a condition, and an address, without a relocation. */
static void branches_that_the_assembler_settled_are_found(void **state)
{
	(void)state;
	lab_cc("settled.o",
	       "__attribute__((noinline)) static int f(int x) { asm(\"\"); return x + 1; }\n"
	       "int calls(int x) { return f(x) * 2; }\n"
	       "int jumps(int x) { return x ? f(x) : 0; }\n"
	       "void takes(void) { asm volatile(\"lea %P0(%%rip), %%rax\" : : \"i\"(f) : \"rax\"); "
	       "}\n",
	       "");
	load("settled.o");
	assert_int_equal(settled("f", "calls"), 1);
	assert_int_equal(settled("f", "jumps"), 1);
	assert_int_equal(settled("f", "takes"), 1);
	assert_int_equal(settled("f", "f"), 0);
}

/*
 * The last bytes of JNE and the first one of what follows read as JRCXZ, a displacement behind
 * a register as JNE, an immediate as a call.
 */
static const char lookalikes[] = "asm(\".text\\n.type f,@function\\nf: ret\\n.size f,.-f\\n\"\n"
				 "    \".globl like\\n.type like,@function\\nlike:\\n\"\n"
				 "    \".byte 0x75,0xe3,f-(.+1)\\n.byte 0x8b,0xc0\\n\"\n"
				 "    \".byte 0x8b,0x75,f-(.+1)\\n\"\n"
				 "    \".byte 0x48,0xb8,0,0,0,0xe8\\n.long f-(.+4)\\n\"\n"
				 "    \"ret\\n\" MORE \".size like,.-like\\n\");\n";

static void what_only_looks_like_a_branch_is_none(void **state)
{
	(void)state;
	lab_cc("like.o", klp_sprintf(arena, "#define MORE \"nop\\n\"\n%s", lookalikes), "");
	load("like.o");
	assert_int_equal(settled("f", "like"), 0);
}

/* 0x06 is no instruction: nobody knows where those around it begin. */
static void in_doubt_what_looks_like_one_counts(void **state)
{
	(void)state;
	lab_cc("doubt.o", klp_sprintf(arena, "#define MORE \".byte 6\\n\"\n%s", lookalikes), "");
	load("doubt.o");
	assert_true(settled("f", "like") >= 2);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, lab_setup, lab_teardown)
	const struct CMUnitTest tests[] = {
		T(sectioned_references_name_their_targets),
		T(cold_parts_count_as_their_parents),
		T(what_has_no_symbol_and_what_is_left_out),
		T(shared_sections_are_told_apart),
		T(branches_that_the_assembler_settled_are_found),
		T(what_only_looks_like_a_branch_is_none),
		T(in_doubt_what_looks_like_one_counts),
		T(other_files_are_refused),
		T(hostile_files_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
