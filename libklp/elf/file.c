// SPDX-License-Identifier: GPL-2.0-or-later
#include "elf/file.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int klp_elf__bad(const struct klp_elf *elf, struct klp_error *err, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	klp_error_set(err, KLP_EINPUT, "%s", text);
	return klp_error_at(err, elf->path, 0, 0);
}

int klp_elf__damaged(const struct klp_elf *elf, struct klp_error *err, uint32_t section,
		     uint64_t at, const char *fmt, ...)
{
	const char *name = elf->names ? elf->names[section] : "";
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	klp_elf__bad(elf, err, "section %u '%.128s' of '%s', offset %#llx of the file: %s", section,
		     name, elf->path, (unsigned long long)(elf->sections[section].sh_offset + at),
		     text);
	return klp_error_hint(err, "the file is damaged: build it again, or copy it again");
}

static bool inside(const struct klp_elf *elf, uint64_t offset, uint64_t size)
{
	return offset <= elf->len && size <= elf->len - offset;
}

/* Bytes of the file into host byte order; room is given by the type and the count. */
static bool translate(const struct klp_elf *elf, void *to, const unsigned char *from, size_t size,
		      Elf_Type type)
{
	Elf_Data src = { .d_buf = (void *)(uintptr_t)from,
			 .d_type = type,
			 .d_size = size,
			 .d_version = EV_CURRENT };
	Elf_Data dst = { .d_buf = to, .d_type = type, .d_size = size, .d_version = EV_CURRENT };

	if (!size)
		return true;
	elf_version(EV_CURRENT);
	return elf64_xlatetom(&dst, &src, elf->data[EI_DATA]) != NULL;
}

static int read_header(struct klp_elf *elf, struct klp_error *err)
{
	if (elf->len < sizeof(Elf64_Ehdr) || memcmp(elf->data, ELFMAG, SELFMAG))
		return klp_elf__bad(elf, err, "'%s' is not an ELF file", elf->path);
	if (elf->data[EI_CLASS] != ELFCLASS64)
		return klp_elf__bad(elf, err, "'%s' is not a 64-bit ELF file", elf->path);
	if (elf->data[EI_DATA] != ELFDATA2LSB && elf->data[EI_DATA] != ELFDATA2MSB)
		return klp_elf__bad(elf, err, "'%s' has an unknown byte order", elf->path);
	if (!translate(elf, &elf->ehdr, elf->data, sizeof(elf->ehdr), ELF_T_EHDR))
		return klp_elf__bad(elf, err, "'%s' has no readable ELF header", elf->path);
	if (!elf->ehdr.e_shoff || elf->ehdr.e_shentsize != sizeof(Elf64_Shdr))
		return klp_elf__bad(elf, err, "'%s' has no section table", elf->path);
	return 0;
}

/* More than 65279 sections: the count and the name table's index are in section 0. */
static int read_sections(struct klp_arena *arena, struct klp_elf *elf, uint32_t *ret_strndx,
			 struct klp_error *err)
{
	uint64_t shoff = elf->ehdr.e_shoff, n = elf->ehdr.e_shnum;
	Elf64_Shdr first;

	if (!inside(elf, shoff, sizeof(first)) ||
	    !translate(elf, &first, elf->data + shoff, sizeof(first), ELF_T_SHDR))
		return klp_elf__bad(elf, err, "the section table of '%s' at offset %#llx is cut off",
				    elf->path, (unsigned long long)shoff);
	if (!n)
		n = first.sh_size;
	*ret_strndx = elf->ehdr.e_shstrndx == SHN_XINDEX ? first.sh_link : elf->ehdr.e_shstrndx;
	if (!n || n > elf->len / sizeof(first) || !inside(elf, shoff, n * sizeof(first)))
		return klp_elf__bad(elf, err, "the section table of '%s' at offset %#llx is cut off",
				    elf->path, (unsigned long long)shoff);
	elf->n = (uint32_t)n;
	elf->sections = klp_alloc_array(arena, n, sizeof(first));
	if (!translate(elf, elf->sections, elf->data + shoff, n * sizeof(first), ELF_T_SHDR))
		return klp_elf__bad(elf, err, "the section table of '%s' is unreadable", elf->path);
	return 0;
}

static int check_section(const struct klp_elf *elf, uint32_t i, struct klp_error *err)
{
	const Elf64_Shdr *s = &elf->sections[i];

	if (!i && s->sh_type != SHT_NULL)
		return klp_elf__damaged(elf, err, i, 0, "the first entry of the table must be empty");
	if (s->sh_type == SHT_NULL || s->sh_type == SHT_NOBITS ||
	    inside(elf, s->sh_offset, s->sh_size))
		return 0;
	return klp_elf__damaged(elf, err, i, 0, "its %llu bytes reach behind the end of the file",
				(unsigned long long)s->sh_size);
}

