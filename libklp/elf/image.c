// SPDX-License-Identifier: GPL-2.0-or-later
#include "elf/image.h"

#include <string.h>

#include "base/file.h"
#include "elf/file.h"
#include "elf/image_parts.h"

/* A module with debugging information may have some 100 MiB. */
#define KLP_IMAGE_MAX_FILE ((size_t)1 << 30)
/* No section asks for more than a large page; what does would blow up the file written. */
#define KLP_IMAGE_MAX_ALIGN ((uint64_t)1 << 21)

/* kernel/module/signing.c looks for this text, newline included, at the very end. */
static bool has_signature(const char *data, size_t len)
{
	static const char magic[] = "~Module signature appended~\n";

	return len >= sizeof(magic) - 1 &&
	       !memcmp(data + len - (sizeof(magic) - 1), magic, sizeof(magic) - 1);
}

static int load_symbols(struct klp_arena *arena, const struct klp_elf *elf, struct klp_image *image,
			struct klp_error *err)
{
	const char *strings;
	const Elf64_Sym *syms;
	size_t n, len;
	const void *table;

	if (klp_elf__table(arena, elf, image->symtab, ELF_T_SYM, &table, &n, err) < 0 ||
	    klp_elf__strings(arena, elf, elf->sections[image->symtab].sh_link, &strings, &len,
			     err) < 0)
		return err->code;
	if (!n)
		return klp_elf__damaged(elf, err, image->symtab, 0, "there is no symbol");
	syms = table;
	image->syms.v = klp_alloc_array(arena, n, sizeof(*image->syms.v));
	image->syms.cap = n;
	for (size_t i = 0; i < n; i++) {
		struct klp_image_sym *sym = klp_vec_add(arena, &image->syms);

		if (syms[i].st_name > len)
			return klp_elf__damaged(elf, err, image->symtab, i * sizeof(*syms),
						"symbol %zu has no name", i);
		if (syms[i].st_shndx < SHN_LORESERVE && syms[i].st_shndx >= elf->n)
			return klp_elf__damaged(elf, err, image->symtab, i * sizeof(*syms),
						"symbol %zu is in no section", i);
		*sym = (struct klp_image_sym){
			.name = strings + syms[i].st_name,
			.value = syms[i].st_value,
			.size = syms[i].st_size,
			.shndx = syms[i].st_shndx,
			.info = syms[i].st_info,
			.other = syms[i].st_other,
		};
	}
	return 0;
}

static int load_relas(struct klp_arena *arena, const struct klp_elf *elf, uint32_t index,
		      struct klp_image *image, struct klp_error *err)
{
	struct klp_image_section *section = &image->sections.v[index];
	const Elf64_Rela *relas;
	const void *table;
	size_t n;

	if (section->link != image->symtab || section->info >= elf->n)
		return klp_elf__damaged(elf, err, index, 0, "it is malformed");
	if (klp_elf__table(arena, elf, index, ELF_T_RELA, &table, &n, err) < 0)
		return err->code;
	relas = table;
	section->relas.v = klp_alloc_array(arena, n ? n : 1, sizeof(*section->relas.v));
	section->relas.cap = n;
	for (size_t i = 0; i < n; i++) {
		if (ELF64_R_SYM(relas[i].r_info) >= image->syms.n)
			return klp_elf__damaged(elf, err, index, i * sizeof(*relas),
						"relocation %zu has no symbol", i);
		klp_vec_push(arena, &section->relas,
			     (struct klp_image_rela){
				     .offset = relas[i].r_offset,
				     .sym = (uint32_t)ELF64_R_SYM(relas[i].r_info),
				     .type = (uint32_t)ELF64_R_TYPE(relas[i].r_info),
				     .addend = relas[i].r_addend,
			     });
	}
	return 0;
}

static int load_section(struct klp_arena *arena, const struct klp_elf *elf, uint32_t index,
			struct klp_image *image, struct klp_error *err)
{
	const Elf64_Shdr *from = &elf->sections[index];

