// SPDX-License-Identifier: GPL-2.0-or-later
#include "detect/assembly.h"

#include <string.h>

#include "base/file.h"

/* True when the path stands in the text as the end of a word. */
static bool names_path(const char *text, size_t len, const char *path)
{
	const char *p = text, *end = text + len;
	size_t n = strlen(path);

	while ((p = memmem(p, (size_t)(end - p), path, n))) {
		bool begins = p == text || p[-1] == '/' || p[-1] == ' ' || p[-1] == '\n';

		if (begins && (p + n == end || strchr(" \\\n", p[n])))
			return true;
		p++;
	}
	return false;
}

/* Of `source_fs/x.o := ../fs/x.c`: the path that it stands for; NULL without such a line. */
static const char *source_of(struct klp_arena *arena, const struct klp_tree *tree,
			     const struct klp_mapped *cmd)
{
	const char *end = cmd->data + cmd->len;
	const char *line = memmem(cmd->data, cmd->len, "\nsource_", 8);
	const char *p = line ? memmem(line, (size_t)(end - line), ":= ", 3) : NULL;
	const char *stop = p ? memchr(p, '\n', (size_t)(end - p)) : NULL;

	if (!stop)
		return NULL;
	p += 3;
	return klp_path_clean(arena, klp_path_join(arena, tree->build,
						   klp_strndup(arena, p, (size_t)(stop - p))));
}

static bool ends_in(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n >= m && !strcmp(s + n - m, suffix);
}

static int look(struct klp_arena *arena, const struct klp_tree *tree, const char *cmd,
		const char *file, struct klp_assembly *ret, struct klp_error *err)
{
	KLP_CLEANUP_MAPPED struct klp_mapped map = {};
	const char *base = klp_path_base(cmd), *dir = klp_path_dir(arena, cmd), *source, *object;

	if (klp_mapped_open(klp_path_join(arena, tree->build, cmd), &map, err) < 0)
		return err->code;
	if (base[0] != '.' || !map.len || !memmem(map.data, map.len, ".S\n", 3) ||
	    !names_path(map.data, map.len, file))
		return 0;
	object = klp_sprintf(arena, "%s/%.*s", dir, (int)(strlen(base) - 5), base + 1);
	object = klp_path_clean(arena, object);
	source = source_of(arena, tree, &map);
	if (klp_tree_linked(arena, tree, object))
		klp_vec_push(arena, ret,
			     (struct klp_assembled){
				     object, source && ends_in(source, ".S") ? source : NULL });
	return 0;
}

int klp_detect__assembly(struct klp_arena *arena, const struct klp_tree *tree, const char *file,
			 struct klp_assembly *ret, struct klp_error *err)
{
	for (size_t i = 0; i < tree->cmds.n; i++)
		if (look(arena, tree, tree->cmds.v[i], file, ret, err) < 0)
			return err->code;
	return 0;
}

/* Kbuild of the kernel: Kbuild, arch/ARCH/kernel/Makefile. */
int klp_detect__generators(struct klp_arena *arena, const struct klp_tree *tree, const char *file,
			   struct klp_strs *ret, struct klp_error *err)
{
	static const char *const cmds[] = { "kernel/.bounds.s.cmd",
					    "arch/x86/kernel/.asm-offsets.s.cmd" };

	for (size_t i = 0; i < sizeof(cmds) / sizeof(*cmds); i++) {
		KLP_CLEANUP_MAPPED struct klp_mapped map = {};
		const char *path = klp_path_join(arena, tree->build, cmds[i]), *source;

		if (!klp_file_exists(path))
			continue;
		if (klp_mapped_open(path, &map, err) < 0)
			return err->code;
		source = map.data ? source_of(arena, tree, &map) : NULL;
		if (source && names_path(map.data, map.len, file))
			klp_vec_push(arena, ret, source);
	}
	return 0;
}
