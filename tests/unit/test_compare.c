// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The comparison of two objects, on small files that are compiled here: one test for each
 * thing that is no difference and for each that is, and the cases of tests/golden/closure.
 */
#include "elf/compare.h"

#include <dirent.h>

#include "elf/operand.h"
#include "report/compare.h"
#include "tests/unit/lab.h"

#include <jansson.h>

#define GOLDEN	 "tests/golden/closure"
#define SECTIONS "-ffunction-sections -fdata-sections "

static struct klp_compare compare_files(const char *a, const char *b)
{
	struct klp_error err = {};
	struct klp_compare compare;

	if (klp_compare_objects(arena, lab_path(a), lab_path(b), &compare, &err) < 0)
		fail_msg("%s", err.text);
	return compare;
}

static struct klp_compare compare_with(const char *a, const char *b, const char *flags)
{
	lab_cc("a/x.o", a, flags);
	lab_cc("b/x.o", b, flags);
	return compare_files("a/x.o", "b/x.o");
}

static struct klp_compare compare(const char *a, const char *b)
{
	return compare_with(a, b, SECTIONS);
}

/* "f g", to compare a list with. */
static const char *names(const struct klp_differences *list)
{
	const char *text = "";

	for (size_t i = 0; i < list->n; i++)
		text = klp_sprintf(arena, "%s%s%s", text, i ? " " : "",
				   list->v[i].a ? list->v[i].a : list->v[i].b);
	return text;
}

static const char *readers(const struct klp_readers *list)
{
	const char *text = "";

	for (size_t i = 0; i < list->n; i++)
		text = klp_sprintf(arena, "%s%s%s:%s", text, i ? " " : "", list->v[i].function,
				   list->v[i].of);
	return text;
}

static const char *why(const struct klp_differences *list, const char *symbol)
{
	const struct klp_difference *d = klp_difference_find(list, symbol);

	if (!d)
		fail_msg("'%s' is not among '%s'", symbol, names(list));
	return d->why;
}

#define assert_changed(c, list) assert_string_equal(names(&(c).changed), list)
#define assert_same_data(c)                                        \
	do {                                                       \
		assert_string_equal(names(&(c).changed_data), ""); \
		assert_string_equal(names(&(c).data_only_a), "");  \
		assert_string_equal(names(&(c).data_only_b), "");  \
	} while (0)
#define assert_equal(c) assert_false(klp_compare_differs(&(c)))

#define HEAD                                               \
	"#define apart __attribute__((noinline, noipa))\n" \
	"extern int use(const void *, ...); extern int step(int);\n"

static void code_and_references(void **state)
{
	struct klp_compare c;

	(void)state;
	c = compare(HEAD "int f(int x) { return step(x) + 1; } int g(int x) { return step(x); }",
		    HEAD "int g(int x) { return step(x); } int f(int x) { return step(x) + 2; }");
	assert_changed(c, "f");
	assert_int_equal(c.identical, 1);
	assert_true(c.sectioned);
	assert_non_null(strstr(why(&c.changed, "f"), "code at +0x"));
	c = compare(HEAD "int f(int x) { return step(x) + 1; }",
		    HEAD "int f(int x) { return use((void *)0, x), step(x) + 1; } int h;");
	assert_changed(c, "f");
	assert_string_equal(names(&c.data_only_b), "h");
	c = compare(HEAD "int f(int x) { return step(x); } int g(int x) { return 0; }", HEAD
		    "int stop(int); int f(int x) { return stop(x); } int h(int x) { return 0; }");
	assert_changed(c, "f");
	assert_string_equal(why(&c.changed, "f"), "reference 1 at +0x1: step -> stop");
	assert_string_equal(names(&c.only_a), "g");
	assert_string_equal(names(&c.only_b), "h");
	assert_int_equal(c.identical, 0);
}

static struct klp_compare compare_excerpt(const char *whole, const char *part)
{
	struct klp_compare_names how = {};
	struct klp_error err = {};
	struct klp_compare compare;
	struct klp_map map;

	klp_map_init(&map, arena);
	klp_map_put(&map, "new_f", (char *)"f");
	klp_map_put(&map, "their_g", (char *)"g");
	klp_map_put(&map, "their_count", (char *)"count.7");
	how.map = &map;
	lab_cc("a/x.o", whole, SECTIONS);
	lab_cc("b/x.o", part, SECTIONS);
	if (klp_compare_excerpt(arena, lab_path("a/x.o"), lab_path("b/x.o"), &how, &compare,
				&err) < 0)
		fail_msg("%s", err.text);
	return compare;
}

