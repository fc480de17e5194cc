// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree/index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "ask/ask.h"
#include "base/file.h"
#include "tree/graph.h"
#include "tree/index_format.h"

#define NUNITS 70

static struct klp_arena *arena;
static char *top;
static const char *logged; /* the last line for -v */

static const char *in(const char *name)
{
	return klp_path_join(arena, top, name);
}

static void put(const char *name, const char *text)
{
	struct klp_error e = {};

	assert_int_equal(klp_mkdirs(klp_path_dir(arena, in(name)), &e), 0);
	assert_int_equal(klp_file_write(in(name), text, strlen(text), &e), 0);
}

/* As if everything had been built so many seconds ago. */
static void age(const char *name, int seconds)
{
	struct timespec now, times[2];

	clock_gettime(CLOCK_REALTIME, &now);
	now.tv_sec -= seconds;
	times[0] = times[1] = now;
	assert_int_equal(utimensat(AT_FDCWD, in(name), times, AT_SYMLINK_NOFOLLOW), 0);
}

static const char *unit_name(int i, const char *form)
{
	return klp_sprintf(arena, form, i);
}

static void put_unit(int i)
{
	put(unit_name(i, "build/d/.u%d.o.cmd"),
	    klp_sprintf(arena, "cmd_d/u%d.o := gcc -c -o d/u%d.o d/u%d.c\n", i, i, i));
	put(unit_name(i, "build/d/u%d.o"), "object");
	put(unit_name(i, "build/d/u%d.c.000i.ipa-clones"),
	    klp_sprintf(
		    arena,
		    "Callgraph clone;part_%d;1;d/u%d.c;3;5;host_%d;2;d/u%d.c;8;1;inlining to\n"
		    "Callgraph clone;everywhere;3;d/h.h;3;5;host_%d;2;d/u%d.c;8;1;inlining to\n",
		    i, i, i, i, i, i));
}

static void age_all(int seconds)
{
	for (int i = 0; i < NUNITS; i++) {
		age(unit_name(i, "build/d/u%d.o"), seconds);
		age(unit_name(i, "build/d/u%d.c.000i.ipa-clones"), seconds);
	}
	age("build/d", seconds);
	age("build", seconds);
}

static int setup(void **state)
{
	struct klp_error err = {};

	(void)state;
	arena = klp_arena_new();
	logged = "";
	assert_int_equal(klp_tmpdir_new(arena, &top, &err), 0);
	assert_int_equal(klp_realpath(arena, top, &top, &err), 0);
	setenv("XDG_CACHE_HOME", in("cache"), 1);
	for (int i = 0; i < NUNITS; i++)
		put_unit(i);
	age_all(100);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	klp_rmtree(top);
	klp_arena_free(arena);
	return 0;
}

static void note(void *ctx, enum klp_loglevel level, const char *text)
{
	(void)ctx;
	assert_int_equal(level, KLP_LOG_DEBUG); /* nothing without -v */
	logged = klp_strdup(arena, text);
}

/* The objects that have code of a function, as asked by a run of its own. */
static const char *ask(const char *function, bool *ret_indexed)
{
	const struct klp_tree_opts where = { .ipa_dumps = in("build"), .jobs = 2 };
	const struct klp_log log = { note, NULL };
	struct klp_ask_opts opts = { .jobs = 2, .log = &log };
	char *names = klp_strdup(arena, "");
	struct klp_findings findings = {};
	struct klp_changes changes = {};
	struct klp_error err = {};
	struct klp_tree tree;

	klp_vec_push(arena, &opts.questions, function);
	assert_int_equal(klp_tree_open(arena, &where, &tree, &err), 0);
	assert_int_equal(klp_ask(arena, &tree, &opts, &changes, &findings, &err), 0);
	*ret_indexed = tree.index != NULL;
	for (size_t i = 0; i < changes.n; i++)
		names = klp_sprintf(arena, "%s%s%s", names, i ? " " : "",
				    changes.v[i].unit->object);
	for (size_t i = 0; i < findings.n; i++)
		names = klp_sprintf(arena, "%s[%s %s]", names, findings.v[i].code,
				    findings.v[i].hint);
	return names;
}

