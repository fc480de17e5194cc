// SPDX-License-Identifier: GPL-2.0-or-later
#include "elf/symtabs.h"

#include "elf/symtab.h"

void klp_symtabs_init(struct klp_symtabs *symtabs, struct klp_arena *arena)
{
	klp_map_init(&symtabs->by_path, arena);
}

const struct klp_symtab *klp_symtabs_get(struct klp_symtabs *symtabs, const char *path,
					 struct klp_error *err)
{
	struct klp_arena *arena = symtabs->by_path.arena;
	struct klp_symtab *symtab = klp_map_get(&symtabs->by_path, path);

	if (symtab)
		return symtab;
	symtab = klp_new(arena, struct klp_symtab);
	if (klp_symtab_load(arena, path, symtab, err) < 0)
		return NULL;
	klp_map_put(&symtabs->by_path, klp_strdup(arena, path), symtab);
	return symtab;
}