/* What the unit defines the excerpt names; calls that the assembler filled in, too. */
static void an_excerpt_names_the_rest(void **state)
{
	static const char whole[] =
		HEAD "static __attribute__((noipa, section(\".text.both\"))) int g(int x)\n"
		     "{ static int count; return step(x) + count++; }\n"
		     "static __attribute__((noipa, section(\".text.both\"))) int f(int x)\n"
		     "{ if (x > 3) return f(x - 1) * 3 + g(x) + g(x + 1); return step(x); }\n"
		     "int other(int x) { return f(x) + g(x); }\n";
	static const char good[] =
		HEAD "extern int their_g(int); int new_f(int);\n"
		     "__attribute__((noipa)) int new_f(int x)\n"
		     "{ if (x > 3) return new_f(x - 1) * 3 + their_g(x) + their_g(x + 1);"
		     " return step(x); }\n";
	static const char bad[] =
		HEAD "extern int their_g(int), their_h(int); int new_f(int);\n"
		     "__attribute__((noipa)) int new_f(int x)\n"
		     "{ if (x > 3) return new_f(x - 1) * 3 + their_g(x) + their_h(x + 1);"
		     " return step(x); }\n";
	static const char local[] =
		HEAD "extern int their_count; int g(int);\n"
		     "__attribute__((noipa, section(\".text.both\"))) int g(int x)\n"
		     "{ return step(x) + their_count++; }\n";
	struct klp_compare c;

	(void)state;
	c = compare_excerpt(whole, good);
	assert_changed(c, "");
	assert_int_equal(c.identical, 1);
	assert_int_equal(c.only_a.n, 0);
	c = compare_excerpt(whole, bad);
	assert_changed(c, "f");
	assert_non_null(strstr(why(&c.changed, "f"), "g -> their_h"));
	c = compare_excerpt(whole, local);
	assert_changed(c, "");
	assert_int_equal(c.identical, 1);
}

static void static_locals_are_renumbered(void **state)
{
	static const char before[] =
		HEAD "int f(int x) { static int count = 3; return use(&count, x); }\n"
		     "int g(int x) { static int count = 3; return use(&count, x) + 1; }\n"
		     "int h(int x) { return use(__func__, x); }\n"
		     "int i(int x) { return use(__func__, x); }\n";
	static const char after[] = HEAD
		"int e(int x) { static int count = 3; use(__func__); return use(&count, x) + 2; }\n"
		"int f(int x) { static int count = 3; return use(&count, x); }\n"
		"int g(int x) { static int first, count = 3; return use(&first, use(&count, x)) + "
		"1; }\n"
		"int h(int x) { return use(__func__, x); }\n"
		"int i(int x) { return use(__func__, x); }\n";
	struct klp_compare c;

	(void)state;
	c = compare(before, after);
	assert_changed(c, "g");
	assert_string_equal(names(&c.only_b), "e");
	assert_int_equal(c.identical, 3);
	assert_string_equal(names(&c.changed_data), "");
	assert_int_equal(c.data_only_b.n, 3); /* count and __func__ of e, first of g */
}

/* Two statics of one name in one function, and the code goes to the other one. */
static void a_reference_to_the_other_static(void **state)
{
	struct klp_compare c;

	(void)state;
	c = compare(HEAD "static int f(int x) { { static int n = 1; use(&n); }"
			 " { static int n = 2; return use(&n, x); } } int g(void) { return f(1); }",
		    HEAD
		    "static int f(int x) { { static int n = 1; static int m; use(&n); }"
		    " { static int n = 2; return use(&n, x); } } int g(void) { return f(1); }");
	assert_equal(c);
	c = compare("asm(\".data; .globl f; .type n.1,@object; .size n.1,4; n.1: .long 1;"
		    " .type n.2,@object; .size n.2,4; n.2: .long 1\"); extern int a asm(\"n.1\"),"
		    " b asm(\"n.2\"); int f(void) { return a; } int g(void) { return b; }",
		    "asm(\".data; .globl f; .type n.1,@object; .size n.1,4; n.1: .long 1;"
		    " .type n.2,@object; .size n.2,4; n.2: .long 1\"); extern int a asm(\"n.1\"),"
		    " b asm(\"n.2\"); int f(void) { return b; } int g(void) { return b; }");
	assert_changed(c, "f");
}

static void counters_in_names(void **state)
{
	static const char format[] = HEAD
		"static int __attribute__((used)) __UNIQUE_ID_license%d = 7;\n"
		"asm(\".data; .type n, @object; .size n, 4\\n"
		"n: .long 5; .set __initcall__kmod_x__%d_%d_start6, n\");\n"
		"static int __attribute__((used)) x asm(\"__initcall__kmod_y__%d_%d_go6\") = 9;\n";
	struct klp_compare c;

	(void)state;
	c = compare(klp_sprintf(arena, format, 12, 13, 99, 14, 120),
		    klp_sprintf(arena, format, 112, 113, 98, 114, 7));
	assert_equal(c);
	c = compare(klp_sprintf(arena, format, 12, 13, 99, 14, 120),
		    HEAD "static int __attribute__((used)) __UNIQUE_ID_license1 = 8;\n"
			 "asm(\".data; .type n, @object; .size n, 4; n: .long 5\");"
			 "static int __attribute__((used)) __UNIQUE_ID_author1 = 7;\n");
	assert_string_equal(names(&c.changed_data), "__UNIQUE_ID_license12");
	assert_string_equal(names(&c.data_only_b), "__UNIQUE_ID_author1");
}

