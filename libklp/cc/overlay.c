// SPDX-License-Identifier: GPL-2.0-or-later
#include "cc/overlay.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

/* Directories of a kernel hold fewer files. */
#define MAX_SIBLINGS 20000

/* The operand's path relative to where the unit's source lies, or NULL. */
static const char *below_source(struct klp_arena *arena, const struct klp_unit *unit,
				const char *operand)
{
	char *path = klp_path_clean(arena, klp_path_join(arena, unit->cwd, operand));

	return klp_path_below(path, unit->source_root);
}

static const char *image_of_dir(struct klp_arena *arena, const struct klp_unit *unit,
				const struct klp_overlay *overlay, const char *dir)
{
	const char *below = below_source(arena, unit, dir);
	char *image = below ? klp_path_join(arena, overlay->dir, below) : NULL;

	return image && klp_is_dir(image) ? image : NULL;
}

static bool names_dir(const char *flag)
{
	static const char *const options[] = { "-I", "-isystem", "-iquote", "-idirafter" };

	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		if (!strcmp(flag, options[i]))
			return true;
	return false;
}

void klp_cc__overlay_flags(struct klp_arena *arena, const struct klp_unit *unit,
			   const struct klp_overlay *overlay, const struct klp_strs *flags,
			   struct klp_strs *argv)
{
	for (size_t i = 0; i < flags->n; i++) {
		const char *flag = flags->v[i], *image, *below;
		const char *operand = i + 1 < flags->n ? flags->v[i + 1] : NULL;

		if (operand && names_dir(flag)) {
			image = image_of_dir(arena, unit, overlay, operand);
			if (image) {
				klp_vec_push(arena, argv, flag);
				klp_vec_push(arena, argv, image);
			}
		} else if (!strncmp(flag, "-I", 2) && flag[2]) {
			image = image_of_dir(arena, unit, overlay, flag + 2);
			if (image)
				klp_vec_push(arena, argv, klp_sprintf(arena, "-I%s", image));
		} else if (operand && (!strcmp(flag, "-include") || !strcmp(flag, "-imacros"))) {
			below = below_source(arena, unit, operand);
			klp_vec_push(arena, argv, flag);
			klp_vec_push(arena, argv,
				     below && klp_strs_has(&overlay->files, below)
					     ? klp_path_join(arena, overlay->dir, below)
					     : operand);
			i++;
			continue;
		}
		klp_vec_push(arena, argv, flag);
	}
}

/* ---- headers that stand beside an overlaid one ------------------------------------------ */

/* `"NAME"` stands in the file. */
static int quotes(const char *path, const char *name, bool *ret, struct klp_error *err)
{
	KLP_CLEANUP_MAPPED struct klp_mapped map = {};
	char quoted[260];
	int n = snprintf(quoted, sizeof(quoted), "\"%s\"", name);

	if (klp_mapped_open(path, &map, err) < 0)
		return err->code;
	*ret = map.data && (size_t)n < sizeof(quoted) &&
	       memmem(map.data, map.len, quoted, (size_t)n);
	return 0;
}

static bool is_text(const char *name)
{
	size_t n = strlen(name);

	return n > 2 && name[n - 2] == '.' && (name[n - 1] == 'h' || name[n - 1] == 'c');
}

static int list_dir(struct klp_arena *arena, const char *path, struct klp_strs *ret,
		    struct klp_error *err)
{
	DIR *dir = opendir(path);

	/* of a file that the fix creates, the directory may be new as well */
	for (struct dirent *de; dir && (de = readdir(dir)) && ret->n < MAX_SIBLINGS;)
		if (is_text(de->d_name) && (de->d_type == DT_REG || de->d_type == DT_UNKNOWN))
			klp_vec_push(arena, ret, klp_strdup(arena, de->d_name));
	if (dir)
		closedir(dir);
	return err->code;
}

/* The siblings of one file that include it, as links to the originals. */
static int link_siblings(struct klp_arena *arena, const char *source_root, const char *file,
			 const struct klp_overlay *overlay, struct klp_strs *linked,
			 struct klp_error *err)
{
	const char *dir = klp_path_dir(arena, file), *base = klp_path_base(file);
	const char *original = klp_path_join(arena, source_root, dir);
	struct klp_strs names = {};

	if (list_dir(arena, original, &names, err) < 0)
		return err->code;
	for (size_t i = 0; i < names.n; i++) {
		const char *path = klp_path_join(arena, original, names.v[i]), *to;
		bool includes = false;

		to = klp_sprintf(arena, "%s/%s/%s", overlay->dir, dir, names.v[i]);
		if (!strcmp(names.v[i], base) || klp_file_exists(to))
			continue;
		if (quotes(path, base, &includes, err) < 0)
			return err->code;
		if (!includes)
			continue;
		if (symlink(path, to) < 0 && errno != EEXIST)
			return klp_error_set(err, KLP_ETROUBLE, "can't link '%s': %s", to,
					     strerror(errno));
		klp_vec_push(arena, linked, klp_sprintf(arena, "%s/%s", dir, names.v[i]));
	}
	return 0;
}

int klp_overlay_link(struct klp_arena *arena, const struct klp_overlay *overlay,
		     const char *source_root, struct klp_error *err)
{
	struct klp_strs todo = {};

	for (size_t i = 0; i < overlay->files.n; i++)
		if (overlay->files.v[i][strlen(overlay->files.v[i]) - 1] == 'h')
			klp_vec_push(arena, &todo, overlay->files.v[i]);
	/* what is linked may itself be included by a sibling */
	for (size_t i = 0; i < todo.n; i++)
		if (link_siblings(arena, source_root, todo.v[i], overlay, &todo, err) < 0)
			return err->code;
	return 0;
}