static void expect(const char *function, const char *objects, bool indexed)
{
	bool was;

	assert_string_equal(ask(function, &was), objects);
	assert_int_equal(was, indexed);
}

static const char *index_file(void)
{
	return klp_index__path(arena, in("build"), in("build"));
}

static void test_the_second_question_is_answered_from_it(void **state)
{
	bool indexed;
	const char *first;

	(void)state;
	expect("host_7", "d/u7.o", false);
	expect("host_7", "d/u7.o", true);
	expect("part_69", "d/u69.o", true);
	first = ask("everywhere", &indexed);
	assert_true(indexed);
	assert_int_equal(unlink(index_file()), 0);
	assert_string_equal(ask("everywhere", &indexed), first);
	assert_false(indexed);
	/* what is similar is the same, too */
	first = ask("everywheer", &indexed);
	assert_true(indexed);
	assert_non_null(strstr(first, "KLP-NO-FUNCTION"));
	assert_non_null(strstr(first, "everywhere"));
	assert_int_equal(unlink(index_file()), 0);
	assert_string_equal(ask("everywheer", &indexed), first);
	assert_false(indexed);
}

static void test_only_the_dumps_in_question_are_read(void **state)
{
	const struct klp_tree_opts where = { .ipa_dumps = in("build") };
	const struct klp_graph_unit *unit;
	struct klp_graph_hits hits = {};
	struct klp_error err = {};
	struct klp_tree tree;
	size_t read = 0;

	(void)state;
	expect("host_1", "d/u1.o", false);
	assert_int_equal(klp_tree_open(arena, &where, &tree, &err), 0);
	assert_non_null(tree.index);
	klp_graph_open(arena, &tree);
	assert_int_equal(klp_graph_find(arena, tree.graph, "host_3", &hits, &err), 0);
	assert_int_equal(hits.n, 1);
	assert_int_equal(klp_graph_unit(tree.graph, "d/u5.o", &unit, &err), 0);
	assert_int_equal(unit->dump.edges.n, 2);
	for (size_t i = 0; i < tree.graph->n; i++)
		read += tree.graph->v[i].read;
	assert_int_equal(read, 2);
}

/* `change` makes an index that was true untrue; the answer is that of the build as it is. */
static void expect_stale(void (*change)(void), const char *function, const char *objects)
{
	expect("host_7", "d/u7.o", false);
	expect("host_7", "d/u7.o", true);
	change();
	expect(function, objects, false);
}

static void touch_dump(void)
{
	age("build/d/u9.c.000i.ipa-clones", 50);
}

static void rewrite_dump(void)
{
	const char *name = "build/d/u9.c.000i.ipa-clones";
	struct stat st;

	/* another size, the same time */
	assert_int_equal(stat(in(name), &st), 0);
	put(name, "Callgraph clone;part_9;1;d/u9.c;3;5;other;2;d/u9.c;8;1;inlining to\n");
	assert_int_equal(
		utimensat(AT_FDCWD, in(name), (struct timespec[]){ st.st_mtim, st.st_mtim }, 0), 0);
	age("build/d", 100);
}

static void restore_dir_time(const char *dir, const struct stat *st)
{
	assert_int_equal(utimensat(AT_FDCWD, in(dir),
				   (struct timespec[]){ st->st_mtim, st->st_mtim }, 0),
			 0);
}

/* Size alone: everything has the time that it had. */
static void grow_dump(void)
{
	const char *name = "build/d/u9.c.000i.ipa-clones";
	struct stat dir, st;
	FILE *f;

	assert_int_equal(stat(in("build/d"), &dir), 0);
	assert_int_equal(stat(in(name), &st), 0);
	f = fopen(in(name), "a");
	assert_non_null(f);
	fputs("Callgraph clone;part_9;1;d/u9.c;3;5;other;2;d/u9.c;8;1;inlining to\n", f);
	fclose(f);
	assert_int_equal(
		utimensat(AT_FDCWD, in(name), (struct timespec[]){ st.st_mtim, st.st_mtim }, 0), 0);
	restore_dir_time("build/d", &dir);
}