static void strings_go_by_content(void **state)
{
	struct klp_compare c;

	(void)state;
	c = compare(
		HEAD "int f(void) { return use(\"one\"); } int g(void) { return use(\"two\"); }",
		HEAD "int e(void) { return use(\"zero\") + use(\"two\"); }"
		     "int f(void) { return use(\"one\"); } int g(void) { return use(\"two\"); }");
	assert_changed(c, "");
	assert_same_data(c);
	c = compare(
		HEAD "int f(void) { return use(\"one\"); } int g(void) { return use(\"two\"); }",
		HEAD "int f(void) { return use(\"two\"); } int g(void) { return use(\"one\"); }");
	assert_changed(c, "f g");
	assert_string_equal(why(&c.changed, "f"), "reference 1 at +0x3: \"one\" -> \"two\"");
	/* the tail of another one, and only a longer one */
	c = compare(
		HEAD "int f(void) { return use(\"one\"); } int g(void) { return use(\"none\"); }",
		HEAD
		"int f(void) { return use(\"one\"); } int g(void) { return use(\"none\\n\"); }");
	assert_changed(c, "g");
	assert_string_equal(why(&c.changed, "g"), "reference 1 at +0x3: \"none\" -> \"none\\n\"");
	c = compare(
		HEAD "int f(void) { return use(L\"one\"); } int g(void) { return use(L\"ab\"); }",
		HEAD "int f(void) { return use(L\"ona\"); } int g(void) { return use(L\"ab\"); }");
	assert_changed(c, "f");
}

#define JUMPS(name, a, b)                                                             \
	"int " name "(int x) { switch (x) { case 0: use(\"a\"); break; case 1: " a    \
	" break; case 2: use(\"c\", x); break; case 3: " b " break; case 4: step(9);" \
	" break; case 5: use(\"d\"); } return 1; }\n"

static void jump_tables_go_by_content(void **state)
{
	struct klp_compare c;

	(void)state;
	c = compare(HEAD JUMPS("f", "step(1);", "step(4);"),
		    HEAD JUMPS("e", "step(1);", "use(0);") JUMPS("f", "step(1);", "step(4);"));
	assert_changed(c, "");
	assert_same_data(c);
	assert_int_equal(c.identical, 1);
	c = compare(HEAD JUMPS("f", "step(1);", "step(4);") JUMPS("g", "step(1);", "step(4);"),
		    HEAD JUMPS("f", "step(1);", "step(4);") JUMPS("g", "step(1);", ""));
	assert_changed(c, "g");
}

/* The code is the same, only the order of the addresses in its table isn't. */
static void only_the_jump_table_differs(void **state)
{
	static const char format[] =
		"int f(int x) { asm goto(\"jmp *1f(,%%q0,8)\\n.pushsection .rodata.f,\\\"a\\\"\\n"
		"1: .quad %%l%d, %%l%d\\n.popsection\" :: \"r\"((long)x) :: one, two);\n"
		"one: return 1; two: return 2; }\n";
	struct klp_compare c;

	(void)state;
	c = compare(klp_sprintf(arena, format, 1, 2), klp_sprintf(arena, format, 1, 2));
	assert_equal(c);
	c = compare(klp_sprintf(arena, format, 1, 2), klp_sprintf(arena, format, 2, 1));
	assert_changed(c, "f");
	assert_non_null(strstr(why(&c.changed, "f"), "other content"));
	assert_same_data(c);
}

#define SWITCHED(name, last)                                                      \
	"int " name "(int x) { switch (x) { case 0: return 17; case 1: return 3;" \
	" case 2: return 99; case 3: return 4; case 4: return " last "; } return 0; }\n"

static void switch_tables_go_by_content(void **state)
{
	struct klp_compare c;

	(void)state;
	c = compare(SWITCHED("f", "12") SWITCHED("g", "13"),
		    SWITCHED("e", "11") SWITCHED("f", "12") SWITCHED("g", "14"));
	assert_non_null(strstr(lab_run("nm a/x.o"), "CSWTCH."));
	assert_changed(c, "g");
	assert_string_equal(names(&c.only_b), "e");
	assert_same_data(c);
}

#define COLD(name, arg)                                                                       \
	"int " name "(int x) { if (x > 5) { use(\"" name "\", " arg "); step(7); return 1; }" \
	" return step(x) * 3; }\n"

static void cold_parts_belong_to_their_functions(void **state)
{
	static const char head[] = "extern int use(const void *, ...) __attribute__((cold));"
				   "extern int step(int);\n";
	struct klp_compare c;

	(void)state;
	c = compare(klp_sprintf(arena, "%s%s", head, COLD("f", "1") COLD("g", "2")),
		    klp_sprintf(arena, "%s%s", head, COLD("g", "3") COLD("f", "1")));
	assert_non_null(strstr(lab_run("nm a/x.o"), "g.cold"));
	assert_changed(c, "g");
	assert_int_equal(c.identical, 1);
	assert_non_null(strstr(why(&c.changed, "g"), "cold part: code at"));
}

/* Names as GCC makes them, given by hand so that the test doesn't depend on its mood. */
#define CLONE(c_name, symbol, body) \
	"int " c_name "(int) asm(\"" symbol "\"); apart int " c_name "(int x) { " body " }\n"

