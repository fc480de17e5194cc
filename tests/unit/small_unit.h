/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For tests that need a unit: a directory of its own, files in it, and a struct klp_unit as
 * tree/ would read it from a .cmd file. Include after <cmocka.h>.
 */
#ifndef TESTS_SMALL_UNIT_H
#define TESTS_SMALL_UNIT_H

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/proc.h"
#include "model/unit.h"

struct small {
	struct klp_arena *arena;
	char *dir;  /* real, absolute; removed by small_end() */
	char *work; /* another one, beside it */
};

static inline void small_begin(struct small *s)
{
	struct klp_error err = {};
	char *top;

	s->arena = klp_arena_new();
	assert_int_equal(klp_tmpdir_new(s->arena, &top, &err), 0);
	assert_int_equal(klp_realpath(s->arena, top, &top, &err), 0);
	s->dir = klp_path_join(s->arena, top, "build");
	s->work = klp_path_join(s->arena, top, "work");
	assert_int_equal(klp_mkdirs(s->dir, &err), 0);
	assert_int_equal(klp_mkdirs(s->work, &err), 0);
}

static inline void small_end(struct small *s)
{
	klp_rmtree(klp_path_dir(s->arena, s->dir));
	klp_arena_free(s->arena);
}

/* Writes a file below s->dir; its path. */
static inline const char *small_put(struct small *s, const char *name, const char *text)
{
	const char *path = klp_path_join(s->arena, s->dir, name);
	struct klp_error err = {};

	assert_int_equal(klp_mkdirs(klp_path_dir(s->arena, path), &err), 0);
	assert_int_equal(klp_file_write(path, text, strlen(text), &err), 0);
	return path;
}

static inline char *small_get(struct small *s, const char *path)
{
	struct klp_error err = {};
	char *text;
	size_t len;

	if (klp_file_read(s->arena, klp_path_join(s->arena, s->dir, path), KLP_MAX_TEXT, &text,
			  &len, &err) < 0)
		fail_msg("%s", err.text);
	return text;
}

/* Runs a program in s->dir; arguments end in NULL. It must succeed. */
static inline char *small_run(struct small *s, const char *const *argv)
{
	const struct klp_proc_opts opts = { .argv = argv, .cwd = s->dir };
	struct klp_proc_result result = {};
	struct klp_error err = {};

	if (klp_proc_run(s->arena, &opts, &result, &err) < 0)
		fail_msg("%s", err.text);
	if (result.status)
		fail_msg("%s: %s", argv[0], result.err);
	return result.out;
}

/* "gcc -O2 X -c -o dir/x.o dir/x.c" for the source "dir/x.c", X being `flags` at its blanks. */
static inline struct klp_unit *small_unit(struct small *s, const char *source, const char *flags)
{
	struct klp_unit *unit = klp_new(s->arena, struct klp_unit);
	const char *stem = klp_strndup(s->arena, source, strlen(source) - 2), *word;
	char *rest = klp_strdup(s->arena, flags);

	*unit = (struct klp_unit){
		.object = klp_sprintf(s->arena, "%s.o", stem),
		.source = source,
		.source_path = klp_path_join(s->arena, s->dir, source),
		.source_root = s->dir,
		.source_arg = source,
		.basename = klp_path_base(stem),
		.modname = klp_path_base(stem),
		.cwd = s->dir,
	};
	unit->object_path = klp_path_join(s->arena, s->dir, unit->object);
	klp_vec_push(s->arena, &unit->argv, "gcc");
	klp_vec_push(s->arena, &unit->argv, "-O2");
	while ((word = strtok_r(rest, " ", &rest)))
		klp_vec_push(s->arena, &unit->argv, word);
	klp_vec_push(s->arena, &unit->argv, "-c");
	klp_vec_push(s->arena, &unit->argv, "-o");
	klp_vec_push(s->arena, &unit->argv, unit->object);
	klp_vec_push(s->arena, &unit->argv, source);
	return unit;
}

/* Compiles it, as the kernel was: the object, its dump, and .NAME.o.cmd with the deps_ list. */
static inline void small_compile(struct small *s, struct klp_unit *unit)
{
	struct klp_strs argv = {};
	struct klp_buf cmd;
	const char *object = unit->object;
	char *deps, *save = NULL;

	for (size_t i = 0; i < unit->argv.n; i++)
		klp_vec_push(s->arena, &argv, unit->argv.v[i]);
	klp_vec_push(s->arena, &argv, "-fdump-ipa-clones");
	klp_vec_push(s->arena, &argv, "-MD");
	klp_vec_push(s->arena, &argv, "-MF");
	klp_vec_push(s->arena, &argv, "deps");
	klp_vec_push(s->arena, &argv, NULL);
	small_run(s, argv.v);
	klp_buf_init(&cmd, s->arena);
	klp_buf_addf(&cmd, "cmd_%s :=", object);
	for (size_t i = 0; i < unit->argv.n; i++)
		klp_buf_addf(&cmd, strpbrk(unit->argv.v[i], "'\"() $#\\") ? " '%s'" : " %s",
			     unit->argv.v[i]);
	klp_buf_addf(&cmd, "\n\nsource_%s := %s\n\ndeps_%s := \\\n", object, unit->source, object);
	deps = small_get(s, "deps");
	for (char *w = strtok_r(deps, " \\\n", &save); w; w = strtok_r(NULL, " \\\n", &save))
		if (w[strlen(w) - 1] != ':' && strcmp(w, unit->source))
			klp_buf_addf(&cmd, "  %s \\\n", w);
	klp_buf_addf(&cmd, "\n%s: $(deps_%s)\n", object, object);
	small_put(s,
		  klp_sprintf(s->arena, "%s/.%s.cmd", klp_path_dir(s->arena, object),
			      klp_path_base(object)),
		  cmd.p);
}

/* Every file below s->dir with its size and time of change: equal texts, nothing was touched. */
static inline char *small_state(struct small *s)
{
	static const char *const argv[] = { "find", ".", "-printf", "%p %s %T@\n", NULL };

	return small_run(s, argv);
}

#endif
