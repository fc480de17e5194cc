/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of an ELF64 file and its section table, checked: what symtab, refs and image are
 * read through. Inside elf/ only. libelf serves to translate between byte orders; offsets
 * and sizes are checked here, once, so that nothing behind this can be led out of the file.
 */
#ifndef KLP_ELF_FILE_H
#define KLP_ELF_FILE_H

#include <libelf.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

struct klp_elf {
	const char *path;
	const unsigned char *data; /* borrowed from the caller */
	size_t len;
	Elf64_Ehdr ehdr;      /* host byte order */
	Elf64_Shdr *sections; /* host byte order; each lies inside the file */
	const char **names;   /* of the sections, in the arena; never NULL */
	uint32_t n;
};

/* data must live as long as *ret is used; the tables are in the arena. */
int klp_elf__parse(struct klp_arena *arena, const char *path, const unsigned char *data, size_t len,
		   struct klp_elf *ret, struct klp_error *err);

/* The content of a section; NULL for one that takes no room in the file. */
const unsigned char *klp_elf__bytes(const struct klp_elf *elf, uint32_t index);

/*
 * The entries of a section in host byte order: ELF_T_SYM, ELF_T_RELA, ... Where they are so in
 * the file they aren't copied: they live as long as the file's bytes and the arena do.
 */
int klp_elf__table(struct klp_arena *arena, const struct klp_elf *elf, uint32_t index,
		   Elf_Type type, const void **ret, size_t *ret_n, struct klp_error *err);

/* A string table, copied and terminated. *ret_len doesn't count the added NUL. */
int klp_elf__strings(struct klp_arena *arena, const struct klp_elf *elf, uint32_t index,
		     const char **ret, size_t *ret_len, struct klp_error *err);

/* The index of the symbol table, 0 when there is none. */
uint32_t klp_elf__symtab(const struct klp_elf *elf);
/* The SHT_SYMTAB_SHNDX section that goes with a symbol table, 0 when there is none. */
uint32_t klp_elf__shndx_of(const struct klp_elf *elf, uint32_t symtab);

/* Value number `index` of `key=` among the NUL-separated strings of .modinfo, or NULL. */
const char *klp_elf__modinfo(const unsigned char *data, size_t len, const char *key,
			     unsigned int index);

/* An error with the file's name, code KLP_EINPUT. */
int klp_elf__bad(const struct klp_elf *elf, struct klp_error *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Likewise about a section, naming it and the place: `at` bytes behind its beginning. */
int klp_elf__damaged(const struct klp_elf *elf, struct klp_error *err, uint32_t section,
		     uint64_t at, const char *fmt, ...) __attribute__((format(printf, 5, 6)));

#endif
