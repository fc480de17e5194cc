/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How livepatch symbols and relocations are marked and named in a module
 * (Documentation/livepatch/module-elf-format.rst), and which sections can't have any that
 * refer to a module. Shared by convert, which makes them, and verify, which reads them.
 */
#ifndef KLP_ELF_LIVEPATCH_H
#define KLP_ELF_LIVEPATCH_H

#include <stdbool.h>

#include "base/arena.h"

/* include/uapi/linux/elf.h; glibc's <elf.h> doesn't have them. */
#define KLP_SHN_LIVEPATCH      0xff20
#define KLP_SHF_RELA_LIVEPATCH 0x00100000

#define KLP_SYM_PREFIX	".klp.sym."
#define KLP_RELA_PREFIX ".klp.rela."

/* ".klp.sym.ext4.foo,0" */
struct klp_lp_name {
	const char *object;
	const char *symbol;
	unsigned long sympos;
};

char *klp_lp_symbol_name(struct klp_arena *arena, const char *object, const char *symbol,
			 unsigned int sympos);
/* prefix, object, dot, section with the dot that is its own: ".klp.rela.ext4..text" */
char *klp_lp_section_name(struct klp_arena *arena, const char *object, const char *section);

/*
 * Read as kernel/livepatch/core.c klp_resolve_symbols() and klp_apply_section_relocs() do,
 * within the same lengths, and nothing left over; false when malformed.
 */
bool klp_lp_parse_symbol(struct klp_arena *arena, const char *name, struct klp_lp_name *ret);
bool klp_lp_parse_section(struct klp_arena *arena, const char *name, const char **ret_object);

/*
 * NULL, or what to do instead of a reference to a module from a section of that name: the
 * kernel uses it before the reference could be resolved.
 */
const char *klp_lp_early_section(const char *section);

#endif
