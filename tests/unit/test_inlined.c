// SPDX-License-Identifier: GPL-2.0-or-later
#include "elf/inlined.h"

#include "lab.h"

static const char text[] = "extern int sink(int);\n"
			   "static inline int leaf(int a) { return sink(a) * 7; }\n"
			   "static int mid(int a) { return leaf(a) ^ 5; }\n"
			   "int host(int a) { return mid(a) + mid(a + 1); }\n"
			   "int sibling(int a) { { int b = a * 3; return leaf(b); } }\n"
			   "static __attribute__((noinline)) int own(int a) { return sink(a); }\n"
			   "int other(int a) { return own(a); }\n";

static const char *pairs_of(const char *object, bool *ret_any)
{
	struct klp_inlined_vec pairs = {};
	struct klp_symtab symtab = {};
	char *names = klp_strdup(arena, "");
	struct klp_error err = {};

	assert_int_equal(klp_symtab_load(arena, lab_path(object), &symtab, &err), 0);
	if (klp_inlined_load(arena, lab_path(object), &symtab, &pairs, ret_any, &err) < 0)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < pairs.n; i++) {
		const struct klp_inlined *p = &pairs.v[i];

		assert_non_null(p->file);
		names = klp_sprintf(arena, "%s%s%s:%s:%u>%s", names, i ? " " : "",
				    klp_path_base(p->file), p->function, p->line, p->host);
	}
	return names;
}

static void expect_pairs(const char *object)
{
	bool any;
	const char *pairs = pairs_of(object, &any);

	assert_true(any);
	assert_non_null(strstr(pairs, "x.c:mid:3>host"));
	assert_non_null(strstr(pairs, "x.c:leaf:2>host"));
	assert_non_null(strstr(pairs, "x.c:leaf:2>sibling"));
	/* each once, and nothing else */
	assert_int_equal(strlen(pairs), strlen("x.c:mid:3>host x.c:leaf:2>host "
					       "x.c:leaf:2>sibling"));
}

static void test_gcc(void **state)
{
	(void)state;
	lab_cc("x.o", text, "-g");
	expect_pairs("x.o");
	lab_cc("x.o", text, "-g -gdwarf-4 -ffunction-sections");
	expect_pairs("x.o");
}

static void test_clang(void **state)
{
	(void)state;
	lab_put("x.c", text, strlen(text));
	lab_run("clang-14 -O2 -g -c -o x.o x.c");
	expect_pairs("x.o");
	lab_run("clang-14 -O2 -g -gdwarf-4 -ffunction-sections -c -o x.o x.c");
	expect_pairs("x.o");
}

/* A clone is known by the address of its code. */
static void test_clone(void **state)
{
	bool any;

	(void)state;
	lab_cc("x.o",
	       "extern int sink(int);\n"
	       "static inline int leaf(int a) { return sink(a) * 7; }\n"
	       "struct s { int a, b, c; };\n"
	       "static __attribute__((noinline)) int take(struct s *s) { return leaf(s->b); }\n"
	       "int host(struct s *s) { return take(s) + 1; }\n",
	       "-g");
	assert_string_equal(pairs_of("x.o", &any), "x.c:leaf:2>take.isra.0");
}

static void test_without_any(void **state)
{
	bool any = true;

	(void)state;
	lab_cc("x.o", text, "-g0");
	assert_string_equal(pairs_of("x.o", &any), "");
	assert_false(any);
}

/* Where each function with code of its own is declared, whatever its symbol is. */
static void test_placed(void **state)
{
	struct klp_placed_vec placed = {};
	struct klp_symtab symtab = {};
	char *names = klp_strdup(arena, "");
	struct klp_error err = {};

	(void)state;
	lab_cc("x.o",
	       "extern int sink(int);\n"
	       "static inline int leaf(int a) { return sink(a) * 7; }\n"
	       "struct s { int a, b, c; };\n"
	       "static __attribute__((noinline)) int take(struct s *s) { return leaf(s->b); }\n"
	       "int host(struct s *s) { return take(s) + 1; }\n",
	       "-g");
	assert_int_equal(klp_symtab_load(arena, lab_path("x.o"), &symtab, &err), 0);
	assert_int_equal(klp_placed_load(arena, lab_path("x.o"), &symtab, &placed, &err), 0);
	for (size_t i = 0; i < placed.n; i++)
		names = klp_sprintf(arena, "%s%s=%s:%s:%u ", names, placed.v[i].symbol,
				    klp_path_base(placed.v[i].file), placed.v[i].function,
				    placed.v[i].line);
	assert_non_null(strstr(names, "host=x.c:host:5 "));
	assert_non_null(strstr(names, "take.isra.0=x.c:take:4 "));
	assert_int_equal(placed.n, 2);
	lab_cc("x.o", text, "-g0");
	assert_int_equal(klp_symtab_load(arena, lab_path("x.o"), &symtab, &err), 0);
	assert_int_equal(klp_placed_load(arena, lab_path("x.o"), &symtab, &placed, &err), 0);
	assert_int_equal(placed.n, 0);
}

static void test_no_object(void **state)
{
	struct klp_inlined_vec pairs = {};
	struct klp_error err = {};
	bool any;

	(void)state;
	lab_put("x.o", "nonsense", 8);
	assert_true(klp_inlined_load(arena, lab_path("x.o"), NULL, &pairs, &any, &err) < 0);
	assert_string_equal(err.file, lab_path("x.o"));
}

static void try(const char *path)
{
	struct klp_inlined_vec pairs = {};
	struct klp_symtab symtab = {};
	struct klp_error err = {};
	bool any;

	if (klp_symtab_load(arena, path, &symtab, &err) == 0)
		klp_inlined_load(arena, path, &symtab, &pairs, &any, &err);
	klp_inlined_load(arena, path, NULL, &pairs, &any, &(struct klp_error){});
}

static void test_damaged(void **state)
{
	(void)state;
	lab_cc("x.o", text, "-g");
	lab_torture("x.o", try);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, lab_setup, lab_teardown)
	const struct CMUnitTest tests[] = {
		T(test_gcc),	     T(test_clang),	T(test_clone),	 T(test_placed),
		T(test_without_any), T(test_no_object), T(test_damaged),
	};

	return cmocka_run_group_tests_name("inlined", tests, NULL, NULL);
}