static void remove_dump(void)
{
	assert_int_equal(unlink(in("build/d/u9.c.000i.ipa-clones")), 0);
}

static void add_dump(void)
{
	put("build/d/u9.c.000i.ipa-clones",
	    "Callgraph clone;part_9;1;d/u9.c;3;5;host_9;2;d/u9.c;8;1;inlining to\n"
	    "Callgraph clone;host_7;1;d/u7.c;3;5;host_9;2;d/u9.c;8;1;inlining to\n");
}

static void touch_object(void)
{
	age("build/d/u9.o", 50);
}

static void test_stale_by_mtime(void **state)
{
	(void)state;
	expect_stale(touch_dump, "host_7", "d/u7.o");
}

static void test_stale_by_size(void **state)
{
	(void)state;
	expect_stale(grow_dump, "other", "d/u9.o");
}

static void test_stale_by_content(void **state)
{
	(void)state;
	expect_stale(rewrite_dump, "other", "d/u9.o");
}

static void test_stale_by_object(void **state)
{
	(void)state;
	expect_stale(touch_object, "host_7", "d/u7.o");
}

static void test_removed_dump(void **state)
{
	(void)state;
	expect_stale(remove_dump, "host_7", "d/u7.o");
}

static void test_added_dump(void **state)
{
	(void)state;
	remove_dump();
	age("build/d", 100);
	expect_stale(add_dump, "host_7", "d/u7.o d/u9.o");
}

/* Every byte of it, and every length: it is believed or made again, and never crashes. */
static void test_corrupt(void **state)
{
	struct klp_error err = {};
	size_t len;
	char *good;

	(void)state;
	expect("host_7", "d/u7.o", false);
	assert_int_equal(klp_file_read(arena, index_file(), KLP_MAX_TEXT, &good, &len, &err), 0);
	for (size_t at = 0; at < len; at += 1 + len / 97) {
		char *bad = klp_alloc(arena, len);

		memcpy(bad, good, len);
		bad[at] ^= 0x55;
		assert_int_equal(klp_file_write(index_file(), bad, len, &err), 0);
		assert_null(klp_index_open(arena, in("build"), in("build"), 1));
		assert_int_equal(klp_file_write(index_file(), good, at, &err), 0);
		assert_null(klp_index_open(arena, in("build"), in("build"), 1));
	}
	assert_int_equal(klp_file_write(index_file(), "not an index\n", 13, &err), 0);
	expect("host_7", "d/u7.o", false);
	expect("host_7", "d/u7.o", true);
}

/* One that says nonsense with a right checksum, as only somebody could make on purpose. */
static void test_hostile(void **state)
{
	struct klp_error err = {};
	struct klp_index_head *head;
	uint32_t seed = 1;
	size_t len;
	char *good;

	(void)state;
	expect("host_7", "d/u7.o", false);
	assert_int_equal(klp_file_read(arena, index_file(), KLP_MAX_TEXT, &good, &len, &err), 0);
	for (int round = 0; round < 3000; round++) {
		char *bad = klp_alloc(arena, len);
		struct klp_index_hits hits = {};
		const struct klp_index *index;
		struct klp_strs dumps = {}, cmds = {};
		size_t at;

		memcpy(bad, good, len);
		seed = seed * 1103515245 + 12345;
		at = (seed >> 4) % (round % 2 ? len - 4 : sizeof(*head) + 400) & ~(size_t)3;
		seed = seed * 1103515245 + 12345;
		memcpy(bad + at, &seed, 4);
		head = (struct klp_index_head *)(void *)bad;
		head->checksum = klp_index__checksum(bad + sizeof(*head), len - sizeof(*head));
		assert_int_equal(klp_file_write(index_file(), bad, len, &err), 0);
		index = klp_index_open(arena, in("build"), in("build"), 1);
		if (!index)
			continue;
		klp_index_files(arena, index, &dumps, &cmds);
		klp_index_find(arena, index, "host_7", &hits);
		klp_index_find(arena, index, "everywhere", &hits);
		klp_index_find(arena, index, "absent", &hits);
		for (size_t i = 0; i < klp_index_names(index); i++)
			assert_non_null(klp_index_name(index, i));
	}
}

