// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree/list.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

#define MAX_DEPTH 64

struct walk {
	struct klp_arena *arena;
	struct klp_listed *kinds;
	size_t n, max;
	uint32_t build;
	struct klp_listed_dirs *dirs;
	struct klp_error *err;
};

static int trouble(struct walk *w, const char *path)
{
	klp_error_set(w->err, KLP_ETROUBLE, "can't list '%s': %s", *path ? path : ".",
		      strerror(errno));
	return klp_error_at(w->err, path, 0, 0);
}

static bool is_kind(const struct klp_listed *kind, const char *name, size_t len)
{
	size_t n = strlen(kind->suffix);

	return len >= n && !memcmp(name + len - n, kind->suffix, n) &&
	       (!kind->hidden || name[0] == '.');
}

static int take(struct walk *w, const char *prefix, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < w->n; i++) {
		struct klp_listed *kind = &w->kinds[i];

		if (!is_kind(kind, name, len))
			continue;
		if (kind->files.n >= w->max)
			return klp_error_set(w->err, KLP_EINPUT, "more than %zu files '*%s'",
					     w->max, kind->suffix);
		klp_vec_push(w->arena, &kind->files, klp_sprintf(w->arena, "%s%s", prefix, name));
	}
	return 0;
}

/* Some file systems don't say of what type an entry is. */
static unsigned char type_of(DIR *dir, const struct dirent *de)
{
	struct stat st;

	if (de->d_type != DT_UNKNOWN)
		return de->d_type;
	if (fstatat(dirfd(dir), de->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return DT_UNKNOWN;
	return S_ISREG(st.st_mode) ? DT_REG : S_ISDIR(st.st_mode) ? DT_DIR : DT_UNKNOWN;
}

static int walk(struct walk *w, int fd, const char *prefix, int depth);

static int descend(struct walk *w, DIR *dir, const char *prefix, const char *name, int depth)
{
	int fd = openat(dirfd(dir), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	/* One that may not be read holds nothing that this user could use. */
	return fd < 0 ? 0 : walk(w, fd, klp_sprintf(w->arena, "%s%s/", prefix, name), depth + 1);
}

static int walk(struct walk *w, int fd, const char *prefix, int depth)
{
	struct stat st;
	DIR *dir = NULL;
	int rc = 0;

	if (fstat(fd, &st) < 0 || !(dir = fdopendir(fd))) {
		rc = trouble(w, prefix);
		close(fd);
		return rc;
	}
	klp_vec_push(w->arena, w->dirs,
		     (struct klp_listed_dir){ prefix, w->build,
					      (int64_t)st.st_mtim.tv_sec * 1000000000 +
						      st.st_mtim.tv_nsec });
	for (struct dirent *de; rc == 0 && (de = readdir(dir));) {
		unsigned char type = type_of(dir, de);

		if (type == DT_REG)
			rc = take(w, prefix, de->d_name);
		else if (type == DT_DIR && depth < MAX_DEPTH && strcmp(de->d_name, ".") &&
			 strcmp(de->d_name, ".."))
			rc = descend(w, dir, prefix, de->d_name, depth);
	}
	closedir(dir);
	return rc;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int klp_tree__list(struct klp_arena *arena, const char *root, struct klp_listed *kinds, size_t n,
		   size_t max, uint32_t build, struct klp_listed_dirs *dirs, struct klp_error *err)
{
	struct walk w = { arena, kinds, n, max, build, dirs, err };
	int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return trouble(&w, root);
	if (walk(&w, fd, "", 0) < 0)
		return err->code;
	for (size_t i = 0; i < n; i++)
		if (kinds[i].files.n)
			qsort(kinds[i].files.v, kinds[i].files.n, sizeof(*kinds[i].files.v),
			      compare);
	return 0;
}
