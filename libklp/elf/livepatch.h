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
#include "elf/image.h"

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
 * NULL, or what to do instead of a reference from a section of that name which the loading of
 * object ("vmlinux"; any other, "" too, is a module) resolves: the kernel uses the section before
 * that. release: as
 * klp_release_number() gives it, 0 when unknown. Those of vmlinux are resolved in time since 5.8.
 */
const char *klp_lp_early(const char *section, const char *object, unsigned int release);

/*
 * The section of per-CPU variables (include/asm-generic/percpu.h PER_CPU_BASE_SECTION).
 * kernel/module/main.c layout_and_allocate() takes SHF_ALLOC off it, so that it isn't laid out with
 * the module, before apply_relocations() passes over all sections without that: no relocation
 * there is ever applied. One that is applied later, by kernel/livepatch/core.c, writes to the
 * copy of the file that the loader has freed by then.
 */
bool klp_lp_is_percpu(const char *section);

/*
 * What kernel/module/main.c simplify_symbols() lets pass undefined, besides weak symbols. On x86
 * ignore_undef_symbol() there says so; on s390 arch/s390/kernel/module.c
 * module_frob_arch_sections() makes the symbol absolute, on PowerPC arch/powerpc/kernel/module_64.c
 * dedotify() does. (What modpost ignores besides, _savegpr0_14 or __s390_indirect_jump_r1, is
 * defined in a finished module, by arch/powerpc/lib/crtsavres.o and arch/s390/lib/expoline.o.)
 */
bool klp_lp_loader_ignores(const struct klp_image *image, const struct klp_image_sym *sym);

#endif
