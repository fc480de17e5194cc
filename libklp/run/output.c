// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "report/report.h"
#include "run/private.h"

/* A directory of ours holds a dozen. */
#define MAX_FILES 10000

/* Nothing at all in it; false for a directory that can't be looked into. */
static bool is_empty(const char *path)
{
	DIR *dir = opendir(path);
	bool empty = dir;

	for (struct dirent *de; empty && (de = readdir(dir));)
		empty = !strcmp(de->d_name, ".") || !strcmp(de->d_name, "..");
	if (dir)
		closedir(dir);
	return empty;
}

static bool may_replace(struct klp_arena *arena, const char *path)
{
	return klp_is_dir(path) &&
	       (is_empty(path) || klp_report_is_ours(klp_path_join(arena, path, "report.json")));
}

static int not_ours(struct klp_error *err, const char *path)
{
	klp_error_set(err, KLP_EUSAGE, "'%s' exists and is no output of an earlier run", path);
	klp_error_at(err, path, 0, 0);
	return klp_error_hint(err, "choose another directory with --output, or remove this one");
}

int klp__output_check(struct klp_arena *arena, const char *output, char **ret,
		      struct klp_error *err)
{
	char *path = klp_path_clean(arena, output);

	if (klp_file_exists(path)) {
		/* What a symbolic link leads to is replaced, not the link. */
		if (klp_realpath(arena, path, &path, err) < 0)
			return err->code;
		if (!may_replace(arena, path))
			return not_ours(err, output);
	}
	*ret = path;
	return 0;
}

int klp__copy_files(struct klp_arena *arena, const char *from, const char *to,
		    struct klp_error *err)
{
	struct klp_strs files = {};

	if (klp_mkdirs(to, err) < 0 || klp_find_files(arena, from, "", MAX_FILES, &files, err) < 0)
		return err->code;
	for (size_t i = 0; i < files.n; i++)
		if (!strchr(files.v[i], '/') &&
		    klp_file_copy(klp_path_join(arena, from, files.v[i]),
				  klp_path_join(arena, to, files.v[i]), err) < 0)
			return err->code;
	return 0;
}

/* Swaps the new directory with the old one, so that there is always one of that name. */
static int replace(struct klp_arena *arena, const char *new, const char *output,
		   struct klp_error *err)
{
	const char *old = new;

	/* also covers an empty directory in the place */
	if (rename(new, output) == 0)
		return 0;
	if (errno != ENOTEMPTY && errno != EEXIST)
		return klp_file_trouble(err, output, "write");
	/* the stages took their time: it may have become somebody else's */
	if (!may_replace(arena, output))
		return not_ours(err, output);
	if (renameat2(AT_FDCWD, new, AT_FDCWD, output, RENAME_EXCHANGE) < 0) {
		/* a file system that can't exchange: two steps; in between nothing of it may go */
		klp_newdir_done();
		old = klp_sprintf(arena, "%s.old", new);
		if (rename(output, old) < 0)
			return klp_file_trouble(err, output, "replace");
		if (rename(new, output) < 0) {
			klp_file_trouble(err, output, "replace");
			if (rename(old, output) < 0)
				klp_error_hint(err, "the former one is now '%s'", old);
			return err->code;
		}
	}
	klp_rmtree(old);
	return 0;
}

static int install(struct klp_arena *arena, const char *from, const char *output,
		   struct klp_error *err)
{
	char *new;

	if (klp_newdir(arena, output, &new, err) < 0)
		return err->code;
	if (klp__copy_files(arena, from, new, err) == 0)
		replace(arena, new, output, err);
	if (err->code)
		klp_rmtree(new);
	klp_newdir_done();
	return err->code;
}

int klp__output_install(struct klp_arena *arena, const char *from, const char *output,
			struct klp_error *err)
{
	sigset_t interrupts, before;

	if (klp_mkdirs(klp_path_dir(arena, output), err) < 0)
		return err->code;
	/* A few files: whoever interrupts now gets all of them or, a moment earlier, none. */
	sigemptyset(&interrupts);
	sigaddset(&interrupts, SIGINT);
	sigaddset(&interrupts, SIGTERM);
	sigaddset(&interrupts, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &interrupts, &before);
	install(arena, from, output, err);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return err->code;
}
