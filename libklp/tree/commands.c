// SPDX-License-Identifier: GPL-2.0-or-later
/* The compiler commands of all objects, without their lists of dependencies. */
#include "tree/private.h"

#include <string.h>

#include "base/file.h"
#include "parsers/kbuild_cmd.h"

static bool compiles_c(const struct klp_strs *argv)
{
	const char *last = argv->n ? argv->v[argv->n - 1] : "";
	size_t n = strlen(last);

	return klp_strs_has(argv, "-c") && n > 2 && !strcmp(last + n - 2, ".c");
}

/* The first line is the command; what follows is a hundred times as long. */
static int read_command(struct klp_arena *arena, const struct klp_tree *tree, const char *cmd,
			struct klp_strs *ret, struct klp_error *err)
{
	KLP_CLEANUP_MAPPED struct klp_mapped map = {};
	const char *path = klp_path_join(arena, tree->build, cmd), *end;
	struct klp_error ignored = {};
	struct klp_cmd parsed;

	if (klp_mapped_open(path, &map, err) < 0)
		return err->code;
	/* Only what may be C for the kernel is worth being taken apart. */
	if (!map.data || !memmem(map.data, map.len, " -c ", 4))
		return 0;
	end = memchr(map.data, '\n', map.len);
	if (klp_cmd_parse(arena, path, map.data, end ? (size_t)(end - map.data) : map.len, &parsed,
			  &ignored) == 0 &&
	    compiles_c(&parsed.commands.v[0]))
		*ret = parsed.commands.v[0];
	return 0;
}

int klp_tree_commands(struct klp_arena *arena, const struct klp_tree *tree,
		      struct klp_tree_commands *ret, struct klp_error *err)
{
	struct klp_map dumps;

	klp_map_init(&dumps, arena);
	for (size_t i = 0; i < tree->dumps.n; i++)
		klp_map_put(&dumps, klp_tree__object_of_dump(arena, tree->dumps.v[i]),
			    (void *)tree->dumps.v[i]);
	for (size_t i = 0; i < tree->cmds.n; i++) {
		struct klp_tree_command command = {};

		command.object = klp_tree_object_of(arena, tree->cmds.v[i]);
		if (!command.object)
			continue;
		if (read_command(arena, tree, tree->cmds.v[i], &command.argv, err) < 0)
			return err->code;
		command.module = klp_strs_has(&command.argv, "-DMODULE");
		command.dump = klp_map_get(&dumps, command.object);
		if (command.argv.n &&
		    (command.module || klp_tree_linked(arena, tree, command.object)))
			klp_vec_push(arena, ret, command);
	}
	return 0;
}
