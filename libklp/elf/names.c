// SPDX-License-Identifier: GPL-2.0-or-later
/* Names alone, out of thousands of files. */
#include <stdbool.h>
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

#define LTO_PREFIX ".gnu.lto_"

/* ".gnu.lto_NAME.ORDER.ID": NAME.ORDER, and NULL for a section that isn't a function's. */
static const char *lto_name(const char *section, size_t *ret_len)
{
	const char *name, *dot;

	if (strncmp(section, LTO_PREFIX, strlen(LTO_PREFIX)))
		return NULL;
	name = section + strlen(LTO_PREFIX);
	dot = strrchr(name, '.');
	if (*name == '.' || !dot)
		return NULL;
	*ret_len = (size_t)(dot - name);
	return name;
}

/* Length without ".ORDER", 0 when there is none. */
static size_t cut_order(const char *name, size_t len)
{
	size_t n = len;

	while (n > 0 && name[n - 1] >= '0' && name[n - 1] <= '9')
		n--;
	return n < len && n > 1 && name[n - 1] == '.' ? n - 1 : 0;
}

/* The order came with GCC 10: then each has one. */
static bool has_orders(const struct klp_elf *elf)
{
	for (uint32_t i = 1; i < elf->n; i++) {
		size_t len;
		const char *name = lto_name(elf->names[i], &len);

		if (name && !cut_order(name, len))
			return false;
	}
	return true;
}

static void list_lto(struct klp_arena *arena, const struct klp_elf *elf, const char *prefix,
		     struct klp_strs *ret)
{
	bool orders = has_orders(elf);

	for (uint32_t i = 1; i < elf->n; i++) {
		size_t len;
		const char *name = lto_name(elf->names[i], &len);

		if (name && (!prefix || !strncmp(name, prefix, strlen(prefix))))
			klp_vec_push(arena, ret,
				     klp_strndup(arena, name, orders ? cut_order(name, len) : len));
	}
}

int klp_lto_functions(struct klp_arena *arena, const char *path, struct klp_filebuf *reader,
		      struct klp_strs *ret, struct klp_error *err)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = NULL;
	struct klp_elf elf;

	if (klp_filebuf_load(reader, path, KLP_MAX_TEXT, err) < 0)
		return err->code;
	scratch = klp_arena_new();
	if (klp_elf__parse(scratch, path, (const unsigned char *)reader->data, reader->len, &elf,
			   err) < 0)
		return err->code;
	list_lto(arena, &elf, NULL, ret);
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
	list_lto(arena, &elf, prefix, ret);
	return list(arena, scratch, &elf, prefix, ret, err);
}
