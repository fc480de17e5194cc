// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From a klp_image to the bytes of a file. Sections follow each other in the order of their
 * table, each at its alignment; the section table stands at the end.
 */
#include <libelf.h>
#include <string.h>

#include "base/file.h"
#include "base/map.h"
#include "elf/image.h"

/* The file that is being put together. */
struct out {
	struct klp_arena *arena;
	unsigned char *p;
	size_t len;
	unsigned char encoding; /* ELFDATA2* */
};

/* A string table: each string once, in the order of first use. */
struct strings {
	struct klp_arena *arena;
	struct klp_map offsets; /* -> offset, as a pointer */
	KLP_VEC(, char) bytes;
};

static void strings_init(struct strings *strings, struct klp_arena *arena)
{
	*strings = (struct strings){ .arena = arena };
	klp_map_init(&strings->offsets, arena);
	klp_vec_push(arena, &strings->bytes, '\0');
}

static Elf64_Word strings_add(struct strings *strings, const char *s)
{
	void *known = klp_map_get(&strings->offsets, s);
	size_t at = strings->bytes.n;

	if (!*s)
		return 0;
	if (known)
		return (Elf64_Word)(uintptr_t)known;
	for (const char *p = s; *p; p++)
		klp_vec_push(strings->arena, &strings->bytes, *p);
	klp_vec_push(strings->arena, &strings->bytes, '\0');
	klp_map_put(&strings->offsets, s, (void *)(uintptr_t)at);
	return (Elf64_Word)at;
}

/* Entries in host byte order into the file's. */
static void *translate(struct out *out, const void *from, size_t size, Elf_Type type)
{
	void *to = klp_alloc(out->arena, size ? size : 1);
	Elf_Data src = { .d_buf = (void *)(uintptr_t)from,
			 .d_type = type,
			 .d_size = size,
			 .d_version = EV_CURRENT };
	Elf_Data dst = { .d_buf = to, .d_type = type, .d_size = size, .d_version = EV_CURRENT };

	elf_version(EV_CURRENT);
	if (size && !elf64_xlatetof(&dst, &src, out->encoding))
		return NULL;
	return to;
}

static void *symbol_bytes(struct out *out, const struct klp_image *image, struct strings *strings)
{
	Elf64_Sym *syms = klp_alloc_array(out->arena, image->syms.n, sizeof(*syms));

	for (size_t i = 0; i < image->syms.n; i++) {
		const struct klp_image_sym *from = &image->syms.v[i];

		syms[i] = (Elf64_Sym){
			.st_name = strings_add(strings, from->name),
			.st_info = from->info,
			.st_other = from->other,
			.st_shndx = (Elf64_Section)from->shndx,
			.st_value = from->value,
			.st_size = from->size,
		};
	}
	return translate(out, syms, image->syms.n * sizeof(*syms), ELF_T_SYM);
}

static void *rela_bytes(struct out *out, const struct klp_image_relas *relas)
{
	Elf64_Rela *to = klp_alloc_array(out->arena, relas->n ? relas->n : 1, sizeof(*to));

	for (size_t i = 0; i < relas->n; i++)
		to[i] = (Elf64_Rela){
			.r_offset = relas->v[i].offset,
			.r_info = ELF64_R_INFO((Elf64_Xword)relas->v[i].sym, relas->v[i].type),
			.r_addend = relas->v[i].addend,
		};
	return translate(out, to, relas->n * sizeof(*to), ELF_T_RELA);
}

static Elf64_Word first_global(const struct klp_image *image)
{
	size_t i = 0;

	while (i < image->syms.n && ELF64_ST_BIND(image->syms.v[i].info) == STB_LOCAL)
		i++;
	return (Elf64_Word)i;
}

/* What goes into the file for each section. */
struct piece {
	const void *data; /* NULL for nothing */
	Elf64_Shdr header;
};

static void make_header(const struct klp_image_section *from, struct strings *names,
			struct piece *piece)
{
	piece->data = from->data;
	piece->header = (Elf64_Shdr){
		.sh_name = strings_add(names, from->name),
		.sh_type = from->type,
		.sh_flags = from->flags,
		.sh_addr = from->addr,
		.sh_size = from->size,
		.sh_link = from->link,
		.sh_info = from->info,
		.sh_addralign = from->align,
		.sh_entsize = from->entsize,
	};
}

static struct piece *make_pieces(struct out *out, const struct klp_image *image)
{
	struct piece *pieces = klp_alloc_array(out->arena, image->sections.n, sizeof(*pieces));
	uint32_t strtab = image->sections.v[image->symtab].link;
	struct strings names, own, *symbols = &own;

