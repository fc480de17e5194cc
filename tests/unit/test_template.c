// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "render/template.h"

static int setup(void **state)
{
	*state = klp_arena_new();
	return 0;
}

static int teardown(void **state)
{
	klp_arena_free(*state);
	return 0;
}

/* NAME = "fix"; LIST = { A = "1" with INNER {}, A = "2" with INNER { B = "x", B = "y" } }; EMPTY */
static struct klp_scope *scope(struct klp_arena *arena)
{
	struct klp_scope *root = klp_scope_new(arena), *one, *two;

	klp_scope_set(root, "NAME", "fix");
	klp_scope_list(root, "EMPTY");
	one = klp_scope_add(root, "LIST");
	klp_scope_set(one, "A", "1");
	klp_scope_list(one, "INNER");
	two = klp_scope_add(root, "LIST");
	klp_scope_set(two, "A", "2");
	klp_scope_set(klp_scope_add(two, "INNER"), "B", "x");
	klp_scope_set(klp_scope_add(two, "INNER"), "B", "y");
	return root;
}

static void expands(void **state)
{
	static const struct {
		const char *text, *gives;
	} cases[] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "@NAME@.ko @NAME@\n", "fix.ko fix\n" },
		{ "\t@mkdir a@b.c @@NAME@ @each @lower@\n", "\t@mkdir a@b.c @fix @each @lower@\n" },
		{ "a\n@each LIST@\n@A@\n@end@\nb\n", "a\n1\n2\nb\n" },
		{ "a\n\t@each LIST@  \n\t@A@\n\t@end@\nb\n", "a\n\t1\n\t2\nb\n" },
		{ "x@each LIST@ @A@@end@.\n", "x 1 2.\n" },
		{ "@each LIST@\n@A@:@each INNER@ @B@@A@@NAME@@end@\n@end@",
		  "1:\n2: x2fix y2fix\n" },
		{ "a\n@each EMPTY@\n@UNKNOWN@\n@each ALSO@\nb\n@end@\n@end@\nc", "a\nc" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct klp_error err = {};
		struct klp_buf out;

		klp_buf_init(&out, *state);
		assert_int_equal(klp_template_expand("t", cases[i].text, scope(*state), &out, &err),
				 0);
		assert_string_equal(out.p, cases[i].gives);
	}
}

static void mistakes_are_named_with_their_line(void **state)
{
	static const struct {
		const char *text, *says;
		unsigned int line;
	} cases[] = {
		{ "a\nb @WHO@", "no value 'WHO'", 2 },
		{ "@each WHO@\n@end@\n", "no list 'WHO'", 1 },
		{ "@each NAME@\n@end@\n", "no list 'NAME'", 1 },
		{ "@LIST@", "no value 'LIST'", 1 },
		{ "a\n\n@each LIST@\nb\n", "missing '@end@'", 5 },
		{ "a\n@end@\n", "nothing to end by '@end@'", 2 },
		{ "@each LIST@\n@B@\n@end@\n", "no value 'B'", 2 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct klp_error err = {};
		struct klp_buf out;

		klp_buf_init(&out, *state);
		assert_true(klp_template_expand("t", cases[i].text, scope(*state), &out, &err) < 0);
		assert_non_null(strstr(err.text, cases[i].says));
		assert_string_equal(err.file, "t");
		assert_int_equal(err.line, cases[i].line);
	}
}

static void nesting_is_bounded(void **state)
{
	struct klp_error err = {};
	struct klp_buf text, out;

	klp_buf_init(&text, *state);
	klp_buf_init(&out, *state);
	for (int i = 0; i < 1000; i++)
		klp_buf_add(&text, "@each EMPTY@");
	assert_true(klp_template_expand("t", text.p, scope(*state), &out, &err) < 0);
	assert_non_null(strstr(err.text, "nested too deep"));
}

/* As they lie in templates/, all of them. */
static void the_templates_are_in_the_library(void **state)
{
	struct klp_strs names = {};
	struct klp_error err = {};
	size_t n = 0, len;
	char *text;

	for (const struct klp_template *t = klp__templates; t->name; t++)
		n++;
	assert_int_equal(klp_find_files(*state, "templates", "", 100, &names, &err), 0);
	assert_int_equal(n, names.n);
	for (size_t i = 0; i < n; i++) {
		const char *path = klp_path_join(*state, "templates", names.v[i]);

		assert_int_equal(klp_file_read(*state, path, KLP_MAX_TEXT, &text, &len, &err), 0);
		assert_non_null(klp_template_get(names.v[i]));
		assert_string_equal(klp_template_get(names.v[i]), text);
	}
	assert_null(klp_template_get("nothing"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(expands, setup, teardown),
		cmocka_unit_test_setup_teardown(mistakes_are_named_with_their_line, setup,
						teardown),
		cmocka_unit_test_setup_teardown(nesting_is_bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(the_templates_are_in_the_library, setup, teardown),
	};

	return cmocka_run_group_tests_name("template", tests, NULL, NULL);
}