static void clones_are_renumbered(void **state)
{
	static const char before[] = HEAD CLONE("f0", "f.constprop.0", "return step(x) + 1;")
		CLONE("f1", "f.constprop.1",
		      "return step(x) + 2;") "int g(int x) { return f0(x); } int "
					     "h(int x) { return f1(x); }";
	static const char swapped[] = HEAD CLONE("f0", "f.constprop.1", "return step(x) + 1;")
		CLONE("f1", "f.constprop.0",
		      "return step(x) + 2;") "int g(int x) { return f0(x); } int h(int x) { return "
					     "f1(x); }";
	static const char crossed[] = HEAD CLONE("f0", "f.constprop.0", "return step(x) + 1;")
		CLONE("f1", "f.constprop.1",
		      "return step(x) + 2;") "int g(int x) { return f1(x); } int h(int x) { return "
					     "f1(x); }";
	struct klp_compare c;

	(void)state;
	c = compare(before, swapped);
	assert_equal(c);
	assert_int_equal(c.identical, 4);
	c = compare(before, crossed);
	assert_changed(c, "g");
	assert_string_equal(why(&c.changed, "g"),
			    "reference 1 at +0x1: f.constprop.0 -> f.constprop.1");
}

static void another_clone_is_a_difference_of_the_caller(void **state)
{
	struct klp_compare c;

	(void)state;
	c = compare(HEAD CLONE("f0", "f", "return step(x) + 1;") "int g(int x) { return f0(x); }",
		    HEAD CLONE("f0", "f.isra.0",
			       "return step(x) + 1;") "int g(int x) { return f0(x); }");
	assert_changed(c, "g");
	assert_string_equal(names(&c.only_a), "f");
	assert_string_equal(names(&c.only_b), "f.isra.0");
	assert_string_equal(why(&c.only_a, "f"), "B has 'f.isra.0' of it");
	c = compare(HEAD CLONE("f0", "f.isra.0",
			       "return step(x) + 1;") "int g(int x) { return f0(x); }",
		    HEAD CLONE("f0", "f.isra.3",
			       "return step(x) + 2;") "int g(int x) { return f0(x); }");
	assert_changed(c, "f.isra.0");
	assert_true(c.changed.v[0].clone);
	assert_string_equal(c.changed.v[0].name, "f.isra.N");
	assert_string_equal(c.changed.v[0].b, "f.isra.3");
	assert_string_equal(readers(&c.clone_callers), "g:f.isra.0");
}

#define WARNS(name, line)                                                       \
	"int " name "(int x) { if (x > 3) { asm volatile(\"1: ud2\\n"           \
	".pushsection __bug_table,\\\"aw\\\"\\n.long 1b - .\\n.long %c0 - .\\n" \
	".word " line "\\n.word 0\\n.popsection\" :: \"i\"(\"file.c\")); } return step(x); }\n"

static void bug_table_entries_belong_to_functions(void **state)
{
	struct klp_compare c;

	(void)state;
	c = compare(HEAD WARNS("f", "10") WARNS("g", "20"),
		    HEAD WARNS("e", "5") WARNS("g", "20") WARNS("f", "10"));
	assert_changed(c, "");
	assert_same_data(c);
	c = compare(HEAD WARNS("f", "10") WARNS("g", "20"), HEAD WARNS("f", "10") WARNS("g", "21"));
	assert_changed(c, "g");
	assert_string_equal(why(&c.changed, "g"), "__bug_table entry 1: bytes at +0x8");
	assert_same_data(c);
	c = compare(HEAD WARNS("f", "10"), HEAD "int f(int x) { if (x > 3) asm volatile(\"ud2\");"
						" return step(x); }");
	assert_changed(c, "f");
	assert_string_equal(why(&c.changed, "f"), "__bug_table entry 1: only in A");
}

#define ALTERNATIVE(name, new, len)                                                                \
	"int " name "(int x) { asm volatile(\"661: nop\\n662:\\n"                                  \
	".pushsection .altinstructions,\\\"a\\\"\\n.long 661b - .\\n.long 663f - .\\n.word 7\\n"   \
	".byte 1\\n.byte " len "\\n.popsection\\n.pushsection .altinstr_replacement,\\\"ax\\\"\\n" \
	"663: " new "\\n.popsection\"); return step(x); }\n"

/* The second one has no replacement: its address is that of the third one's. */
static void alternatives_belong_to_functions(void **state)
{
	struct klp_compare c;

	(void)state;
	c = compare(HEAD ALTERNATIVE("f", "nop", "1") ALTERNATIVE("g", "", "0")
			    ALTERNATIVE("h", "cli", "1"),
		    HEAD ALTERNATIVE("f", "nop", "1") ALTERNATIVE("g", "", "0")
			    ALTERNATIVE("h", "sti", "1"));
	assert_changed(c, "h");
	assert_same_data(c);
	assert_int_equal(c.identical, 2);
}

#define KEYED(name, key)                                                                    \
	"int " name "(int x) { asm goto(\"1: nop\\n.pushsection __jump_table,\\\"aw\\\"\\n" \
	".long 1b - ., %l1 - .\\n.quad %c0 - .\\n.popsection\" :: \"i\"(&" key ") :: yes);" \
	" return step(x); yes: return 1; }\n"

