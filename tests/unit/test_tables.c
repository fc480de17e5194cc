// SPDX-License-Identifier: GPL-2.0-or-later
#include "elf/tables.h"

#include "model/release.h"
#include "tests/unit/lab.h"

/* As a kernel has them: the public members, and internal ones of some length. */
#define STRUCTS                                                                                \
	"struct func { const char *old_name; void *new_func; unsigned long sympos; "           \
	"char internal[128]; };\n"                                                             \
	"struct object { const char *name; struct func *funcs; void *callbacks[4]; "           \
	"char internal[120]; };\n"                                                             \
	"struct state { unsigned long id; unsigned int version; void *data; };\n"              \
	"struct patch { void *mod; struct object *objs; struct state *states; _Bool replace; " \
	"char internal[200]; };\n"                                                             \
	"char __this_module[8] __attribute__((section(\".gnu.linkonce.this_module\")));\n"     \
	"int klpp_a(int x) { return x; }\n"                                                    \
	"static int klpp_b(int x) { return x + 1; }\n"                                         \
	"static int before(void *object) { return 0; }\n"

#define FUNCS                                                                                   \
	"static struct func funcs[] = { { \"a\", klpp_a, 0 }, { \"b\", klpp_b, 3 }, { 0 } };\n" \
	"static struct func others[] = { { \"probe\", klpp_a, 0 }, { 0 } };\n"
#define OBJECTS                             \
	"static struct object objs[] = {\n" \
	"	{ 0, funcs }, { \"ext4\", others, { before, 0, 0, before } }, { 0 } };\n"
#define STATES "static struct state states[] = { { 7, 2 }, { 9, 0 }, { 0 } };\n"
#define PATCH  "struct patch patch = { __this_module, objs, states, 1 };\n"

static struct klp_tables tables;
static struct klp_error err;

static int read(const char *text, const char *release)
{
	struct klp_image image;

	lab_cc("t.o", text, "-fno-toplevel-reorder");
	err = (struct klp_error){};
	if (klp_image_load(arena, lab_path("t.o"), &image, &err) < 0)
		fail_msg("%s", err.text);
	return klp_tables_read(arena, &image, release, &tables, &err);
}

static void good(const char *text, const char *release)
{
	if (read(text, release) < 0)
		fail_msg("%s", err.text);
}

static void refused(const char *text, const char *word)
{
	assert_int_equal(read(text, "6.1.0"), KLP_EINPUT);
	if (!strstr(err.text, word))
		fail_msg("%s", err.text);
	assert_true(err.hint[0]);
}

static void all_of_it_is_read(void **state)
{
	const struct klp_table_object *object;

	(void)state;
	good(STRUCTS FUNCS OBJECTS STATES PATCH, "6.1.0");
	assert_string_equal(tables.symbol, "patch");
	assert_true(tables.replace);
	assert_int_equal(tables.objects.n, 2);
	object = &tables.objects.v[0];
	assert_null(object->name);
	assert_string_equal(klp_table_object_name(object), "vmlinux");
	assert_int_equal(object->funcs.n, 2);
	assert_string_equal(object->funcs.v[0].old_name, "a");
	assert_string_equal(object->funcs.v[0].new_name, "klpp_a");
	assert_int_equal(object->funcs.v[0].sympos, 0);
	assert_string_equal(object->funcs.v[1].new_name, "klpp_b");
	assert_int_equal(object->funcs.v[1].sympos, 3);
	assert_null(object->callbacks[KLP_PRE_PATCH]);
	object = &tables.objects.v[1];
	assert_string_equal(object->name, "ext4");
	assert_int_equal(object->funcs.n, 1);
	assert_string_equal(object->callbacks[KLP_PRE_PATCH], "before");
	assert_null(object->callbacks[KLP_POST_PATCH]);
	assert_string_equal(object->callbacks[KLP_POST_UNPATCH], "before");
	assert_int_equal(tables.states.n, 2);
	assert_int_equal(tables.states.v[0].id, 7);
	assert_int_equal(tables.states.v[0].version, 2);
}

/* Only the address of the klp_patch itself is what klp_enable_patch() is given. */
static void code_that_changes_tables_is_seen(void **state)
{
	(void)state;
	good(STRUCTS FUNCS OBJECTS STATES PATCH
	     "int klp_enable_patch(struct patch *p);\n"
	     "int start(void) { return klp_enable_patch(&patch); }\n",
	     "6.1.0");
	assert_null(tables.changed_by);
	assert_int_equal(tables.extents.n, 5); /* patch, objects, two times functions, states */
	assert_int_equal(tables.objects.v[1].callback_places[KLP_PRE_PATCH].shndx,
			 tables.objects.v[0].funcs.v[0].shndx);
	good(STRUCTS FUNCS OBJECTS STATES PATCH
	     "int klp_enable_patch(struct patch *p);\n"
	     "int start(void) { patch.replace = 0; return klp_enable_patch(&patch); }\n",
	     "6.1.0");
	assert_string_equal(tables.changed_by, "start");
	good(STRUCTS FUNCS OBJECTS STATES PATCH "void fill(void) { funcs[1].new_func = klpp_a; }\n",
	     "6.1.0");
	assert_string_equal(tables.changed_by, "fill");
}

