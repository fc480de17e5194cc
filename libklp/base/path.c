// SPDX-License-Identifier: GPL-2.0-or-later
/* Paths: all but klp_realpath() by text alone. */
#include "base/file.h"

#include <stdlib.h>
#include <string.h>

int klp_realpath(struct klp_arena *arena, const char *path, char **ret, struct klp_error *err)
{
	char *p = realpath(path, NULL);

	if (!p)
		return klp_file_trouble(err, path, "open");
	*ret = klp_strdup(arena, p);
	free(p);
	return 0;
}

char *klp_path_join(struct klp_arena *arena, const char *dir, const char *name)
{
	if (name[0] == '/' || !dir[0])
		return klp_strdup(arena, name);
	return klp_sprintf(arena, "%s%s%s", dir, dir[strlen(dir) - 1] == '/' ? "" : "/", name);
}

char *klp_path_clean(struct klp_arena *arena, const char *path)
{
	char *out = klp_alloc(arena, strlen(path) + 2);
	bool absolute = path[0] == '/';
	size_t len = 0;

	if (absolute)
		out[len++] = '/';
	while (*path) {
		size_t n = strcspn(path, "/");

		if (n == 0 || (n == 1 && path[0] == '.')) {
			/* nothing */
		} else if (n == 2 && !memcmp(path, "..", 2) && len > (size_t)absolute &&
			   !(len >= 2 && !memcmp(out + len - 2, "..", 2) &&
			     (len == 2 || out[len - 3] == '/'))) {
			while (len > (size_t)absolute && out[len - 1] != '/')
				len--;
			if (len > (size_t)absolute)
				len--;
		} else if (!(n == 2 && !memcmp(path, "..", 2) && absolute && len == 1)) {
			if (len > (size_t)absolute)
				out[len++] = '/';
			memcpy(out + len, path, n);
			len += n;
		}
		path += n;
		while (*path == '/')
			path++;
	}
	if (!len)
		out[len++] = '.';
	out[len] = '\0';
	return out;
}

const char *klp_path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

char *klp_path_dir(struct klp_arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return klp_strdup(arena, ".");
	if (slash == path)
		return klp_strdup(arena, "/");
	return klp_strndup(arena, path, (size_t)(slash - path));
}

const char *klp_path_below(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	while (n && dir[n - 1] == '/')
		n--;
	if (strncmp(path, dir, n) || path[n] != '/')
		return NULL;
	path += n;
	while (*path == '/')
		path++;
	return *path ? path : NULL;
}

bool klp_path_is_safe(const char *path)
{
	if (!path[0] || path[0] == '/')
		return false;
	for (const char *p = path; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return false;
	while (*path) {
		size_t n = strcspn(path, "/");

		if (n == 2 && !memcmp(path, "..", 2))
			return false;
		path += n;
		path += strspn(path, "/");
	}
	return true;
}