static void jump_labels_belong_to_functions(void **state)
{
	struct klp_compare c;

	(void)state;
	c = compare(HEAD "static int key1 = 1, key2 = 2;" KEYED("f", "key1") KEYED("g", "key2")
			    KEYED("h", "key1"),
		    HEAD "static int key1 = 1, key2 = 3;" KEYED("f", "key2") KEYED("g", "key2")
			    KEYED("h", "key1"));
	assert_changed(c, "f");
	assert_string_equal(why(&c.changed, "f"),
			    "__jump_table entry 1: reference 3 at +0x8: key1 -> key2");
	assert_string_equal(names(&c.changed_data), "key2");
	assert_string_equal(readers(&c.readers), "f:key2 g:key2");
}

static void each_alias_is_compared(void **state)
{
	struct klp_compare c;

	(void)state;
	c = compare(HEAD "int f(int x) { return step(x); }"
			 "int g(int) __attribute__((alias(\"f\")));",
		    HEAD "int f(int x) { return step(x) + 1; }"
			 "int g(int) __attribute__((alias(\"f\")));");
	assert_changed(c, "f g");
	c = compare(HEAD "int f(int x) { return step(x); }"
			 "int g(int) __attribute__((alias(\"f\")));",
		    HEAD "int f(int x) { return step(x); } int g(int x) { return step(x) + 1; }");
	assert_changed(c, "g");
	assert_string_equal(c.changed.v[0].shares, "f");
}

/* GCC merges them; the fix of one ends that. Only who used that one differs. */
static void folded_functions(void **state)
{
#define FOLDED(name, plus)                                                            \
	"static __attribute__((noinline)) int " name "(int *d) { int r = step(d[0]);" \
	" if (r < " plus ") return r; d[1] = r * 7; return step(r); }\n"
	struct klp_compare c;

	(void)state;
	c = compare(
		HEAD FOLDED("rx", "0") FOLDED(
			"tx", "0") "int dev_rx(int *d) { return rx(d) + 1; } int dev_tx(int *d) {"
				   " return tx(d) - 1; }",
		HEAD FOLDED("rx", "0") FOLDED(
			"tx", "1") "int dev_rx(int *d) { return rx(d) + 1; } int dev_tx(int *d) {"
				   " return tx(d) - 1; }");
	assert_changed(c, "dev_tx tx");
	assert_non_null(strstr(why(&c.changed, "dev_tx"), ": rx=tx -> tx"));
	assert_string_equal(klp_difference_find(&c.changed, "tx")->shares, "rx");
}

static void readers_of_changed_data(void **state)
{
	static const char format[] = HEAD
		"static const int table[] = { 1, 2, %d }; static const int other[] = { 4, 5, 6 };\n"
		"struct ops { const int *t; }; static const struct ops ops = { table };\n"
		"int f(int i) { return use(&table[i]); } int g(int i) { return use(&other[i]); }\n"
		"int h(void) { return use(&ops); }\n"
		"int writable = %d; int *k(void) { return &writable; }\n";
	struct klp_compare c;

	(void)state;
	c = compare(klp_sprintf(arena, format, 3, 1), klp_sprintf(arena, format, 4, 2));
	assert_changed(c, "");
	assert_string_equal(names(&c.changed_data), "table writable");
	assert_string_equal(why(&c.changed_data, "table"), "bytes at +0x8");
	assert_false(klp_difference_find(&c.changed_data, "table")->writable);
	assert_true(klp_difference_find(&c.changed_data, "writable")->writable);
	assert_string_equal(readers(&c.readers), "f:table h:table k:writable");
	assert_null(c.readers.v[0].via);
	assert_string_equal(c.readers.v[1].via, "ops");
}

/* Equal tables are one until the fix; who reads the other one reads nothing new. */
static void readers_of_folded_data(void **state)
{
	static const char format[] = HEAD
		"static const int one[] = { 7, 8, 9 }, two[] = { 7, 8, %d };\n"
		"int f(int i) { return step(one[i]); } int g(int i) { return step(two[i]) + 1; }\n";
	struct klp_compare c;

	(void)state;
	c = compare(klp_sprintf(arena, format, 9), klp_sprintf(arena, format, 10));
	assert_changed(c, "g");
	for (size_t i = 0; i < c.readers.n; i++)
		assert_string_not_equal(c.readers.v[i].function, "f");
}

static void sections_that_the_source_asks_for(void **state)
{
	struct klp_compare c;

	(void)state;
	c = compare(HEAD "int f(int x) { return step(x); }", HEAD
		    "__attribute__((section(\".init.text\"))) int f(int x) { return step(x); }");
	assert_changed(c, "f");
	assert_string_equal(why(&c.changed, "f"), "section .text.f -> .init.text");
	c = compare(HEAD "int f(int x) { return step(x); }",
		    HEAD "__attribute__((cold)) int f(int x) { return step(x); }");
	assert_equal(c);
	c = compare("int v = 1;", "const int v = 1;");
	assert_string_equal(names(&c.changed_data), "v");
	c = compare("int f(void) { return 1; }", "__attribute__((weak)) int f(void) { return 1; }");
	assert_changed(c, "f");
	assert_string_equal(why(&c.changed, "f"), "became weak");
}