static int read_names(struct klp_arena *arena, struct klp_elf *elf, uint32_t strndx,
		      struct klp_error *err)
{
	const char *strings;
	size_t len;

	if ((strndx < elf->n && check_section(elf, strndx, err) < 0) ||
	    klp_elf__strings(arena, elf, strndx, &strings, &len, err) < 0)
		return err->code;
	elf->names = klp_alloc_array(arena, elf->n, sizeof(*elf->names));
	for (uint32_t i = 0; i < elf->n; i++) {
		if (elf->sections[i].sh_name > len)
			return klp_elf__bad(elf, err,
					    "section %u of '%s' has no name: section table at "
					    "offset %#llx",
					    i, elf->path, (unsigned long long)elf->ehdr.e_shoff);
		elf->names[i] = strings + elf->sections[i].sh_name;
	}
	return 0;
}

int klp_elf__parse(struct klp_arena *arena, const char *path, const unsigned char *data, size_t len,
		   struct klp_elf *ret, struct klp_error *err)
{
	struct klp_elf elf = { .path = klp_strdup(arena, path), .data = data, .len = len };
	uint32_t strndx = 0;

	if (read_header(&elf, err) < 0 || read_sections(arena, &elf, &strndx, err) < 0 ||
	    read_names(arena, &elf, strndx, err) < 0)
		return err->code;
	for (uint32_t i = 0; i < elf.n; i++)
		if (check_section(&elf, i, err) < 0)
			return err->code;
	*ret = elf;
	return 0;
}

const unsigned char *klp_elf__bytes(const struct klp_elf *elf, uint32_t index)
{
	const Elf64_Shdr *s = &elf->sections[index];

	if (s->sh_type == SHT_NULL || s->sh_type == SHT_NOBITS)
		return NULL;
	return elf->data + s->sh_offset;
}

static bool is_host_order(const struct klp_elf *elf)
{
	return elf->data[EI_DATA] ==
	       (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB);
}

int klp_elf__table(struct klp_arena *arena, const struct klp_elf *elf, uint32_t index,
		   Elf_Type type, const void **ret, size_t *ret_n, struct klp_error *err)
{
	const Elf64_Shdr *s = &elf->sections[index];
	size_t entsize = elf64_fsize(type, 1, EV_CURRENT);
	const unsigned char *bytes = klp_elf__bytes(elf, index);
	void *table;

	if (!bytes || !entsize || s->sh_size % entsize || (s->sh_entsize != entsize && entsize > 4))
		return klp_elf__damaged(elf, err, index, 0, "it is malformed");
	*ret_n = s->sh_size / entsize;
	if (is_host_order(elf) && !((uintptr_t)bytes % _Alignof(Elf64_Xword))) {
		*ret = bytes;
		return 0;
	}
	table = klp_alloc(arena, s->sh_size ? s->sh_size : 1);
	if (!translate(elf, table, bytes, s->sh_size, type))
		return klp_elf__damaged(elf, err, index, 0, "it is unreadable");
	*ret = table;
	return 0;
}

int klp_elf__strings(struct klp_arena *arena, const struct klp_elf *elf, uint32_t index,
		     const char **ret, size_t *ret_len, struct klp_error *err)
{
	if (!index || index >= elf->n || elf->sections[index].sh_type != SHT_STRTAB)
		return klp_elf__bad(elf, err, "'%s' refers to a string table that isn't one",
				    elf->path);
	*ret_len = elf->sections[index].sh_size;
	*ret = klp_strndup(arena, "", 0);
	if (*ret_len) {
		char *copy = klp_alloc(arena, *ret_len + 1);

		memcpy(copy, klp_elf__bytes(elf, index), *ret_len);
		*ret = copy;
	}
	return 0;
}

uint32_t klp_elf__symtab(const struct klp_elf *elf)
{
	for (uint32_t i = 1; i < elf->n; i++)
		if (elf->sections[i].sh_type == SHT_SYMTAB)
			return i;
	return 0;
}

uint32_t klp_elf__shndx_of(const struct klp_elf *elf, uint32_t symtab)
{
	for (uint32_t i = 1; i < elf->n; i++)
		if (elf->sections[i].sh_type == SHT_SYMTAB_SHNDX &&
		    elf->sections[i].sh_link == symtab)
			return i;
	return 0;
}

const char *klp_elf__modinfo(const unsigned char *data, size_t len, const char *key,
			     unsigned int index)
{
	const char *p = (const char *)data, *end = p + len;
	size_t keylen = strlen(key);

	while (p && p < end) {
		const char *nul = memchr(p, '\0', (size_t)(end - p));

		if (!nul)
			return NULL; /* the last one isn't terminated: no string to point to */
		if ((size_t)(nul - p) > keylen && !memcmp(p, key, keylen) && p[keylen] == '=' &&
		    !index--)
			return p + keylen + 1;
		p = nul + 1;
	}
	return NULL;
}
