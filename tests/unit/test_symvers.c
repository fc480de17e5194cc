// SPDX-License-Identifier: GPL-2.0-or-later
#include "parsers/symvers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct klp_arena *arena;
static struct klp_error err;
static struct klp_map map;

static int setup(void **state)
{
	(void)state;
	arena = klp_arena_new();
	memset(&err, 0, sizeof(err));
	klp_map_init(&map, arena);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	klp_arena_free(arena);
	return 0;
}

static int parse(const char *text)
{
	memset(&err, 0, sizeof(err));
	return klp_symvers_parse(arena, "Module.symvers", text, strlen(text), &map, &err);
}

static void test_fields(void **state)
{
	const struct klp_export *e;

	(void)state;
	assert_int_equal(parse("0x1234abCD\tkmalloc\tvmlinux\tEXPORT_SYMBOL\t\n"
			       "0x00000000\tjbd2_start\tfs/jbd2/jbd2\tEXPORT_SYMBOL_GPL\tJBD\n"
			       "0x00000001\told\tvmlinux\tEXPORT_SYMBOL"),
			 0);
	assert_int_equal(map.n, 3);
	e = klp_map_get(&map, "kmalloc");
	assert_string_equal(e->symbol, "kmalloc");
	assert_string_equal(e->module, "vmlinux");
	assert_string_equal(e->type, "EXPORT_SYMBOL");
	assert_string_equal(e->ns, "");
	assert_int_equal(e->crc, 0x1234abcd);
	e = klp_map_get(&map, "jbd2_start");
	assert_string_equal(e->module, "fs/jbd2/jbd2");
	assert_string_equal(e->type, "EXPORT_SYMBOL_GPL");
	assert_string_equal(e->ns, "JBD");
	e = klp_map_get(&map, "old"); /* before namespaces */
	assert_string_equal(e->ns, "");
	assert_null(klp_map_get(&map, "none"));
}

static void test_malformed_lines_are_named(void **state)
{
	static const char *const bad[] = {
		"kmalloc",
		"0x12\tkmalloc\tvmlinux",
		"12\tkmalloc\tvmlinux\tEXPORT_SYMBOL",
		"0x\tkmalloc\tvmlinux\tEXPORT_SYMBOL",
		"0x12g4\tkmalloc\tvmlinux\tEXPORT_SYMBOL",
		"0x123456789\tkmalloc\tvmlinux\tEXPORT_SYMBOL",
		"0x1\t\tvmlinux\tEXPORT_SYMBOL",
		"0x1\tkmalloc\t\tEXPORT_SYMBOL",
		"0x1\tkmalloc\t\tvmlinux\tEXPORT_SYMBOL",
		"0x1\tkmalloc\tvmlinux\tEXPORT_SYMBOL\tNS\tmore",
		"0x1\tfirst\tfs/ext4/ext4\tEXPORT_SYMBOL\t",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		klp_map_init(&map, arena);
		assert_int_equal(parse(klp_sprintf(arena,
						   "0x1\tfirst\tvmlinux\tEXPORT_SYMBOL\t\n%s\n",
						   bad[i])),
				 KLP_EINPUT);
		assert_string_equal(err.file, "Module.symvers");
		assert_int_equal(err.line, 2);
		assert_true(err.text[0] && err.hint[0]);
	}
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_fields),
		T(test_malformed_lines_are_named),
	};

	return cmocka_run_group_tests_name("symvers", tests, NULL, NULL);
}