/* Callbacks alone: the one entry of the table is the empty one. */
static void tables_without_functions(void **state)
{
	(void)state;
	good(STRUCTS "static struct func none[] = { { 0 } };\n"
		     "static struct object objs[] = { { 0, none, { before } }, { 0 } };\n"
		     "static struct patch patch = { __this_module, objs };\n"
		     "void *keep(void) { return &patch; }\n",
	     "6.1.0");
	assert_false(tables.replace);
	assert_int_equal(tables.objects.n, 1);
	assert_int_equal(tables.objects.v[0].funcs.n, 0);
	assert_false(tables.objects.v[0].no_funcs);
	assert_string_equal(tables.objects.v[0].callbacks[KLP_PRE_PATCH], "before");
}

static void what_the_kernel_refuses_is_read(void **state)
{
	(void)state;
	good(STRUCTS "static struct func funcs[] = { { \"a\", 0 }, { 0, klpp_b }, { 0 } };\n"
		     "static struct object objs[] = { { 0, funcs }, { \"ext4\", 0 }, { 0 } };\n"
		     "struct patch patch = { __this_module, objs };\n",
	     "6.1.0");
	assert_int_equal(tables.objects.v[0].funcs.n, 2);
	assert_null(tables.objects.v[0].funcs.v[0].new_name);
	assert_null(tables.objects.v[0].funcs.v[1].old_name);
	assert_true(tables.objects.v[1].no_funcs);
}

/* What stands behind objs depends on the kernel. */
static void older_kernels(void **state)
{
	static const char no_states[] =
		STRUCTS FUNCS OBJECTS "struct { void *mod; struct object *objs; _Bool replace; "
				      "char internal[200]; } patch = { __this_module, objs, 1 };\n";

	(void)state;
	good(no_states, "5.4.0");
	assert_true(tables.replace);
	good(no_states, "4.18.0");
	assert_false(tables.replace);
	assert_int_equal(klp_release_number("6.1.170-3"), KLP_RELEASE(6, 1));
	assert_true(klp_release_number("10.2.0") > KLP_RELEASE(6, 19));
	assert_int_equal(klp_release_number("x"), 0);
	assert_int_equal(klp_release_number(NULL), 0);
}

static void what_is_no_klp_patch(void **state)
{
	(void)state;
	refused(STRUCTS
		"struct { void *owner; int (*open)(int); } ops = { __this_module, klpp_a };\n",
		"no klp_patch");
	refused(STRUCTS FUNCS OBJECTS STATES PATCH
		"struct patch second = { __this_module, objs };\n",
		"2 klp_patch");
	/* no empty entry at the end: the kernel would read on */
	refused(STRUCTS "static struct func funcs[] = { { \"a\", klpp_a } };\n"
			"static struct object objs[] = { { 0, funcs }, { 0 } };\n"
			"struct patch patch = { __this_module, objs };\n",
		"no klp_patch");
}

/* Each of many objects has the same table, which claims to be as long as no section is. */
static void tables_are_no_longer_than_their_section(void **state)
{
	struct klp_image image;

	(void)state;
	good(STRUCTS FUNCS OBJECTS STATES PATCH, "6.1.0");
	if (klp_image_load(arena, lab_path("t.o"), &image, &err) < 0)
		fail_msg("%s", err.text);
	for (size_t i = 1; i < image.syms.n; i++)
		if (!strcmp(image.syms.v[i].name, "others"))
			image.syms.v[i].size = (uint64_t)1048573 * 1000003;
	assert_int_equal(klp_tables_read(arena, &image, "6.1.0", &tables, &err), KLP_EINPUT);
}

static void try(const char *path)
{
	struct klp_image image;

	err = (struct klp_error){};
	if (klp_image_load(arena, path, &image, &err) == 0)
		klp_tables_read(arena, &image, "6.1.0", &tables, &err);
}

static void damaged_files(void **state)
{
	(void)state;
	good(STRUCTS FUNCS OBJECTS STATES PATCH, "6.1.0");
	lab_torture("t.o", try);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, lab_setup, lab_teardown)
	const struct CMUnitTest tests[] = {
		T(all_of_it_is_read),
		T(code_that_changes_tables_is_seen),
		T(tables_without_functions),
		T(what_the_kernel_refuses_is_read),
		T(older_kernels),
		T(what_is_no_klp_patch),
		T(tables_are_no_longer_than_their_section), T(damaged_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
