// SPDX-License-Identifier: GPL-2.0-or-later
/* Which object of the running kernel a unit ends in: vmlinux, a module, or none. */
#include "tree/private.h"

#include <string.h>

#include "base/file.h"

char *klp_tree__fix_name(struct klp_arena *arena, const char *name, size_t len)
{
	char *fixed = klp_strndup(arena, name, len);

	for (char *p = fixed; *p; p++)
		if (*p == '-' || *p == ',')
			*p = '_';
	return fixed;
}

/* "fs/ext4/ext4.ko" -> "ext4" */
static char *name_of(struct klp_arena *arena, const char *ko)
{
	const char *base = klp_path_base(ko);

	return klp_tree__fix_name(arena, base, strcspn(base, "."));
}

static const char *mod_file(struct klp_arena *arena, const struct klp_tree *tree, const char *ko)
{
	return klp_sprintf(arena, "%s/%.*s.mod", tree->build, (int)(strlen(ko) - strlen(".ko")),
			   ko);
}

/*
 * True when the .mod file of a module lists the object. A name a line; before Linux 5.19 all
 * on the first one.
 */
static bool mod_lists(const struct klp_tree *tree, struct klp_arena *arena, const char *ko,
		      const char *object)
{
	KLP_CLEANUP_MAPPED struct klp_mapped map = {};
	struct klp_error err = {};
	const char *path = mod_file(arena, tree, ko);
	size_t n = strlen(object);

	if (klp_mapped_open(path, &map, &err) < 0)
		return false;
	for (const char *p = map.data, *end = map.data + map.len;
	     p && (p = memmem(p, (size_t)(end - p), object, n)); p += n) {
		bool begins = p == map.data || strchr(" \n", p[-1]);
		bool ends = p + n == end || strchr(" \n", p[n]);

		if (begins && ends)
			return true;
	}
	return false;
}

/* fs/ext4/ext4.mod.o is made by modpost for the module itself. */
static bool is_mod_object(const char *ko, const char *object)
{
	size_t stem = strlen(ko) - strlen(".ko");

	return !strncmp(ko, object, stem) && !strcmp(object + stem, ".mod.o");
}

static int not_one(const char *object, const char *one, const char *other, struct klp_error *err)
{
	if (!other) {
		klp_error_set(err, KLP_EINPUT, "no module of the build holds '%s'", object);
		return klp_error_hint(err, "it was compiled for a module, but no .mod file of "
					   "modules.order lists it; build the modules, too");
	}
	klp_error_set(err, KLP_EINPUT, "'%s' is part of two modules, '%s' and '%s'", object, one,
		      other);
	return klp_error_hint(err, "code that is shared by several modules can't be patched yet");
}

int klp_tree__module_of(struct klp_arena *arena, const struct klp_tree *tree, const char *object,
			const char *modname, const char **ret, struct klp_error *err)
{
	const char *found = NULL;

	/* An object of several modules has no name, or "one:other". */
	if (modname && strchr(modname, ':'))
		modname = NULL;
	for (size_t i = 0; i < tree->modules.n; i++) {
		const char *ko = tree->modules.v[i];

		if (modname && strcmp(name_of(arena, ko), modname))
			continue;
		if (!mod_lists(tree, arena, ko, object) && !is_mod_object(ko, object))
			continue;
		if (found)
			return not_one(object, found, ko, err);
		found = ko;
	}
	if (!found && modname && !tree->modules.n) {
		const char *ko = klp_path_join(arena, klp_path_dir(arena, object),
					       klp_sprintf(arena, "%s.ko", modname));

		if (klp_file_exists(klp_path_join(arena, tree->build, ko)))
			found = klp_path_clean(arena, ko);
	}
	if (!found && !tree->lone)
		return not_one(object, NULL, NULL, err);
	*ret = found;
	return 0;
}