/* What has no name of its own: as .initcall6.init, which nothing refers to. */
static void nameless_remainders(void **state)
{
	struct klp_compare c;

	(void)state;
	c = compare(HEAD "int f(int x) { return step(x); }"
			 "asm(\".section .initcall6.init,\\\"a\\\"; .long f - .\");",
		    HEAD "int f(int x) { return step(x); } int g(int x) { return step(x); }"
			 "asm(\".section .initcall6.init,\\\"a\\\"; .long g - .\");");
	assert_changed(c, "");
	assert_string_equal(names(&c.changed_data), ".initcall6.init");
	assert_string_equal(why(&c.changed_data, ".initcall6.init"), "reference 1 at +0x0: f -> g");
}

/*
 * Functions that the source puts into one section: the assembler has resolved the calls
 * among them, so that the bytes change when anything between them grows.
 */
#define SHARED "__attribute__((noinline, noipa, section(\".init.text\")))"

static void calls_within_a_section(void **state)
{
	static const char before[] =
		HEAD "static " SHARED " int f(int x) { return step(x) + 1; }\n"
		     "static " SHARED " int g(int x) { return step(x) + 2; }\n" SHARED
		     " int h(int x) { return g(x) + f(x); }\n" SHARED
		     " int i(int x) { return f(x) + f(x); }\n";
	static const char grown[] =
		HEAD "static " SHARED " int f(int x) { return step(x) + 1; }\n"
		     "static " SHARED
		     " int g(int x) { use(\"grown\", x, 5, 6); return step(x) + 2; }\n" SHARED
		     " int h(int x) { return g(x) + f(x); }\n" SHARED
		     " int i(int x) { return f(x) + f(x); }\n";
	/* the callees have changed places, the bytes of their callers are what they were */
	static const char swapped[] =
		HEAD "static " SHARED " int g(int x) { return step(x) + 2; }\n"
		     "static " SHARED " int f(int x) { return step(x) + 1; }\n" SHARED
		     " int h(int x) { return f(x) + g(x); }\n" SHARED
		     " int i(int x) { return g(x) + g(x); }\n";
	struct klp_compare c;

	(void)state;
	c = compare(before, grown);
	assert_true(c.sectioned);
	assert_changed(c, "g");
	assert_int_equal(c.identical, 3);
	c = compare(before, swapped);
	assert_changed(c, "h i");
	assert_non_null(strstr(why(&c.changed, "i"), "branch at +0x"));
	assert_non_null(strstr(why(&c.changed, "i"), ": f -> g"));
}

static void objects_without_function_sections(void **state)
{
	static const char before[] =
		HEAD "static int a = 1, b = 2; static apart int f(int x) { return use(&a, x); }\n"
		     "int g(int x) { b = 9; return f(x) + use(\"g\"); }\n" JUMPS("h", "step(1);",
										 "step(2);");
	static const char after[] =
		HEAD "static int more[9] = { 1 }, a = 1, b = 2;\n"
		     "static apart int f(int x) { use(more, x, 4, 5); return use(&a, x); }\n"
		     "int g(int x) { b = 9; return f(x) + use(\"g\"); }\n" JUMPS("h", "step(1);",
										 "step(2);");
	struct klp_compare c;

	(void)state;
	c = compare_with(before, after, "");
	assert_false(c.sectioned);
	assert_changed(c, "f");
	assert_int_equal(c.identical, 2);
	assert_string_equal(names(&c.data_only_b), "more");
}

static void other_machines_are_refused(void **state)
{
	struct klp_compare c;
	struct klp_error err = {};
	size_t len;
	char *object;

	(void)state;
	lab_cc("a/x.o", "int f(void) { return 1; }", SECTIONS);
	object = lab_get("a/x.o", &len);
	object[18] = (char)0xb7; /* e_machine: EM_AARCH64 */
	lab_put("b/x.o", object, len);
	assert_true(klp_compare_objects(arena, lab_path("a/x.o"), lab_path("b/x.o"), &c, &err) < 0);
	assert_non_null(strstr(err.text, "different machines"));
	err = (struct klp_error){};
	assert_true(klp_compare_objects(arena, lab_path("a/x.o"), lab_path("none"), &c, &err) < 0);
}

static void json_says_it_all(void **state)
{
	struct klp_compare c;
	json_t *json;

	(void)state;
	c = compare(
		HEAD CLONE("f0", "f.isra.0", "return step(x) + 1;") "int g(int x) { return f0(x); "
								    "} int h(void) { return 1; }",
		HEAD CLONE("f0", "f.isra.0", "return step(x) + 2;") "int g(int x) { return f0(x); "
								    "} int i(void) { return 1; }");
	json = json_loads(klp_compare_json(arena, &c), 0, NULL);
	assert_non_null(json);
	assert_string_equal(json_string_value(json_array_get(json_object_get(json, "changed"), 0)),
			    "f.isra.0");
	assert_string_equal(json_string_value(json_array_get(json_object_get(json, "only_a"), 0)),
			    "h");
	assert_string_equal(json_string_value(json_array_get(json_object_get(json, "only_b"), 0)),
			    "i");
	assert_int_equal(json_integer_value(json_object_get(json, "identical")), 1);
	assert_true(json_is_true(json_object_get(json, "function_sections")));
	assert_int_equal(json_array_size(json_object_get(json, "reasons")), 3);
	assert_int_equal(json_array_size(json_object_get(json, "clone_callers")), 1);
	json_decref(json);
}

