// SPDX-License-Identifier: GPL-2.0-or-later
#include "parsers/kbuild_cmd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

static struct klp_arena *arena;
static struct klp_cmd cmd;
static struct klp_error err;

static int setup(void **state)
{
	(void)state;
	arena = klp_arena_new();
	memset(&cmd, 0, sizeof(cmd));
	memset(&err, 0, sizeof(err));
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
	return klp_cmd_parse(arena, ".x.o.cmd", text, strlen(text), &cmd, &err);
}

static void expect_words(const struct klp_strs *words, const char *const *expected)
{
	size_t n = 0;

	for (; expected[n]; n++) {
		assert_true(n < words->n);
		assert_string_equal(words->v[n], expected[n]);
	}
	assert_int_equal(words->n, n);
}

#define EXPECT_WORDS(words, ...) expect_words(words, (const char *const[]){ __VA_ARGS__, NULL })

static void test_kernel_form(void **state)
{
	(void)state;
	assert_int_equal(parse("cmd_fs/x.o := gcc -Wp,-MMD,fs/.x.o.d -I./include  "
			       "-DKBUILD_MODNAME='\"x\"' -c "
			       "-o fs/x.o ../fs/x.c   ; ./tools/objtool/objtool --orc fs/x.o\n"
			       "\n"
			       "source_fs/x.o := ../fs/x.c\n"
			       "\n"
			       "deps_fs/x.o := \\\n"
			       "  ../include/linux/fs.h \\\n"
			       "    $(wildcard include/config/SMP) \\\n"
			       "    $(wildcard include/config/NET) \\\n"
			       "  include/generated/a.h \\\n"
			       "\n"
			       "fs/x.o: $(deps_fs/x.o)\n"
			       "\n"
			       "$(deps_fs/x.o):\n"
			       "#SYMVER x 0x12345678\n"),
			 0);
	assert_string_equal(cmd.target, "fs/x.o");
	assert_string_equal(cmd.source, "../fs/x.c");
	assert_int_equal(cmd.commands.n, 2);
	EXPECT_WORDS(&cmd.commands.v[0], "gcc", "-Wp,-MMD,fs/.x.o.d", "-I./include",
		     "-DKBUILD_MODNAME=\"x\"", "-c", "-o", "fs/x.o", "../fs/x.c");
	EXPECT_WORDS(&cmd.commands.v[1], "./tools/objtool/objtool", "--orc", "fs/x.o");
	EXPECT_WORDS(&cmd.deps, "../include/linux/fs.h", "include/generated/a.h");
}

static void test_lone_form(void **state)
{
	(void)state;
	assert_int_equal(parse("cmd_x.o := gcc -O2 -c -o x.o x.c"), 0);
	EXPECT_WORDS(&cmd.commands.v[0], "gcc", "-O2", "-c", "-o", "x.o", "x.c");
	assert_null(cmd.source);
	assert_int_equal(cmd.deps.n, 0);
}

static void test_newer_kernels_say_savedcmd(void **state)
{
	(void)state;
	assert_int_equal(parse("savedcmd_a_b.o := gcc -c -o a_b.o a_b.c\n"), 0);
	assert_string_equal(cmd.target, "a_b.o");
}

static void test_quoting(void **state)
{
	(void)state;
	assert_int_equal(parse("cmd_x.o := gcc 'a b' \"c \\\" \\d\" e\\ f '' g'h'\"i\" '$$j' \\$$k "
			       "-D\"S(s)=$(pound)s\" \\#z x#y\n"),
			 KLP_EINPUT); /* the last '#' begins make's comment */
	memset(&err, 0, sizeof(err));
	assert_int_equal(parse("cmd_x.o := gcc 'a b' \"c \\\" \\d\" e\\ f '' g'h'\"i\" '$$j' \\$$k "
			       "-D\"S(s)=$(pound)s\" x\\#y\n"),
			 0);
	EXPECT_WORDS(&cmd.commands.v[0], "gcc", "a b", "c \" \\d", "e f", "", "ghi", "$j", "$k",
		     "-DS(s)=#s", "x#y");
}

static void test_continued_command(void **state)
{
	(void)state;
	assert_int_equal(parse("cmd_x.o := gcc -c \\\n\t-o x.o \\\n\tx.c\n"), 0);
	EXPECT_WORDS(&cmd.commands.v[0], "gcc", "-c", "-o", "x.o", "x.c");
}

static void test_later_commands_are_lenient(void **state)
{
	(void)state;
	assert_int_equal(
		parse("cmd_x.o := gcc -c x.c && objcopy `date` x.o 2>/dev/null || (rm -f *; "
		      "false) | $(CAT) 'open\n"),
		0);
	assert_int_equal(cmd.commands.n, 4);
	EXPECT_WORDS(&cmd.commands.v[0], "gcc", "-c", "x.c");
	EXPECT_WORDS(&cmd.commands.v[1], "objcopy", "`date`", "x.o", "2>/dev/null");
	EXPECT_WORDS(&cmd.commands.v[2], "(rm", "-f", "*");
	EXPECT_WORDS(&cmd.commands.v[3], "false)", "|", "$(CAT)", "open");
}