/* The names stand in the table "//", one a line, each with a '/' behind it. */
bool klp_tree__archive_lists(const char *path, const char *member, bool *seen)
{
	KLP_CLEANUP_MAPPED struct klp_mapped map = {};
	struct klp_error err = {};
	size_t n = strlen(member);

	if (!klp_file_exists(path) || klp_mapped_open(path, &map, &err) < 0 || !map.data)
		return false;
	if (map.len < 8 || memcmp(map.data, "!<thin>\n", 8))
		return false;
	*seen = true;
	for (const char *p = map.data, *end = map.data + map.len;
	     (p = memmem(p, (size_t)(end - p), member, n)); p += n)
		if (p > map.data && p[-1] == '\n' && end - p >= (ptrdiff_t)n + 2 && p[n] == '/' &&
		    p[n + 1] == '\n')
			return true;
	return false;
}

bool klp_tree_linked(struct klp_arena *arena, const struct klp_tree *tree, const char *object)
{
	static const char *const archives[] = { "built-in.a", "lib.a", "vmlinux.a" };
	const char *dir = object;
	bool seen = false;

	do {
		dir = klp_path_dir(arena, dir);
		for (size_t i = 0; i < sizeof(archives) / sizeof(*archives); i++) {
			const char *below = klp_path_below(object, dir);
			const char *path =
				klp_sprintf(arena, "%s/%s/%s", tree->build, dir, archives[i]);

			if (klp_tree__archive_lists(path, below ? below : object, &seen))
				return true;
		}
	} while (strcmp(dir, "."));
	return !seen;
}

static const char *ko_of(const struct klp_tree *tree, const char *module)
{
	for (size_t i = 0; i < tree->modules.n; i++)
		if (!strcmp(name_of(tree->arena, tree->modules.v[i]), module))
			return tree->modules.v[i];
	return NULL;
}

const char *klp_tree_module_file(struct klp_tree *tree, const char *module)
{
	const char *ko = ko_of(tree, module);

	return ko ? klp_path_join(tree->arena, tree->build, ko) : NULL;
}

const char *klp_tree_running_file(struct klp_tree *tree, const char *name)
{
	const char *path =
		!strcmp(name, "vmlinux") ? tree->vmlinux : klp_tree_module_file(tree, name);

	return path && klp_file_exists(path) ? path : NULL;
}

#define MAX_OBJECTS 4096 /* of a module; the largest has some hundred */

void klp_tree_module_objects(struct klp_arena *arena, struct klp_tree *tree, const char *module,
			     struct klp_strs *ret)
{
	const char *ko = ko_of(tree, module);
	KLP_CLEANUP_MAPPED struct klp_mapped map = {};
	struct klp_error ignored = {};
	size_t len;

	*ret = (struct klp_strs){};
	if (!ko || klp_mapped_open(mod_file(arena, tree, ko), &map, &ignored) < 0 || !map.data)
		return;
	/* older kernels have a second line, of symbols (TRIM_UNUSED_KSYMS): none ends so */
	for (const char *p = map.data, *end = map.data + map.len; p < end; p += len + 1) {
		const char *name;

		for (len = 0; p + len < end && !strchr(" \n", p[len]);)
			len++;
		if (len < 3 || memcmp(p + len - 2, ".o", 2))
			continue;
		name = klp_path_clean(arena, klp_strndup(arena, p, len));
		if (*name == '/' || !strncmp(name, "..", 2) || ret->n == MAX_OBJECTS) {
			*ret = (struct klp_strs){};
			return;
		}
		klp_strs_add(arena, ret, klp_path_join(arena, tree->build, name));
	}
}

const char *klp_tree_object_file(const struct klp_tree *tree, const struct klp_unit *unit)
{
	if (unit->module_file)
		return klp_path_join(tree->arena, tree->build, unit->module_file);
	if (unit->module || !tree->vmlinux)
		return klp_unit_code(unit);
	return tree->vmlinux;
}

const char *klp_unit_object_name(const struct klp_unit *unit)
{
	return unit->module ? unit->module : "vmlinux";
}
