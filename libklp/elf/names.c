// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "base/file.h"
#include "elf/file.h"
#include "elf/symtab.h"

static int list(struct klp_arena *arena, struct klp_arena *scratch, const struct klp_elf *elf,
		const char *prefix, struct klp_strs *ret, struct klp_error *err)
{
	uint32_t index = klp_elf__symtab(elf);
	const char *strings;
	size_t n, len;
	const void *table;

	if (!index)
		return 0;
	if (klp_elf__table(scratch, elf, index, ELF_T_SYM, &table, &n, err) < 0 ||
	    klp_elf__strings(scratch, elf, elf->sections[index].sh_link, &strings, &len, err) < 0)
		return err->code;
	for (size_t i = 1; i < n; i++) {
		const Elf64_Sym *sym = (const Elf64_Sym *)table + i;

		if (ELF64_ST_TYPE(sym->st_info) == STT_FUNC && sym->st_shndx != SHN_UNDEF &&
		    sym->st_name < len &&
		    (!prefix || !strncmp(strings + sym->st_name, prefix, strlen(prefix))))
			klp_vec_push(arena, ret, klp_strdup(arena, strings + sym->st_name));
	}
	return 0;
}

/* Only ELF64: a program of the build host, or 16-bit boot code, is none of the kernel's objects. */
static bool is_object(const struct klp_filebuf *file)
{
	return file->len > EI_CLASS && !memcmp(file->data, ELFMAG, SELFMAG) &&
	       file->data[EI_CLASS] == ELFCLASS64;
}

int klp_symtab_uses(const char *path, const char *name, struct klp_filebuf *reader, bool *ret,
		    struct klp_error *err)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = NULL;
	const char *strings;
	struct klp_elf elf;
	const void *table;
	uint32_t index;
	size_t n, len;

	*ret = false;
	if (klp_filebuf_load(reader, path, KLP_MAX_TEXT, err) < 0)
		return err->code;
	/* Most files don't have it: known before anything is read of them. */
	if (!is_object(reader) || !memmem(reader->data, reader->len, name, strlen(name) + 1))
		return 0;
	scratch = klp_arena_new();
	if (klp_elf__parse(scratch, path, (const unsigned char *)reader->data, reader->len, &elf,
			   err) < 0)
		return err->code;
	index = klp_elf__symtab(&elf);
	if (!index)
		return 0;
	if (klp_elf__table(scratch, &elf, index, ELF_T_SYM, &table, &n, err) < 0 ||
	    klp_elf__strings(scratch, &elf, elf.sections[index].sh_link, &strings, &len, err) < 0)
		return err->code;
	for (size_t i = 1; i < n && !*ret; i++) {
		const Elf64_Sym *sym = (const Elf64_Sym *)table + i;

		*ret = sym->st_shndx == SHN_UNDEF && sym->st_name < len &&
		       !strcmp(strings + sym->st_name, name);
	}
	return 0;
}

int klp_symtab_functions(struct klp_arena *arena, const char *path, const char *prefix,
			 struct klp_filebuf *reader, struct klp_strs *ret, struct klp_error *err)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = NULL;
	struct klp_elf elf;

	if (klp_filebuf_load(reader, path, KLP_MAX_TEXT, err) < 0)
		return err->code;
	if (!is_object(reader))
		return 0;
	if (prefix && !memmem(reader->data, reader->len, prefix, strlen(prefix)))
		return 0;
	scratch = klp_arena_new();
	if (klp_elf__parse(scratch, path, (const unsigned char *)reader->data, reader->len, &elf,
			   err) < 0)
		return err->code;
	return list(arena, scratch, &elf, prefix, ret, err);
}