static void test_of_another_build(void **state)
{
	struct klp_error err = {};

	(void)state;
	expect("host_7", "d/u7.o", false);
	put("other/x", "");
	assert_int_equal(klp_file_copy(index_file(),
				       klp_index__path(arena, in("other"), in("other")), &err),
			 0);
	assert_null(klp_index_open(arena, in("other"), in("other"), 1));
}

static void test_cache_that_cannot_be_written(void **state)
{
	(void)state;
	put("cache", "a file where the directory should be");
	expect("host_7", "d/u7.o", false);
	assert_non_null(strstr(logged, "no index is written"));
	expect("host_7", "d/u7.o", false);
	unsetenv("XDG_CACHE_HOME");
	setenv("HOME", "relative", 1);
	expect("host_7", "d/u7.o", false);
	assert_non_null(strstr(logged, "no cache directory"));
	/* a home that was never made isn't made for this */
	setenv("HOME", in("nobody"), 1);
	expect("host_7", "d/u7.o", false);
	assert_non_null(strstr(logged, "no cache directory"));
	assert_false(klp_is_dir(in("nobody")));
}

static void test_a_build_under_way_is_not_indexed(void **state)
{
	(void)state;
	age("build/d/u9.c.000i.ipa-clones", 0);
	expect("host_7", "d/u7.o", false);
	assert_non_null(strstr(logged, "just changed"));
	expect("host_7", "d/u7.o", false);
}

static void test_a_small_build_has_none(void **state)
{
	(void)state;
	for (int i = KLP_INDEX_MIN_DUMPS - 1; i < NUNITS; i++)
		assert_int_equal(unlink(in(unit_name(i, "build/d/u%d.c.000i.ipa-clones"))), 0);
	age("build/d", 100);
	expect("host_7", "d/u7.o", false);
	expect("host_7", "d/u7.o", false);
	assert_false(klp_file_exists(index_file()));
}

/* Not more of them than KLP_INDEX_MAX_FILES, and no other file is touched. */
static void test_bounded(void **state)
{
	struct klp_strs files = {};
	struct klp_error err = {};

	(void)state;
	put("cache/klp-prep/kept", "by somebody else");
	for (int i = 0; i < 2 * KLP_INDEX_MAX_FILES; i++) {
		const char *old = klp_sprintf(arena, "cache/klp-prep/%016x.index", i);

		put(old, "old");
		age(old, 1000 - i);
	}
	for (int i = 0; i < KLP_INDEX_MAX_FILES + 1; i++) {
		touch_dump();
		age(unit_name(i, "build/d/u%d.o"), 60 + i);
		expect("host_7", "d/u7.o", false);
	}
	assert_int_equal(klp_find_files(arena, in("cache/klp-prep"), "", 1000, &files, &err), 0);
	assert_int_equal(files.n, 1 + KLP_INDEX_MAX_FILES);
	assert_true(klp_file_exists(in("cache/klp-prep/kept")));
	expect("host_7", "d/u7.o", true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(test_the_second_question_is_answered_from_it),
		TEST(test_only_the_dumps_in_question_are_read),
		TEST(test_stale_by_mtime),
		TEST(test_stale_by_size),
		TEST(test_stale_by_content),
		TEST(test_stale_by_object),
		TEST(test_removed_dump),
		TEST(test_added_dump),
		TEST(test_corrupt),
		TEST(test_hostile),
		TEST(test_of_another_build),
		TEST(test_cache_that_cannot_be_written),
		TEST(test_a_build_under_way_is_not_indexed),
		TEST(test_a_small_build_has_none),
		TEST(test_bounded),
#undef TEST
	};

	return cmocka_run_group_tests_name("index", tests, NULL, NULL);
}
