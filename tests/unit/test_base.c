// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/map.h"
#include "base/proc.h"
#include "base/vec.h"

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

static char *temp(struct klp_arena *arena)
{
	struct klp_error err = {};
	char *dir;

	assert_int_equal(klp_tmpdir_new(arena, &dir, &err), 0);
	return dir;
}

/* Every size, on both sides of the limit for a block of its own: zeroed, aligned, disjoint. */
static void arena_gives_zeroed_aligned_memory(void **state)
{
	enum { N = 400 };
	unsigned char *p[N];

	for (size_t i = 0; i < N; i++) {
		p[i] = klp_alloc(*state, i * 331);
		assert_int_equal((uintptr_t)p[i] % _Alignof(max_align_t), 0);
		for (size_t k = 0; k < i * 331; k++)
			assert_int_equal(p[i][k], 0);
		memset(p[i], (int)(i & 0xff), i * 331);
	}
	for (size_t i = 0; i < N; i++)
		for (size_t k = 0; k < i * 331; k++)
			assert_int_equal(p[i][k], i & 0xff);
	assert_string_equal(klp_strndup(*state, "abcdef", 3), "abc");
	assert_string_equal(klp_sprintf(*state, "%s-%d", "x", 7), "x-7");
}

static void buf_grows_and_stays_terminated(void **state)
{
	struct klp_buf buf;

	klp_buf_init(&buf, *state);
	assert_string_equal(buf.p, "");
	for (int i = 0; i < 5000; i++)
		klp_buf_addf(&buf, "%04d", i);
	assert_int_equal(buf.len, 20000);
	assert_int_equal(strlen(buf.p), 20000);
	assert_memory_equal(buf.p + 4 * 4321, "4321", 4);
	klp_buf_addn(&buf, "a\0b", 3);
	assert_int_equal(buf.len, 20003);
	assert_int_equal(buf.p[20003], 0);
}

static void vec_keeps_what_was_pushed(void **state)
{
	struct klp_strs strs = {};

	for (int i = 0; i < 1000; i++)
		klp_vec_push(*state, &strs, klp_sprintf(*state, "%d", i));
	assert_int_equal(strs.n, 1000);
	assert_string_equal(strs.v[777], "777");
	assert_true(klp_strs_has(&strs, "999"));
	assert_false(klp_strs_has(&strs, "1000"));
	klp_strs_add(*state, &strs, "999");
	assert_int_equal(strs.n, 1000);
	klp_strs_add(*state, &strs, "1000");
	assert_int_equal(strs.n, 1001);
}

static void map_finds_all_in_order(void **state)
{
	enum { N = 20000 };
	struct klp_map map;

	klp_map_init(&map, *state);
	assert_null(klp_map_get(&map, ""));
	for (int i = 0; i < N; i++)
		klp_map_put(&map, klp_sprintf(*state, "key%d", i), klp_sprintf(*state, "%d", i));
	assert_int_equal(map.n, N);
	for (int i = 0; i < N; i++) {
		const char *key = klp_sprintf(*state, "key%d", i);

		assert_string_equal(klp_map_get(&map, key), key + 3);
		assert_string_equal(map.entries[i].key, key);
	}
	assert_null(klp_map_get(&map, "key20000"));
	assert_null(klp_map_get(&map, "key"));
	klp_map_put(&map, "key5", (void *)(uintptr_t) "new");
	assert_int_equal(map.n, N);
	assert_string_equal(klp_map_get(&map, "key5"), "new");
	/* a key is as long as it is said to be */
	klp_map_putn(&map, "abcdef", 3, (void *)(uintptr_t) "abc");
	assert_string_equal(klp_map_get(&map, "abc"), "abc");
	assert_string_equal(klp_map_getn(&map, "abcxyz", 3), "abc");
	assert_null(klp_map_get(&map, "abcdef"));
}

static void the_first_error_wins(void **state)
{
	struct klp_error err = {};

	(void)state;
	assert_int_equal(klp_error_set(&err, KLP_EINPUT, "bad '%s'", "x"), KLP_EINPUT);
	assert_int_equal(klp_error_at(&err, "f.c", 3, 4), KLP_EINPUT);
	klp_error_hint(&err, "do %d", 1);
	assert_int_equal(klp_error_set(&err, KLP_ETROUBLE, "later"), KLP_EINPUT);
	klp_error_at(&err, "g.c", 5, 6);
	klp_error_hint(&err, "do %d", 2);
	assert_string_equal(err.text, "bad 'x'");
	assert_string_equal(err.file, "f.c");
	assert_int_equal(err.line, 3);
	assert_int_equal(err.column, 4);
	assert_string_equal(err.hint, "do 1");
}