/* The addend of a relative operand counts from behind the immediate. */
static void operands_and_branches(void **state)
{
	static const struct {
		unsigned char code[8];
		unsigned int offset;
		int to_end;
	} operands[] = {
		{ { 0xe8 }, 1, 4 },		      /* call */
		{ { 0x8b, 0x05 }, 2, 4 },	      /* mov x(%rip),%eax */
		{ { 0x80, 0x3d }, 2, 5 },	      /* cmpb $1,x(%rip) */
		{ { 0x83, 0x3d }, 2, 5 },	      /* cmpl $1,x(%rip) */
		{ { 0xc7, 0x05 }, 2, 8 },	      /* movl $1,x(%rip) */
		{ { 0x66, 0xc7, 0x05 }, 3, 6 },	      /* movw $1,x(%rip) */
		{ { 0x48, 0xc7, 0x05 }, 3, 8 },	      /* movq $1,x(%rip) */
		{ { 0xf6, 0x05 }, 2, 5 },	      /* testb $1,x(%rip) */
		{ { 0xf7, 0x15 }, 2, 4 },	      /* notl x(%rip) */
		{ { 0x0f, 0xba, 0x2d }, 3, 5 },	      /* btsl $1,x(%rip) */
		{ { 0xf0, 0x0f, 0xc1, 0x05 }, 4, 4 }, /* lock xadd %eax,x(%rip) */
		{ { 0xc0, 0x25 }, 2, 5 },	      /* shlb $1,x(%rip) */
	};
	static const unsigned char jumps[] = { 0x0f, 0x84, 0xfc, 0xff, 0xff, 0xff, 0xeb, 0xfe };
	struct klp_branch branch;

	(void)state;
	for (size_t i = 0; i < sizeof(operands) / sizeof(operands[0]); i++)
		assert_int_equal(klp_operand_to_end(operands[i].code, operands[i].offset),
				 operands[i].to_end);
	assert_true(klp_branch_decode(jumps, sizeof(jumps), &branch));
	assert_int_equal(branch.len, 6);
	assert_int_equal(branch.displacement, -4);
	assert_false(klp_branch_decode(jumps, 5, &branch));
	assert_true(klp_branch_decode(jumps + 6, 2, &branch));
	assert_int_equal(branch.displacement, -2);
	assert_false(klp_branch_decode(jumps + 7, 1, &branch));
}

/* Objects in sections that others fill, which immediates may follow: .data..once. */
static void neighbours_in_a_section(void **state)
{
	static const char head[] = "#define once __attribute__((section(\".data..once\")))\n" HEAD;
	struct klp_compare c;

	(void)state;
	c = compare(klp_sprintf(arena, "%s%s", head,
				"int f(void) { static _Bool once done; if (!done) { done = 1;"
				" return step(1); } return 0; }\n"
				"int g(void) { static _Bool once done; if (!done) { done = 1;"
				" return step(2); } return 0; }\n"),
		    klp_sprintf(arena, "%s%s", head,
				"int e(void) { static _Bool once done; if (!done) { done = 1;"
				" return step(0); } return 0; }\n"
				"int f(void) { static _Bool once done; if (!done) { done = 1;"
				" return step(1); } return 0; }\n"
				"int g(void) { static _Bool once done; if (!done) { done = 1;"
				" return step(2); } return 0; }\n"));
	assert_changed(c, "");
	assert_string_equal(names(&c.only_b), "e");
	assert_int_equal(c.data_only_b.n, 1);
	assert_int_equal(c.identical, 2);
}

/* Each byte of code counts, and whatever differs is found in its function. */
static void no_flipped_bit_escapes(void **state)
{
	struct klp_compare c;
	const char *row;
	size_t len, off;
	char *object;

	(void)state;
	lab_cc("a/x.o", HEAD JUMPS("f", "step(1);", "step(4);") COLD("g", "2"), SECTIONS);
	/* "[ 5] .text.f  PROGBITS  0000000000000000 000040 ..." */
	row = strstr(lab_run("readelf -SW a/x.o"), " .text.f ");
	assert_non_null(row);
	assert_int_equal(sscanf(row, " .text.f PROGBITS %*x %zx", &off), 1);
	assert_true(off > 0);
	object = lab_get("a/x.o", &len);
	for (size_t i = 0; i < 64; i++) {
		object[off + i] ^= 0x10;
		lab_put("b/x.o", object, len);
		object[off + i] ^= 0x10;
		c = compare_files("a/x.o", "b/x.o");
		assert_changed(c, "f");
	}
}

static void try_compare(const char *path)
{
	struct klp_error err = {};
	struct klp_compare c;

	klp_compare_objects(arena, path, lab_path("a/x.o"), &c, &err);
	klp_compare_objects(arena, path, path, &c, &err);
}

static void damaged_objects(void **state)
{
	(void)state;
	lab_cc("a/x.o",
	       HEAD WARNS("e", "3") JUMPS("f", "step(1);", "step(4);") COLD("g", "2")
		       ALTERNATIVE("h", "cli", "1") SWITCHED("i", "12"),
	       SECTIONS);
	lab_torture("a/x.o", try_compare);
	lab_cc("a/x.o", HEAD WARNS("e", "3") JUMPS("f", "step(1);", "step(4);") COLD("g", "2"), "");
	lab_torture("a/x.o", try_compare);
}

