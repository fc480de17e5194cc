/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The steps of klp_symtab_load() that have a file of their own. Inside elf/ only.
 */
#ifndef KLP_ELF_SYMTAB_PARTS_H
#define KLP_ELF_SYMTAB_PARTS_H

#include "elf/file.h"
#include "elf/symtab.h"

/* Where a section's offset stands in the order of addresses: struct klp_sym.place. */
uint64_t klp_symtab__place(const struct klp_symtab *symtab, uint32_t shndx, uint64_t value);

/* symtab_names.c: makes the table for lookups, sets ->same. */
void klp_symtab__index(struct klp_arena *arena, struct klp_symtab *symtab);
struct klp_sym *klp_symtab__getn(const struct klp_symtab *symtab, const char *name, size_t len);

/* trace.c: sets ->traceable. Lookups by name work, and by_place is there. */
int klp_symtab__trace(const struct klp_elf *elf, struct klp_symtab *symtab, struct klp_error *err);

/* kallsyms.c: sets ->kept and ->early. ->init is set. */
void klp_symtab__keep(const struct klp_elf *elf, struct klp_symtab *symtab);

#endif
