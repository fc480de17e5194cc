/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Symbol tables that several stages of a run ask for, each loaded once: that of vmlinux is
 * megabytes. Belongs to one thread.
 */
#ifndef KLP_ELF_SYMTABS_H
#define KLP_ELF_SYMTABS_H

#include "base/error.h"
#include "base/map.h"

struct klp_symtab; /* elf/symtab.h */

struct klp_symtabs {
	struct klp_map by_path; /* -> struct klp_symtab, in the map's arena */
};

void klp_symtabs_init(struct klp_symtabs *symtabs, struct klp_arena *arena);

/* As klp_symtab_load() has it; NULL on an error. For files that don't change meanwhile. */
const struct klp_symtab *klp_symtabs_get(struct klp_symtabs *symtabs, const char *path,
					 struct klp_error *err);

#endif
