// SPDX-License-Identifier: GPL-2.0-or-later
/* Directories: made, walked, removed. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int klp_mkdirs(const char *path, struct klp_error *err)
{
	char part[PATH_MAX];
	size_t len = strlen(path);

	if (len >= sizeof(part)) {
		errno = ENAMETOOLONG;
		return klp_file_trouble(err, path, "make directory");
	}
	for (size_t i = 1; i <= len; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (mkdir(part, 0777) < 0 && errno != EEXIST && !klp_is_dir(part))
			return klp_file_trouble(err, path, "make directory");
	}
	if (!klp_is_dir(path)) {
		errno = ENOTDIR;
		return klp_file_trouble(err, path, "make directory");
	}
	return 0;
}

int klp_tmpdir_new(struct klp_arena *arena, char **ret_path, struct klp_error *err)
{
	const char *base = getenv("TMPDIR");
	char *path;

	if (!base || base[0] != '/')
		base = "/tmp";
	path = klp_sprintf(arena, "%s/klp-prep.XXXXXX", base);
	if (!mkdtemp(path))
		return klp_file_trouble(err, path, "make directory");
	*ret_path = path;
	return 0;
}

static void rmtree_at(int dirfd, const char *name)
{
	int fd;
	DIR *dir;

	if (unlinkat(dirfd, name, 0) == 0)
		return;
	fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return;
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return;
	}
	for (struct dirent *de; (de = readdir(dir));)
		if (strcmp(de->d_name, ".") && strcmp(de->d_name, ".."))
			rmtree_at(fd, de->d_name);
	closedir(dir);
	unlinkat(dirfd, name, AT_REMOVEDIR);
}

void klp_rmtree(const char *path)
{
	rmtree_at(AT_FDCWD, path);
}

struct walk {
	struct klp_arena *arena;
	const char *suffix;
	size_t suffix_len, max;
	struct klp_strs *found;
	struct klp_error *err;
};

static int walk(struct walk *w, int fd, const char *prefix, int depth)
{
	DIR *dir = fdopendir(fd);
	int rc = 0;

	if (!dir) {
		close(fd);
		return klp_file_trouble(w->err, prefix, "list");
	}
	for (struct dirent *de; rc == 0 && (de = readdir(dir));) {
		size_t len = strlen(de->d_name);

		if (!strcmp(de->d_name, ".") || !strcmp(de->d_name, ".."))
			continue;
		if (de->d_type == DT_REG) {
			if (len < w->suffix_len ||
			    memcmp(de->d_name + len - w->suffix_len, w->suffix, w->suffix_len))
				continue;
			if (w->found->n >= w->max)
				rc = klp_error_set(w->err, KLP_EINPUT, "more than %zu files '*%s'",
						   w->max, w->suffix);
			klp_vec_push(w->arena, w->found,
				     klp_sprintf(w->arena, "%s%s", prefix, de->d_name));
		} else if (de->d_type == DT_DIR && depth < 64) {
			int sub = openat(dirfd(dir), de->d_name,
					 O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

			if (sub >= 0)
				rc = walk(w, sub,
					  klp_sprintf(w->arena, "%s%s/", prefix, de->d_name),
					  depth + 1);
		}
	}
	closedir(dir);
	return rc;
}

static int compare_strs(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int klp_find_files(struct klp_arena *arena, const char *dir, const char *suffix, size_t max,
		   struct klp_strs *ret, struct klp_error *err)
{
	struct klp_strs found = {};
	struct walk w = { arena, suffix, strlen(suffix), max, &found, err };
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return klp_file_trouble(err, dir, "list");
	if (walk(&w, fd, "", 0) < 0)
		return err->code;
	if (found.n)
		qsort(found.v, found.n, sizeof(*found.v), compare_strs);
	*ret = found;
	return 0;
}
