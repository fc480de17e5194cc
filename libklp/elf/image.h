/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A relocatable ELF64 file as plain data that can be edited, and written again: what convert
 * works on. Either byte order; everything here is in the host's. Untrusted input: every
 * offset, size and index is checked when the file is read. Files with more than 65279
 * sections (extended numbers) are refused: the kernel's module loader knows none of that.
 */
#ifndef KLP_ELF_IMAGE_H
#define KLP_ELF_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/vec.h"

struct klp_image_sym {
	const char *name;
	uint64_t value, size;
	uint32_t shndx; /* section index or SHN_* */
	unsigned char info, other;
};
KLP_VEC(klp_image_syms, struct klp_image_sym);

struct klp_image_rela {
	uint64_t offset;
	uint32_t sym; /* index into syms */
	uint32_t type;
	int64_t addend;
};
KLP_VEC(klp_image_relas, struct klp_image_rela);

struct klp_image_section {
	const char *name;
	uint32_t type, link, info; /* SHT_* */
	uint64_t flags, addr, align, entsize, size;
	const unsigned char *data;    /* as in the file; NULL where there is none, and for the
					 tables that are made anew: symbols, relocations and
					 their strings */
	struct klp_image_relas relas; /* of an SHT_RELA section */
};
KLP_VEC(klp_image_sections, struct klp_image_section);

struct klp_image {
	const char *path;
	uint16_t machine, type;
	uint32_t flags; /* e_flags */
	unsigned char osabi, abiversion;
	bool big_endian;
	bool is_signed;			    /* ends in the kernel's "~Module signature appended~" */
	struct klp_image_sections sections; /* [0] is the null section */
	struct klp_image_syms syms;	    /* [0] is the null symbol */
	uint32_t symtab;		    /* index of the SHT_SYMTAB section */
	uint32_t shstrtab;		    /* of the section names' string table */
	struct klp_image_index *index;	    /* what the questions below are answered by, made when
					       the first one is asked; so an image belongs to one
					       thread */
};

int klp_image_load(struct klp_arena *arena, const char *path, struct klp_image *ret,
		   struct klp_error *err);
/* The `size` bytes at p, of the file's data, as a number: at most 8, which the caller has checked.
 */
uint64_t klp_image_number(const struct klp_image *image, const unsigned char *p, unsigned int size);
/* Index of the section of that name, 0 when there is none. */
uint32_t klp_image_section(const struct klp_image *image, const char *name);
/*
 * The value of `key=` in .modinfo, or NULL. index counts several values of one key from 0.
 */
const char *klp_image_modinfo(const struct klp_image *image, const char *key, unsigned int index);
/*
 * A relocation section of a section; the next one behind `after`, which is 0 at first; 0 when there
 * is no more. Those that the file came with.
 */
uint32_t klp_image_relas_of(const struct klp_image *image, uint32_t shndx, uint32_t after);

/*
 * The function that covers an offset of a section, or NULL. Where several do, the one that begins
 * last; of those that begin together, the first in the table. The symbols and relocations that
 * the file came with are asked, not what was changed since. Takes the logarithm of their number.
 */
const struct klp_image_sym *klp_image_function(const struct klp_image *image, uint32_t shndx,
					       uint64_t offset);
/* Likewise the function or variable. */
const struct klp_image_sym *klp_image_covering(const struct klp_image *image, uint32_t shndx,
					       uint64_t offset);
/*
 * Where in the code an entry of a table of sites (__jump_table) is about: what the nearest
 * relocation to a function, at the place or before it, points to. Of two before it at even
 * distances, the first: struct jump_entry has where the jump is, where it goes to, and the key.
 * False when there is none.
 */
bool klp_image_site(const struct klp_image *image, uint32_t shndx, uint64_t offset,
		    uint32_t *ret_shndx, uint64_t *ret_offset);
/*
 * The function that a relocation at that place serves: the one that covers it; in a table
 * of sites the one that the entry is about. NULL when there is none.
 */
const struct klp_image_sym *klp_image_user(const struct klp_image *image, uint32_t shndx,
					   uint64_t offset);
/*
 * Calls and addresses inside of a section that the assembler settled, so that they have no
 * relocation, and that lead out of the function they are in. Where code can't be read for certain
 * this may name more than there is. False on a machine whose code isn't known here. (Known: x86-64,
 * s390, arm64, PowerPC.)
 */
struct klp_image_call {
	uint64_t from, to; /* offsets in the section: of the instruction, of its aim */
};
KLP_VEC(klp_image_calls, struct klp_image_call);
bool klp_image_calls(struct klp_arena *arena, const struct klp_image *image, uint32_t shndx,
		     struct klp_image_calls *ret);
/*
 * Writes the image to path, whole or not at all. Sections keep their order; new ones were
 * pushed at the end. Symbol and string tables are made anew. The same image gives the same
 * bytes.
 */
int klp_image_write(struct klp_arena *arena, const struct klp_image *image, const char *path,
		    struct klp_error *err);

#endif