static void test_shell_in_the_compiler_command_is_refused(void **state)
{
	static const char *const bad[] = {
		"gcc `id` -c x.c",
		"gcc $$(id) -c x.c",
		"gcc \"$$(id)\" -c x.c",
		"gcc \"`id`\" -c x.c",
		"gcc $(CFLAGS) -c x.c",
		"gcc '$(CFLAGS)' -c x.c",
		"gcc -c x.c | tee log",
		"gcc -c x.c & id",
		"gcc -c x.c > log",
		"gcc -c x.c 2>/dev/null",
		"gcc -c < x.c",
		"(gcc -c x.c)",
		"gcc -c *.c",
		"gcc -c x?.c",
		"gcc -c [x].c",
		"gcc -c ~/x.c",
		"CPATH=/tmp gcc -c x.c",
		"gcc -c 'x.c",
		"gcc -c \"x.c",
		"; gcc -c x.c",
		"",
		"gcc -c x.c # comment",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		memset(&err, 0, sizeof(err));
		assert_int_equal(
			parse(klp_sprintf(arena, "# made by hand\ncmd_x.o := %s\n", bad[i])),
			KLP_EINPUT);
		assert_string_equal(err.file, ".x.o.cmd");
		assert_int_equal(err.line, 2);
		assert_true(err.text[0] && err.hint[0]);
	}
}

static void test_malformed_files(void **state)
{
	(void)state;
	assert_int_equal(parse(""), KLP_EINPUT);
	memset(&err, 0, sizeof(err));
	assert_int_equal(parse("source_x.o := x.c\n"), KLP_EINPUT);
	memset(&err, 0, sizeof(err));
	assert_int_equal(parse("cmd_x.o := gcc -c x.c\ncmd_x.o := id\n"), KLP_EINPUT);
	assert_int_equal(err.line, 2);
	memset(&err, 0, sizeof(err));
	assert_int_equal(parse("cmd_x.o := gcc -c x.c\ndeps_x.o := $(wildcard a\n"), KLP_EINPUT);
	memset(&err, 0, sizeof(err));
	assert_int_equal(klp_cmd_parse(arena, ".x.o.cmd", "cmd_x.o := a\0b", 14, &cmd, &err),
			 KLP_EINPUT);
}

/* n words behind a beginning, with an end. */
static char *words(const char *begin, size_t n, const char *end)
{
	struct klp_buf buf;

	klp_buf_init(&buf, arena);
	klp_buf_add(&buf, begin);
	for (size_t i = 0; i < n; i++)
		klp_buf_add(&buf, " -Da");
	klp_buf_add(&buf, end);
	return buf.p;
}

static void test_bounds(void **state)
{
	static const char source[] = "\n\nsource_x.o := x.c\n\ndeps_x.o :=";

	(void)state;
	assert_int_equal(parse(words("cmd_x.o := gcc", KLP_CMD_MAX_WORDS - 1, "\n")), 0);
	assert_int_equal(cmd.commands.v[0].n, KLP_CMD_MAX_WORDS);
	assert_int_equal(parse(words("cmd_x.o := gcc", KLP_CMD_MAX_WORDS, "\n")), KLP_EINPUT);
	assert_non_null(strstr(err.text, "100000"));
	memset(&err, 0, sizeof(err));
	assert_int_equal(parse(words(klp_sprintf(arena, "cmd_x.o := gcc%s", source),
				     KLP_CMD_MAX_WORDS, "\n")),
			 0);
	assert_int_equal(cmd.deps.n, KLP_CMD_MAX_WORDS);
	assert_int_equal(parse(words(klp_sprintf(arena, "cmd_x.o := gcc%s", source),
				     KLP_CMD_MAX_WORDS + 1, "\n")),
			 KLP_EINPUT);
	assert_non_null(strstr(err.text, "100000"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_kernel_form, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lone_form, setup, teardown),
		cmocka_unit_test_setup_teardown(test_newer_kernels_say_savedcmd, setup, teardown),
		cmocka_unit_test_setup_teardown(test_quoting, setup, teardown),
		cmocka_unit_test_setup_teardown(test_continued_command, setup, teardown),
		cmocka_unit_test_setup_teardown(test_later_commands_are_lenient, setup, teardown),
		cmocka_unit_test_setup_teardown(test_shell_in_the_compiler_command_is_refused,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_malformed_files, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bounds, setup, teardown),
	};

	return cmocka_run_group_tests_name("kbuild_cmd", tests, NULL, NULL);
}
