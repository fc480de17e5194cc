// SPDX-License-Identifier: GPL-2.0-or-later
#include "parsers/diff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct klp_arena *arena;
static struct klp_error err;
static struct klp_diff diff;

static int setup(void **state)
{
	(void)state;
	arena = klp_arena_new();
	memset(&err, 0, sizeof(err));
	memset(&diff, 0, sizeof(diff));
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
	return klp_diff_parse(arena, "fix.diff", text, strlen(text), &diff, &err);
}

#define HUNK "@@ -1,2 +1,2 @@ int f(void)\n-old\n+new\n same\n"

static void test_git_mail(void **state)
{
	(void)state;
	assert_int_equal(parse("From 1234 Mon Sep 17 00:00:00 2001\n"
			       "From: A <a@example.org>\n"
			       "Subject: [PATCH] fs: fix what was\n broken\n"
			       "\n"
			       "Text about --- a/nothing\n"
			       "---\n"
			       " fs/a.c | 4 ++--\n"
			       "\n"
			       "diff --git a/fs/a.c b/fs/a.c\n"
			       "index 1234567..89abcde 100644\n"
			       "--- a/fs/a.c\n"
			       "+++ b/fs/a.c\n"
			       "@@ -1,3 +1,4 @@\n"
			       " first\n"
			       "--- removed, not a header\n"
			       "+++ added, not a header\n"
			       "+more\n"
			       "\n"
			       "@@ -9 +10 @@ int g(void)\n"
			       "-x\n"
			       "+y\n"
			       "\\ No newline at end of file\n"
			       "diff --git a/fs/new.c b/fs/new.c\n"
			       "new file mode 100644\n"
			       "--- /dev/null\n"
			       "+++ b/fs/new.c\n"
			       "@@ -0,0 +1,2 @@\n+a\n+b\n"
			       "diff --git a/fs/gone.c b/fs/gone.c\n"
			       "deleted file mode 100644\n"
			       "--- a/fs/gone.c\n"
			       "+++ /dev/null\n"
			       "@@ -1 +0,0 @@\n-a\n"
			       "-- \n2.39.5\n"),
			 0);
	assert_string_equal(diff.subject, "[PATCH] fs: fix what was broken");
	assert_int_equal(diff.files.n, 3);
	assert_string_equal(diff.files.v[0].old_path, "fs/a.c");
	assert_string_equal(diff.files.v[0].new_path, "fs/a.c");
	assert_int_equal(diff.files.v[0].line, 12);
	assert_int_equal(diff.files.v[0].added, 3);
	assert_int_equal(diff.files.v[0].removed, 2);
	assert_null(diff.files.v[1].old_path);
	assert_string_equal(diff.files.v[1].new_path, "fs/new.c");
	assert_string_equal(diff.files.v[2].old_path, "fs/gone.c");
	assert_null(diff.files.v[2].new_path);
}

static void test_plain_diff(void **state)
{
	(void)state;
	assert_int_equal(parse("diff -up linux.orig/fs/./a.c linux/fs/a.c\n"
			       "--- linux.orig/fs/./a.c\t2024-01-01 00:00:00.0 +0000\n"
			       "+++ linux/fs/a.c\t2024-01-02 00:00:00.0 +0000\n" HUNK
			       "Only in linux: fs/b.c\n"),
			 0);
	assert_null(diff.subject);
	assert_int_equal(diff.files.n, 1);
	assert_string_equal(diff.files.v[0].old_path, "fs/a.c");
}

static void test_carriage_returns(void **state)
{
	(void)state;
	assert_int_equal(parse("--- a/f.c\r\n+++ b/f.c\r\n@@ -1,2 +1,2 @@\r\n-a\r\n+b\r\n\r\n"), 0);
	assert_string_equal(diff.files.v[0].new_path, "f.c");
}

static void test_series_lists_a_file_twice(void **state)
{
	(void)state;
	assert_int_equal(parse("--- a/f.c\n+++ b/f.c\n" HUNK "-- \n2.39.5\n\nFrom 5678\n"
			       "--- a/f.c\n+++ b/f.c\n" HUNK),
			 0);
	assert_int_equal(diff.files.n, 2);
}

static void test_mode_change_alone_is_no_change(void **state)
{
	(void)state;
	assert_int_equal(parse("diff --git a/x b/x\nold mode 100644\nnew mode 100755\n"),
			 KLP_EINPUT);
	assert_string_equal(err.text, "a diff that changes no file");
}

