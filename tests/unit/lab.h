/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For the tests that need objects: a private directory in which small C files are compiled,
 * linked and looked at by tools that we did not write. Every call asserts that it worked.
 */
#ifndef KLP_TESTS_LAB_H
#define KLP_TESTS_LAB_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/proc.h"

static struct klp_arena *arena;
static char *lab;

static inline int lab_setup(void **state)
{
	struct klp_error err = {};

	(void)state;
	arena = klp_arena_new();
	return klp_tmpdir_new(arena, &lab, &err);
}

static inline int lab_teardown(void **state)
{
	(void)state;
	klp_rmtree(lab);
	klp_arena_free(arena);
	return 0;
}

static inline char *lab_path(const char *name)
{
	return klp_path_join(arena, lab, name);
}

static inline void lab_put(const char *name, const void *data, size_t len)
{
	struct klp_error err = {};

	assert_int_equal(klp_mkdirs(klp_path_dir(arena, lab_path(name)), &err), 0);
	assert_int_equal(klp_file_write(lab_path(name), data, len, &err), 0);
}

static inline char *lab_get(const char *name, size_t *ret_len)
{
	struct klp_error err = {};
	char *data;

	assert_int_equal(klp_file_read(arena, lab_path(name), KLP_MAX_TEXT, &data, ret_len, &err),
			 0);
	return data;
}

/* The words of a command run in the lab; its output. A failure shows what it said. */
static inline const char *lab_run(const char *command)
{
	char *words = klp_strdup(arena, command), *save = NULL;
	struct klp_proc_result result;
	struct klp_error err = {};
	struct klp_strs argv = {};
	struct klp_proc_opts opts = { .cwd = lab };

	for (char *w = strtok_r(words, " ", &save); w; w = strtok_r(NULL, " ", &save))
		klp_vec_push(arena, &argv, w);
	klp_vec_push(arena, &argv, NULL);
	opts.argv = argv.v;
	assert_int_equal(klp_proc_run(arena, &opts, &result, &err), 0);
	if (result.status)
		fail_msg("%s: status %d\n%s%s", command, result.status, result.out, result.err);
	return result.out;
}

/* What eu-elflint says, whether content or not. */
static inline const char *lab_lint(const char *name)
{
	const char *const argv[] = { "eu-elflint", "--gnu", name, NULL };
	const struct klp_proc_opts opts = { .cwd = lab, .argv = argv };
	struct klp_proc_result result;
	struct klp_error err = {};

	assert_int_equal(klp_proc_run(arena, &opts, &result, &err), 0);
	return klp_sprintf(arena, "%s%s", result.out, result.err);
}

#define LAB_KERNEL_FLAGS                                                                       \
	"-std=gnu11 -O2 -fno-pie -fno-pic -mcmodel=kernel -mno-red-zone -fcf-protection=none " \
	"-fno-asynchronous-unwind-tables -fno-stack-protector -w"
#define LAB_TRACED "-pg -mfentry -mrecord-mcount"

/* dir/NAME.c with that text, compiled to dir/NAME.o as a kernel is. */
static inline void lab_cc(const char *object, const char *text, const char *flags)
{
	size_t stem = strlen(object) - 2;
	char *source = klp_sprintf(arena, "%.*s.c", (int)stem, object);

	lab_put(source, text, strlen(text));
	lab_run(klp_sprintf(arena, "gcc " LAB_KERNEL_FLAGS " %s -c -o %s %s", flags, object,
			    source));
}

/*
 * Copies of a file that are cut off or have changed bytes: try() must come back, and under a
 * sanitizer without a complaint, whatever it answers.
 */
static inline void lab_torture(const char *name, void (*try)(const char *path))
{
	size_t len, step;
	char *good = lab_get(name, &len);
	uint32_t seed = 12345;

	step = len / 64 + 1;
	for (size_t cut = 0; cut < len; cut += step) {
		lab_put("torture", good, cut);
		try(lab_path("torture"));
	}
	for (int round = 0; round < 400; round++) {
		char *bad = klp_strndup(arena, "", 0);

		bad = klp_alloc(arena, len);
		memcpy(bad, good, len);
		for (int i = 0; i < 1 + round % 4; i++) {
			seed = seed * 1103515245 + 12345;
			/* half of them where the headers are: at the start and at the end */
			size_t at = (seed >> 8) % len;

			if (seed & 0x40000000)
				at = (seed & 0x20000000) ? (seed >> 8) % 64
							 : len - 1 - (seed >> 8) % (len / 4);
			seed = seed * 1103515245 + 12345;
			bad[at] = (char)(seed >> 16);
		}
		lab_put("torture", bad, len);
		try(lab_path("torture"));
	}
}

#endif