	strings_init(&names, out->arena);
	strings_init(&own, out->arena);
	if (strtab == image->shstrtab)
		symbols = &names; /* clang makes one table for both */
	for (size_t i = 0; i < image->sections.n; i++) {
		const struct klp_image_section *s = &image->sections.v[i];
		struct piece *piece = &pieces[i];

		make_header(s, &names, piece);
		if (s->type == SHT_RELA) {
			piece->data = rela_bytes(out, &s->relas);
			piece->header.sh_size = s->relas.n * sizeof(Elf64_Rela);
		} else if (i == image->symtab) {
			piece->data = symbol_bytes(out, image, symbols);
			piece->header.sh_size = image->syms.n * sizeof(Elf64_Sym);
			piece->header.sh_info = first_global(image);
		}
	}
	pieces[strtab].data = symbols->bytes.v;
	pieces[strtab].header.sh_size = symbols->bytes.n;
	pieces[image->shstrtab].data = names.bytes.v;
	pieces[image->shstrtab].header.sh_size = names.bytes.n;
	return pieces;
}

static uint64_t align_up(uint64_t at, uint64_t align)
{
	return align > 1 ? (at + align - 1) & ~(align - 1) : at;
}

/* Gives each section its offset; the offset of the section table. */
static uint64_t lay_out(struct piece *pieces, size_t n)
{
	uint64_t at = sizeof(Elf64_Ehdr);

	for (size_t i = 1; i < n; i++) {
		Elf64_Shdr *h = &pieces[i].header;

		if (h->sh_type == SHT_NULL)
			continue;
		at = align_up(at, h->sh_addralign);
		h->sh_offset = at;
		if (h->sh_type != SHT_NOBITS)
			at += h->sh_size;
	}
	return align_up(at, 8);
}

static Elf64_Ehdr make_ehdr(const struct klp_image *image, const struct out *out, uint64_t shoff)
{
	Elf64_Ehdr ehdr = {
		.e_type = image->type,
		.e_machine = image->machine,
		.e_version = EV_CURRENT,
		.e_shoff = shoff,
		.e_flags = image->flags,
		.e_ehsize = sizeof(Elf64_Ehdr),
		.e_shentsize = sizeof(Elf64_Shdr),
		.e_shnum = (Elf64_Half)image->sections.n,
		.e_shstrndx = (Elf64_Half)image->shstrtab,
	};

	memcpy(ehdr.e_ident, ELFMAG, SELFMAG);
	ehdr.e_ident[EI_CLASS] = ELFCLASS64;
	ehdr.e_ident[EI_DATA] = out->encoding;
	ehdr.e_ident[EI_VERSION] = EV_CURRENT;
	ehdr.e_ident[EI_OSABI] = image->osabi;
	ehdr.e_ident[EI_ABIVERSION] = image->abiversion;
	return ehdr;
}

static bool fill(struct out *out, const struct klp_image *image, struct piece *pieces)
{
	size_t n = image->sections.n;
	uint64_t shoff = lay_out(pieces, n);
	Elf64_Ehdr ehdr = make_ehdr(image, out, shoff);
	Elf64_Shdr *headers = klp_alloc_array(out->arena, n, sizeof(*headers));
	const void *ehdr_bytes, *header_bytes;

	out->len = shoff + n * sizeof(*headers);
	out->p = klp_alloc(out->arena, out->len);
	for (size_t i = 0; i < n; i++) {
		const struct piece *piece = &pieces[i];

		headers[i] = piece->header;
		if (piece->data && piece->header.sh_size)
			memcpy(out->p + piece->header.sh_offset, piece->data,
			       piece->header.sh_size);
	}
	ehdr_bytes = translate(out, &ehdr, sizeof(ehdr), ELF_T_EHDR);
	header_bytes = translate(out, headers, n * sizeof(*headers), ELF_T_SHDR);
	if (!ehdr_bytes || !header_bytes)
		return false;
	memcpy(out->p, ehdr_bytes, sizeof(ehdr));
	memcpy(out->p + shoff, header_bytes, n * sizeof(*headers));
	return true;
}

int klp_image_write(struct klp_arena *arena, const struct klp_image *image, const char *path,
		    struct klp_error *err)
{
	struct out out = { .arena = arena,
			   .encoding = image->big_endian ? ELFDATA2MSB : ELFDATA2LSB };

	if (image->sections.n >= SHN_LORESERVE) {
		klp_error_set(err, KLP_EINPUT, "'%s' would have more than 65279 sections", path);
		return klp_error_at(err, path, 0, 0);
	}
	if (!fill(&out, image, make_pieces(&out, image))) {
		klp_error_set(err, KLP_ETROUBLE, "'%s' can't be put together: %s", path,
			      elf_errmsg(-1));
		return klp_error_at(err, path, 0, 0);
	}
	return klp_file_write(path, out.p, out.len, err);
}
