// SPDX-License-Identifier: GPL-2.0-or-later
#include "parsers/kconfig.h"

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
	return klp_kconfig_parse(arena, ".config", text, strlen(text), &map, &err);
}

static void test_values(void **state)
{
	(void)state;
	assert_int_equal(
		parse("#\n# Linux/x86 6.1.170 Kernel Configuration\n#\n"
		      "CONFIG_CC_VERSION_TEXT=\"gcc (Debian 12.2.0-14) 12.2.0\"\n"
		      "CONFIG_SMP=y\nCONFIG_EXT4_FS=m\n\n# CONFIG_NUMA is not set\n"
		      "CONFIG_HZ=250\nCONFIG_EMPTY=\"\"\r\nCONFIG_ODD=\"a \\\"b\\\" \\\\ c=d\"\n"
		      "CONFIG_LAST=0x10"),
		0);
	assert_string_equal(klp_map_get(&map, "CONFIG_CC_VERSION_TEXT"),
			    "gcc (Debian 12.2.0-14) 12.2.0");
	assert_string_equal(klp_map_get(&map, "CONFIG_SMP"), "y");
	assert_string_equal(klp_map_get(&map, "CONFIG_EXT4_FS"), "m");
	assert_null(klp_map_get(&map, "CONFIG_NUMA"));
	assert_string_equal(klp_map_get(&map, "CONFIG_HZ"), "250");
	assert_string_equal(klp_map_get(&map, "CONFIG_EMPTY"), "");
	assert_string_equal(klp_map_get(&map, "CONFIG_ODD"), "a \"b\" \\ c=d");
	assert_string_equal(klp_map_get(&map, "CONFIG_LAST"), "0x10");
	assert_int_equal(map.n, 7);
}

static void test_malformed_lines_are_named(void **state)
{
	static const char *const bad[] = { "CONFIG_A",	      "=y",
					   "CONFIG A=y",      "CONFIG_A=\"",
					   "CONFIG_A=\"open", "CONFIG_A=\"a\"b\"",
					   "CONFIG_A=\"a\\\"" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(parse(klp_sprintf(arena, "CONFIG_X=y\n%s\n", bad[i])), KLP_EINPUT);
		assert_string_equal(err.file, ".config");
		assert_int_equal(err.line, 2);
		assert_true(err.hint[0] != '\0');
	}
	memset(&err, 0, sizeof(err));
	assert_int_equal(klp_kconfig_parse(arena, ".config", "A=\0", 3, &map, &err), KLP_EINPUT);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_values),
		T(test_malformed_lines_are_named),
	};

	return cmocka_run_group_tests_name("kconfig", tests, NULL, NULL);
}