/* ---- the golden cases ---- */

static const char *kernel_flags(json_t *removed)
{
	struct klp_error err = {};
	const char *kept = "";
	char *flags, *save;
	size_t len, i;
	json_t *value;

	assert_int_equal(klp_file_read(arena, GOLDEN "/kflags", 65536, &flags, &len, &err), 0);
	for (char *flag = strtok_r(flags, " \n", &save); flag;
	     flag = strtok_r(NULL, " \n", &save)) {
		bool keep = true;

		json_array_foreach(removed, i, value) keep =
			keep && strcmp(json_string_value(value), flag);
		if (keep)
			kept = klp_sprintf(arena, "%s %s", kept, flag);
	}
	return klp_sprintf(arena, "%s -w " SECTIONS, kept);
}

static json_t *compile_case(const char *name)
{
	char *dir = klp_path_join(arena, GOLDEN, name), *absolute, *text;
	struct klp_error err = {};
	const char *flags;
	json_t *expect;
	size_t len;

	expect = json_load_file(klp_path_join(arena, dir, "expect.json"), 0, NULL);
	assert_non_null(expect);
	flags = kernel_flags(json_object_get(expect, "cflags_remove"));
	assert_int_equal(klp_realpath(arena, dir, &absolute, &err), 0);
	assert_int_equal(klp_file_read(arena, klp_path_join(arena, dir, "before.c"), KLP_MAX_TEXT,
				       &text, &len, &err),
			 0);
	lab_put("a/before.c", text, len);
	lab_put("b/before.c", text, len);
	lab_run(klp_sprintf(arena, "patch -s -p1 -d b -i %s/fix.diff", absolute));
	for (const char *side = "ab"; *side; side++)
		lab_run(klp_sprintf(arena, "gcc%s-c -o %c/x.o %c/before.c", flags, *side, *side));
	return expect;
}

static bool has_reader(const struct klp_readers *list, const char *function)
{
	for (size_t i = 0; i < list->n; i++)
		if (!strcmp(list->v[i].function, function))
			return true;
	return false;
}

/* What must be patched is among what differs, what reads it, and who calls clones of it. */
static void golden_case(const char *name)
{
	json_t *expect = compile_case(name), *value;
	struct klp_compare c = compare_files("a/x.o", "b/x.o");
	size_t i;

	json_array_foreach(json_object_get(expect, "must_patch"), i, value)
	{
		const char *function = json_string_value(value);

		if (!klp_difference_find(&c.changed, function) &&
		    !klp_difference_find(&c.only_a, function) &&
		    !has_reader(&c.readers, function) && !has_reader(&c.clone_callers, function))
			fail_msg("%s: '%s' is missed; changed: %s", name, function,
				 names(&c.changed));
	}
	json_decref(expect);
}

static void golden_cases(void **state)
{
	unsigned int n = 0;
	struct dirent *entry;
	DIR *dir = opendir(GOLDEN);

	(void)state;
	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		if (!klp_file_exists(klp_sprintf(arena, GOLDEN "/%s/expect.json", entry->d_name)))
			continue;
		golden_case(entry->d_name);
		n++;
	}
	closedir(dir);
	assert_true(n >= 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(code_and_references),
		cmocka_unit_test(an_excerpt_names_the_rest),
		cmocka_unit_test(static_locals_are_renumbered),
		cmocka_unit_test(a_reference_to_the_other_static),
		cmocka_unit_test(counters_in_names),
		cmocka_unit_test(strings_go_by_content),
		cmocka_unit_test(jump_tables_go_by_content),
		cmocka_unit_test(only_the_jump_table_differs),
		cmocka_unit_test(switch_tables_go_by_content),
		cmocka_unit_test(cold_parts_belong_to_their_functions),
		cmocka_unit_test(clones_are_renumbered),
		cmocka_unit_test(another_clone_is_a_difference_of_the_caller),
		cmocka_unit_test(bug_table_entries_belong_to_functions),
		cmocka_unit_test(alternatives_belong_to_functions),
		cmocka_unit_test(jump_labels_belong_to_functions),
		cmocka_unit_test(each_alias_is_compared),
		cmocka_unit_test(folded_functions),
		cmocka_unit_test(readers_of_changed_data),
		cmocka_unit_test(readers_of_folded_data),
		cmocka_unit_test(sections_that_the_source_asks_for),
		cmocka_unit_test(nameless_remainders),
		cmocka_unit_test(calls_within_a_section),
		cmocka_unit_test(objects_without_function_sections),
		cmocka_unit_test(other_machines_are_refused),
		cmocka_unit_test(json_says_it_all),
		cmocka_unit_test(operands_and_branches),
		cmocka_unit_test(neighbours_in_a_section),
		cmocka_unit_test(no_flipped_bit_escapes),
		cmocka_unit_test(damaged_objects),
		cmocka_unit_test(golden_cases),
	};

	return cmocka_run_group_tests(tests, lab_setup, lab_teardown);
}