	if (from->sh_addralign > KLP_IMAGE_MAX_ALIGN ||
	    (from->sh_addralign & (from->sh_addralign - 1)))
		return klp_elf__damaged(elf, err, index, 0, "it has a wrong alignment");
	klp_vec_push(arena, &image->sections,
		     (struct klp_image_section){
			     .name = elf->names[index],
			     .type = from->sh_type,
			     .link = from->sh_link,
			     .info = from->sh_info,
			     .flags = from->sh_flags,
			     .addr = from->sh_addr,
			     .align = from->sh_addralign,
			     .entsize = from->sh_entsize,
			     .size = from->sh_size,
		     });
	if (from->sh_type == SHT_RELA)
		return load_relas(arena, elf, index, image, err);
	if (from->sh_type != SHT_SYMTAB && index != elf->sections[image->symtab].sh_link &&
	    index != image->shstrtab)
		image->sections.v[index].data = klp_elf__bytes(elf, index);
	return 0;
}

/*
 * Sections that share bytes would be written once for each: a small file could ask for any
 * amount. No compiler or linker makes them.
 */
static int check_overlap(const struct klp_elf *elf, struct klp_error *err)
{
	uint64_t total = 0;

	for (uint32_t i = 1; i < elf->n; i++) {
		if (!klp_elf__bytes(elf, i))
			continue;
		total += elf->sections[i].sh_size;
		if (total > elf->len)
			return klp_elf__damaged(elf, err, i, 0, "sections overlap");
	}
	return 0;
}

static int load(struct klp_arena *arena, const char *path, struct klp_image *ret,
		struct klp_error *err)
{
	struct klp_image image = {};
	struct klp_elf elf;
	char *data;
	size_t len;

	if (klp_file_read(arena, path, KLP_IMAGE_MAX_FILE, &data, &len, err) < 0)
		return err->code;
	if (klp_elf__parse(arena, path, (unsigned char *)data, len, &elf, err) < 0)
		return err->code;
	if (elf.ehdr.e_type != ET_REL)
		return klp_elf__bad(&elf, err, "'%s' is not a relocatable file", elf.path);
	image.path = elf.path;
	image.index = klp_image__index_new(arena);
	image.machine = elf.ehdr.e_machine;
	image.type = elf.ehdr.e_type;
	image.flags = elf.ehdr.e_flags;
	image.osabi = elf.ehdr.e_ident[EI_OSABI];
	image.abiversion = elf.ehdr.e_ident[EI_ABIVERSION];
	image.big_endian = elf.ehdr.e_ident[EI_DATA] == ELFDATA2MSB;
	image.is_signed = has_signature(data, len);
	image.symtab = klp_elf__symtab(&elf);
	image.shstrtab = elf.ehdr.e_shstrndx;
	if (!image.symtab)
		return klp_elf__bad(&elf, err, "'%s' has no symbol table", elf.path);
	if (elf.n >= SHN_LORESERVE || klp_elf__shndx_of(&elf, image.symtab))
		return klp_elf__bad(&elf, err, "'%s' has more than 65279 sections", elf.path);
	if (image.shstrtab >= elf.n)
		return klp_elf__bad(&elf, err, "'%s' has no table of its sections' names",
				    elf.path);
	if (check_overlap(&elf, err) < 0 || load_symbols(arena, &elf, &image, err) < 0)
		return err->code;
	for (uint32_t i = 0; i < elf.n; i++)
		if (load_section(arena, &elf, i, &image, err) < 0)
			return err->code;
	*ret = image;
	return 0;
}

uint64_t klp_image_number(const struct klp_image *image, const unsigned char *p, unsigned int size)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < size; i++)
		value = (value << 8) | p[image->big_endian ? i : size - 1 - i];
	return value;
}

uint32_t klp_image_section(const struct klp_image *image, const char *name)
{
	for (size_t i = 1; i < image->sections.n; i++)
		if (!strcmp(image->sections.v[i].name, name))
			return (uint32_t)i;
	return 0;
}

const char *klp_image_modinfo(const struct klp_image *image, const char *key, unsigned int index)
{
	uint32_t i = klp_image_section(image, ".modinfo");

	if (!i || !image->sections.v[i].data)
		return NULL;
	return klp_elf__modinfo(image->sections.v[i].data, image->sections.v[i].size, key, index);
}

int klp_image_load(struct klp_arena *arena, const char *path, struct klp_image *ret,
		   struct klp_error *err)
{
	int r = load(arena, path, ret, err);

	if (r < 0)
		klp_error_hint(err, "give a module as Kbuild built it");
	return r;
}