static void test_paths_are_checked(void **state)
{
	static const char *const bad[] = {
		"/etc/passwd", "a/../../etc/passwd", "../a/f.c",       "f.c",
		"a/",	       "a//etc/passwd/..",   "\"a/f\\303.c\"", "a/f\x01.c"
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(
			parse(klp_sprintf(arena, "text\n--- %s\n+++ b/f.c\n" HUNK, bad[i])),
			KLP_EINPUT);
		assert_int_equal(err.line, 2);
		assert_string_equal(err.file, "fix.diff");
		assert_true(err.text[0] && err.hint[0]);
		assert_int_equal(parse(klp_sprintf(arena, "--- a/f.c\n+++ %s\n" HUNK, bad[i])),
				 KLP_EINPUT);
	}
	assert_int_equal(parse("--- a/f.c\n+++ b/g.c\n" HUNK), KLP_EINPUT);
	assert_non_null(strstr(err.text, "differ"));
	assert_int_equal(parse("--- a/f.c.orig\n+++ b/f.c\n" HUNK), KLP_EINPUT);
	assert_int_equal(parse("--- /dev/null\n+++ /dev/null\n" HUNK), KLP_EINPUT);
}

static void test_double_slash_stays_below(void **state)
{
	(void)state;
	assert_int_equal(parse("--- a//fs/f.c\n+++ b//fs/f.c\n" HUNK), KLP_EINPUT);
}

static void test_hunks_are_counted(void **state)
{
	static const char *const bad[] = {
		"",
		"text\n",
		"@@ -1,2 +1,2 @@\n-old\n+new\n",
		"@@ -1,2 +1,2 @@\n-old\n+new\nsame\n",
		"@@ -1,2 +1,2 @@\n-old\n-old\n-old\n",
		"@@ -1,1 +1,1 @@\n-old\n+new\n+more\n",
		"@@ -1,1 +1,1 @@\n-old\n+new\n more\n",
		"@@ -1,1 +1,1 @@\n-old\n+new\n-more\n",
		"@@ -1,0 +1,0 @@\n",
		"@@ -,1 +1,1 @@\n-old\n+new\n",
		"@@ -1,1 -1,1 @@\n-old\n+new\n",
		"@@ -1,1 +1,1\n-old\n+new\n",
		"@@ -1,99999999999999999999 +1,1 @@\n-old\n+new\n",
		"@@ -1,1 +1,1 @@\n-old\n+new\n\n@@ -5,1 +5,1 @@\n-old\n+new\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(parse(klp_sprintf(arena, "--- a/f.c\n+++ b/f.c\n%s", bad[i])),
				 KLP_EINPUT);
		assert_true(err.line >= 2 && err.hint[0]);
	}
}

static void test_what_is_no_change_of_text_is_refused(void **state)
{
	static const char *const bad[] = {
		"rename from f.c\n",
		"copy from f.c\n",
		"new file mode 120000\n",
		"new file mode 160000\n",
		"deleted file mode 120000\n",
		"old mode 100644\nnew mode 120000\n",
		"index 1234567..89abcde 120000\n",
		"GIT binary patch\n",
		"Binary files a/f and b/f differ\n",
		"diff --cc f.c\n",
		"@@@ -1,2 -1,2 +1,2 @@@\n",
		"*** a/f.c\n--- b/f.c\n***************\n",
		"  --- a/g.c\n  +++ b/g.c\n  @@ -1 +1 @@\n  -a\n  +b\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(
			parse(klp_sprintf(arena, "--- a/f.c\n+++ b/f.c\n" HUNK "text\n%s", bad[i])),
			KLP_EINPUT);
		assert_true(err.line >= 8 && err.hint[0]);
	}
	assert_int_equal(parse(""), KLP_EINPUT);
	assert_int_equal(parse("no diff at all\n"), KLP_EINPUT);
	memset(&err, 0, sizeof(err));
	assert_int_equal(klp_diff_parse(arena, "fix.diff", "a\0b", 3, &diff, &err), KLP_EINPUT);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_git_mail),
		T(test_plain_diff),
		T(test_carriage_returns),
		T(test_series_lists_a_file_twice),
		T(test_mode_change_alone_is_no_change),
		T(test_paths_are_checked),
		T(test_double_slash_stays_below),
		T(test_hunks_are_counted),
		T(test_what_is_no_change_of_text_is_refused),
	};

	return cmocka_run_group_tests_name("diff", tests, NULL, NULL);
}