static void collect_log(void *ctx, enum klp_loglevel level, const char *text)
{
	snprintf(ctx, 64, "%d:%s", level, text);
}

static void log_goes_to_the_callback(void **state)
{
	char got[64] = "";
	struct klp_log log = { collect_log, got };

	(void)state;
	klp_log(&log, KLP_LOG_DEBUG, "x=%d", 5);
	assert_string_equal(got, "1:x=5");
	klp_log(NULL, KLP_LOG_INFO, "nobody hears");
	klp_log(&(struct klp_log){}, KLP_LOG_INFO, "nobody hears");
}

static void paths_are_cleaned(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "", "." },
		{ ".", "." },
		{ "a/./b//c/../d", "a/b/d" },
		{ "../a", "../a" },
		{ "a/../../b", "../b" },
		{ "../../a", "../../a" },
		{ "/..", "/" },
		{ "/../a", "/a" },
		{ "/a/..", "/" },
		{ "a/", "a" },
		{ "//a//", "/a" },
		{ "a/..", "." },
		{ "..", ".." },
		{ "a..b/..c", "a..b/..c" },
		{ "x../..", "." },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(klp_path_clean(*state, cases[i].in), cases[i].out);
}

static void paths_of_input_are_judged(void **state)
{
	static const char *const good[] = { "a", "a/b.c", "a..b", "..a", "a/...", "./a" };
	static const char *const bad[] = { "",	   "/",	     "/a",   "..",   "../a",
					   "a/..", "a/../b", "a\nb", "a\x7f" };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_true(klp_path_is_safe(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(klp_path_is_safe(bad[i]));
}

static void paths_are_taken_apart(void **state)
{
	assert_string_equal(klp_path_base("a/b"), "b");
	assert_string_equal(klp_path_base("b"), "b");
	assert_string_equal(klp_path_dir(*state, "a/b"), "a");
	assert_string_equal(klp_path_dir(*state, "b"), ".");
	assert_string_equal(klp_path_dir(*state, "/b"), "/");
	assert_string_equal(klp_path_join(*state, "a", "b"), "a/b");
	assert_string_equal(klp_path_join(*state, "a/", "b"), "a/b");
	assert_string_equal(klp_path_join(*state, "a", "/b"), "/b");
	assert_string_equal(klp_path_below("/a/b/c", "/a"), "b/c");
	assert_string_equal(klp_path_below("/a//b", "/a/"), "b");
	assert_null(klp_path_below("/ab", "/a"));
	assert_null(klp_path_below("/a", "/a"));
}

static void files_are_read_up_to_the_limit(void **state)
{
	char *dir = temp(*state), *path = klp_path_join(*state, dir, "f"), *data;
	struct klp_error err = {};
	size_t len;

	assert_int_equal(klp_file_write(path, "a\0bcd", 5, &err), 0);
	assert_int_equal(klp_file_read(*state, path, 5, &data, &len, &err), 0);
	assert_int_equal(len, 5);
	assert_memory_equal(data, "a\0bcd", 6);
	assert_int_equal(klp_file_read(*state, path, 4, &data, &len, &err), KLP_EINPUT);
	assert_string_equal(err.file, path);
	err = (struct klp_error){};
	assert_int_equal(klp_file_read(*state, dir, 100, &data, &len, &err), KLP_ETROUBLE);
	err = (struct klp_error){};
	assert_int_equal(klp_file_read(*state, klp_path_join(*state, dir, "no"), 9, &data, &len,
				       &err),
			 KLP_ETROUBLE);
	/* a file without a size of its own */
	err = (struct klp_error){};
	assert_int_equal(klp_file_read(*state, "/proc/self/status", 100000, &data, &len, &err), 0);
	assert_true(len > 100);
	klp_rmtree(dir);
}

static void files_appear_whole_or_not_at_all(void **state)
{
	char *dir = temp(*state), *path = klp_path_join(*state, dir, "f");
	struct klp_error err = {};
	struct klp_strs files = {};
	struct klp_mapped mapped;

	assert_int_equal(klp_file_write(path, "one", 3, &err), 0);
	assert_int_equal(klp_file_write(path, "three", 5, &err), 0);
	assert_int_equal(klp_mapped_open(path, &mapped, &err), 0);
	assert_int_equal(mapped.len, 5);
	assert_memory_equal(mapped.data, "three", 5);
	klp_mapped_release(&mapped);
	assert_null(mapped.data);
	/* renaming onto a directory fails; nothing stays beside it */
	assert_int_equal(klp_mkdirs(klp_path_join(*state, dir, "d/x"), &err), 0);
	assert_int_equal(klp_file_write(klp_path_join(*state, dir, "d"), "x", 1, &err),
			 KLP_ETROUBLE);
	err = (struct klp_error){};
	assert_int_equal(klp_find_files(*state, dir, "", 10, &files, &err), 0);
	assert_int_equal(files.n, 1);
	klp_rmtree(dir);
}

static void trees_are_removed_without_following_links(void **state)
{
	char *kept = temp(*state), *dir = temp(*state);
	const char *letter = klp_path_join(*state, kept, "letter");
	struct klp_error err = {};

	assert_int_equal(klp_file_write(letter, "x", 1, &err), 0);
	assert_int_equal(klp_mkdirs(klp_path_join(*state, dir, "a/b/c"), &err), 0);
	assert_int_equal(symlink(kept, klp_path_join(*state, dir, "a/link")), 0);
	klp_rmtree(dir);
	assert_false(klp_file_exists(dir));
	assert_true(klp_file_exists(letter));
	klp_rmtree(kept);
}

static void files_are_found_sorted_and_bounded(void **state)
{
	static const char *const names[] = { "b.c", "a/z.c", "a/b.h", "a.c" };
	char *dir = temp(*state);
	struct klp_error err = {};
	struct klp_strs found = {};

	assert_int_equal(klp_mkdirs(klp_path_join(*state, dir, "a"), &err), 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		assert_int_equal(klp_file_write(klp_path_join(*state, dir, names[i]), "", 0, &err),
				 0);
	assert_int_equal(symlink("a", klp_path_join(*state, dir, "link")), 0);
	assert_int_equal(klp_find_files(*state, dir, ".c", 3, &found, &err), 0);
	assert_int_equal(found.n, 3);
	assert_string_equal(found.v[0], "a.c");
	assert_string_equal(found.v[1], "a/z.c");
	assert_string_equal(found.v[2], "b.c");
	assert_int_equal(klp_find_files(*state, dir, ".c", 2, &found, &err), KLP_EINPUT);
	klp_rmtree(dir);
}

static int sh(struct klp_arena *arena, const char *script, struct klp_proc_opts opts,
	      struct klp_proc_result *ret, struct klp_error *err)
{
	opts.argv = (const char *[]){ "sh", "-c", script, NULL };
	return klp_proc_run(arena, &opts, ret, err);
}

static void children_give_status_and_output(void **state)
{
	struct klp_proc_result result;
	struct klp_error err = {};

	assert_int_equal(sh(*state, "echo out; echo err >&2; exit 3", (struct klp_proc_opts){},
			    &result, &err),
			 0);
	assert_int_equal(result.status, 3);
	assert_string_equal(result.out, "out\n");
	assert_string_equal(result.err, "err\n");
	assert_int_equal(sh(*state, "kill -9 $$", (struct klp_proc_opts){}, &result, &err), 0);
	assert_int_equal(result.status, 128 + 9);
	/* more than a pipe holds, on both streams */
	assert_int_equal(sh(*state, "seq 100000 >&2; seq 100000", (struct klp_proc_opts){}, &result,
			    &err),
			 0);
	assert_int_equal(result.out_len, 588895);
	assert_int_equal(result.err_len, 588895);
	assert_int_equal(
		sh(*state, "pwd; cat", (struct klp_proc_opts){ .cwd = "/" }, &result, &err), 0);
	assert_string_equal(result.out, "/\n");
}

static void children_get_a_clean_environment(void **state)
{
	static const char *const more[] = { "MINE=1", NULL };
	struct klp_proc_result result;
	struct klp_error err = {};

	setenv("CPATH", "/leak", 1);
	setenv("MAKEFLAGS", "-j9", 1);
	setenv("LANG", "de_DE.UTF-8", 1);
	assert_int_equal(sh(*state, "echo $CPATH$MAKEFLAGS$LANG:$LC_ALL:$MINE",
			    (struct klp_proc_opts){ .env = more }, &result, &err),
			 0);
	assert_string_equal(result.out, ":C:1\n");
	unsetenv("CPATH");
	unsetenv("MAKEFLAGS");
	unsetenv("LANG");
}

static void children_are_bounded(void **state)
{
	struct klp_proc_result result = { .status = 77 };
	struct klp_error err = {};

	assert_int_equal(sh(*state, "sleep 60 & sleep 60", (struct klp_proc_opts){ .timeout_s = 1 },
			    &result, &err),
			 KLP_ETROUBLE);
	assert_non_null(strstr(err.text, "too long"));
	err = (struct klp_error){};
	assert_int_equal(sh(*state, "yes", (struct klp_proc_opts){ .max_output = 1000 }, &result,
			    &err),
			 KLP_ETROUBLE);
	assert_non_null(strstr(err.text, "limit"));
	assert_int_equal(result.status, 77);
	err = (struct klp_error){};
	assert_int_equal(klp_proc_run(*state,
				      &(struct klp_proc_opts){
					      .argv = (const char *[]){ "no-such-program", NULL } },
				      &result, &err),
			 KLP_ETROUBLE);
	assert_true(err.hint[0]);
	err = (struct klp_error){};
	assert_int_equal(sh(*state, "true", (struct klp_proc_opts){ .cwd = "/nowhere" }, &result,
			    &err),
			 KLP_ETROUBLE);
}

/* Its status would be taken for 0. */
static void a_child_that_others_reap_is_an_error(void **state)
{
	struct klp_proc_result result = { .status = 77 };
	struct klp_error err = {};

	signal(SIGCHLD, SIG_IGN);
	assert_int_equal(sh(*state, "exit 3", (struct klp_proc_opts){}, &result, &err),
			 KLP_ETROUBLE);
	signal(SIGCHLD, SIG_DFL);
	assert_int_equal(result.status, 77);
	assert_non_null(strstr(err.hint, "SIGCHLD"));
}

static void count_call(void *ctx, size_t i)
{
	atomic_uint *calls = ctx;

	atomic_fetch_add(&calls[i], 1);
}

static void parallel_calls_each_once(void **state)
{
	static const unsigned int jobs[] = { 0, 1, 3, 64, 1000 };

	(void)state;
	for (size_t j = 0; j < sizeof(jobs) / sizeof(*jobs); j++) {
		atomic_uint calls[101] = {};

		klp_parallel(100, jobs[j], count_call, calls);
		for (size_t i = 0; i < 100; i++)
			assert_int_equal(calls[i], 1);
		assert_int_equal(calls[100], 0);
		klp_parallel(0, jobs[j], count_call, calls);
	}
}

struct writes {
	const char *dir;
	atomic_uint wrong;
};

static void write_one(void *ctx, size_t i)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct writes *w = ctx;
	char *path = klp_sprintf(arena, "%s/%zu", w->dir, i % 20), *dir;
	struct klp_error err = {};
	struct stat st;

	if (klp_file_write(path, "x", 1, &err) < 0 || stat(path, &st) < 0 ||
	    (st.st_mode & 0777) != 0640 || klp_newdir(arena, path, &dir, &err) < 0 ||
	    stat(dir, &st) < 0 || (st.st_mode & 0777) != 0750)
		w->wrong++;
}

/* The umask is the process's: who writes must not touch it, other threads do so, too. */
static void threads_that_write_keep_the_umask(void **state)
{
	struct writes w = { .dir = temp(*state) };
	mode_t before = umask(027);

	klp_parallel(2000, 8, write_one, &w);
	assert_int_equal(umask(before), 027);
	assert_int_equal(w.wrong, 0);
	klp_rmtree(w.dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(arena_gives_zeroed_aligned_memory, setup, teardown),
		cmocka_unit_test_setup_teardown(buf_grows_and_stays_terminated, setup, teardown),
		cmocka_unit_test_setup_teardown(vec_keeps_what_was_pushed, setup, teardown),
		cmocka_unit_test_setup_teardown(map_finds_all_in_order, setup, teardown),
		cmocka_unit_test_setup_teardown(the_first_error_wins, setup, teardown),
		cmocka_unit_test_setup_teardown(log_goes_to_the_callback, setup, teardown),
		cmocka_unit_test_setup_teardown(paths_are_cleaned, setup, teardown),
		cmocka_unit_test_setup_teardown(paths_of_input_are_judged, setup, teardown),
		cmocka_unit_test_setup_teardown(paths_are_taken_apart, setup, teardown),
		cmocka_unit_test_setup_teardown(files_are_read_up_to_the_limit, setup, teardown),
		cmocka_unit_test_setup_teardown(files_appear_whole_or_not_at_all, setup, teardown),
		cmocka_unit_test_setup_teardown(trees_are_removed_without_following_links, setup,
						teardown),
		cmocka_unit_test_setup_teardown(files_are_found_sorted_and_bounded, setup,
						teardown),
		cmocka_unit_test_setup_teardown(children_give_status_and_output, setup, teardown),
		cmocka_unit_test_setup_teardown(children_get_a_clean_environment, setup, teardown),
		cmocka_unit_test_setup_teardown(children_are_bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(a_child_that_others_reap_is_an_error, setup,
						teardown),
		cmocka_unit_test_setup_teardown(parallel_calls_each_once, setup, teardown),
		cmocka_unit_test_setup_teardown(threads_that_write_keep_the_umask, setup, teardown),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
