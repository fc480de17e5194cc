// SPDX-License-Identifier: GPL-2.0-or-later
#include "elf/symtab.h"

#include <string.h>

#include "base/file.h"
#include "base/proc.h"
#include "elf/symtab_parts.h"

/* A kernel has some 200,000; no file of ours comes near this. */
#define KLP_SYMTAB_MAX_SYMS ((size_t)16 << 20)
/* Bits of klp_sym.place that hold the offset within a section of a relocatable file. */
#define KLP_PLACE_SHIFT 40

uint64_t klp_symtab__place(const struct klp_symtab *symtab, uint32_t shndx, uint64_t value)
{
	const uint64_t max = ((uint64_t)1 << KLP_PLACE_SHIFT) - 1;

	if (!symtab->relocatable)
		return value;
	return ((uint64_t)shndx << KLP_PLACE_SHIFT) | (value < max ? value : max);
}

/*
 * Sections that a module loses when its init is done and vmlinux when the init memory is
 * freed: include/linux/init.h; for modules kernel/module/main.c module_init_section().
 * x86's vmlinux.lds.S puts the code of alternatives there as well.
 */
static bool init_section(const char *name)
{
	static const char *const prefixes[] = {
		".init",    ".exit",	".meminit", ".memexit",	     ".cpuinit",
		".cpuexit", ".devinit", ".devexit", ".altinstr_aux", ".altinstr_replacement",
	};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (!strncmp(name, prefixes[i], strlen(prefixes[i])))
			return true;
	return false;
}

static const char *section_of(const struct klp_elf *elf, uint32_t shndx)
{
	switch (shndx) {
	case SHN_UNDEF:
		return NULL;
	case SHN_ABS:
		return "*ABS*";
	case SHN_COMMON:
		return "*COMMON*";
	default:
		return shndx < elf->n ? elf->names[shndx] : "*SPECIAL*";
	}
}

struct raw {
	const Elf64_Sym *syms;
	const Elf64_Word *shndx; /* NULL without a SHT_SYMTAB_SHNDX section */
	size_t n;
	const char *strings;
	size_t strings_len;
};

static int read_raw(struct klp_arena *arena, const struct klp_elf *elf, struct raw *raw,
		    struct klp_error *err)
{
	uint32_t symtab = klp_elf__symtab(elf), shndx;
	const void *table;
	size_t n;

	if (!symtab) {
		klp_elf__bad(elf, err, "'%s' has no symbol table", elf->path);
		return klp_error_hint(err, "give the file as the build made it, not stripped");
	}
	if (klp_elf__table(arena, elf, symtab, ELF_T_SYM, &table, &raw->n, err) < 0 ||
	    klp_elf__strings(arena, elf, elf->sections[symtab].sh_link, &raw->strings,
			     &raw->strings_len, err) < 0)
		return err->code;
	raw->syms = table;
	if (raw->n > KLP_SYMTAB_MAX_SYMS)
		return klp_elf__bad(elf, err, "'%s' has too many symbols", elf->path);
	shndx = klp_elf__shndx_of(elf, symtab);
	if (!shndx)
		return 0;
	if (klp_elf__table(arena, elf, shndx, ELF_T_WORD, &table, &n, err) < 0)
		return err->code;
	if (n < raw->n)
		return klp_elf__bad(elf, err, "section '%s' of '%s' is too short",
				    elf->names[shndx], elf->path);
	raw->shndx = table;
	return 0;
}

static int read_symbols(struct klp_arena *arena, const struct klp_elf *elf,
			struct klp_symtab *symtab, struct klp_error *err)
{
	struct raw raw = {};
	const char *file = NULL;
	uint32_t group = 0;

	if (read_raw(arena, elf, &raw, err) < 0)
		return err->code;
	symtab->n = raw.n;
	symtab->v = klp_alloc_array(arena, raw.n ? raw.n : 1, sizeof(*symtab->v));
	for (size_t i = 0; i < raw.n; i++) {
		const Elf64_Sym *from = &raw.syms[i];
		struct klp_sym *sym = &symtab->v[i];

		if (from->st_name > raw.strings_len)
			return klp_elf__bad(elf, err, "symbol %zu of '%s' has no name", i,
					    elf->path);
		sym->name = raw.strings + from->st_name;
		sym->index = (uint32_t)i;
		sym->value = from->st_value;
		sym->size = from->st_size;
		sym->type = ELF64_ST_TYPE(from->st_info);
		sym->bind = ELF64_ST_BIND(from->st_info);
		sym->shndx = from->st_shndx;
		if (from->st_shndx == SHN_XINDEX && raw.shndx)
			sym->shndx = raw.shndx[i];
		sym->section = section_of(elf, sym->shndx);
		sym->place = klp_symtab__place(symtab, sym->shndx, sym->value);
		if (sym->type == STT_FILE) {
			file = sym->name;
			group++;
		}
		if (sym->bind == STB_LOCAL) {
			sym->file = file;
			sym->group = group;
		}
	}
	return 0;
}

/* Sorted with their keys beside them: to look them up in the symbols takes twice as long. */
struct placed {
	uint64_t place;
	struct klp_sym *sym;
};

/* By bytes, the lowest first: what is equal stays as it is in the table. Bytes that all share cost
 * nothing; of addresses of a kernel three or four differ. */
static struct placed *sort_places(struct klp_arena *scratch, struct placed *v, size_t n)
{
	struct placed *other = klp_alloc_array(scratch, n ? n : 1, sizeof(*other)), *swap;
	size_t starts[256], counts[8][256] = {};

	for (size_t i = 0; i < n; i++)
		for (int byte = 0; byte < 8; byte++)
			counts[byte][v[i].place >> (8 * byte) & 0xff]++;
	for (int byte = 0; byte < 8; byte++) {
		if (!n || counts[byte][v[0].place >> (8 * byte) & 0xff] == n)
			continue;
		starts[0] = 0;
		for (int d = 1; d < 256; d++)
			starts[d] = starts[d - 1] + counts[byte][d - 1];
		for (size_t i = 0; i < n; i++)
			other[starts[v[i].place >> (8 * byte) & 0xff]++] = v[i];
		swap = v;
		v = other;
		other = swap;
	}
	return v;
}

static void index_places(struct klp_arena *arena, const struct klp_elf *elf,
			 struct klp_symtab *symtab)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	struct placed *sorted =
		klp_alloc_array(scratch, symtab->n ? symtab->n : 1, sizeof(*sorted));
	size_t n = 0;

	for (size_t i = 1; i < symtab->n; i++) {
		struct klp_sym *sym = &symtab->v[i];

		if ((sym->type == STT_FUNC || sym->type == STT_OBJECT) && sym->shndx != SHN_UNDEF &&
		    sym->shndx < elf->n)
			sorted[n++] = (struct placed){ sym->place, sym };
	}
	sorted = sort_places(scratch, sorted, n);
	symtab->by_place = klp_alloc_array(arena, n ? n : 1, sizeof(struct klp_sym *));
	for (size_t i = 0; i < n; i++)
		symtab->by_place[i] = sorted[i].sym;
	symtab->n_by_place = n;
}

/* By the section; in vmlinux, where sections are merged, by the address as well. */
static void mark_init(const struct klp_elf *elf, struct klp_symtab *symtab)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	bool *sections = klp_alloc_array(scratch, elf->n, sizeof(*sections));
	const struct klp_sym *begin = klp_symtab_get(symtab, "__init_begin");
	const struct klp_sym *end = klp_symtab_get(symtab, "__init_end");
	bool range = !symtab->relocatable && begin && end && klp_sym_defined(begin);

	for (uint32_t i = 1; i < elf->n; i++)
		sections[i] = init_section(elf->names[i]);
	for (size_t i = 1; i < symtab->n; i++) {
		struct klp_sym *sym = &symtab->v[i];

		if (!sym->section || *sym->section == '*')
			continue;
		sym->init = sections[sym->shndx] ||
			    (range && sym->value >= begin->value && sym->value < end->value);
	}
}

static void read_modinfo(struct klp_arena *arena, const struct klp_elf *elf,
			 struct klp_symtab *symtab)
{
	const char *value;

	for (uint32_t i = 1; i < elf->n; i++) {
		const unsigned char *data = klp_elf__bytes(elf, i);

		if (!strcmp(elf->names[i], ".gnu.linkonce.this_module"))
			symtab->module = true;
		if (strcmp(elf->names[i], ".modinfo") || !data)
			continue;
		value = klp_elf__modinfo(data, elf->sections[i].sh_size, "vermagic", 0);
		if (value)
			symtab->vermagic = klp_strdup(arena, value);
		value = klp_elf__modinfo(data, elf->sections[i].sh_size, "depends", 0);
		if (value)
			symtab->depends = klp_strdup(arena, value);
	}
}

/* Symbols from which on a second thread is worth its start. */
#define KLP_SYMTAB_LARGE 16384

/* Two orders of the same symbols, by name and by place: neither wants to know of the other. */
struct orders {
	struct klp_arena *arenas[2];
	const struct klp_elf *elf;
	struct klp_symtab *symtab;
};

static void make_order(void *ctx, size_t i)
{
	struct orders *orders = ctx;

	if (i == 0)
		klp_symtab__index(orders->arenas[0], orders->symtab);
	else
		index_places(orders->arenas[1], orders->elf, orders->symtab);
}

static void make_orders(struct klp_arena *arena, const struct klp_elf *elf,
			struct klp_symtab *symtab)
{
	struct orders orders = { { arena, arena }, elf, symtab };
	bool large = symtab->n >= KLP_SYMTAB_LARGE;

	if (large)
		klp_arena_adopt(arena, orders.arenas[1] = klp_arena_new());
	klp_parallel(2, large ? 2 : 1, make_order, &orders);
}

int klp_symtab_load(struct klp_arena *arena, const char *path, struct klp_symtab *ret,
		    struct klp_error *err)
{
	KLP_CLEANUP_MAPPED struct klp_mapped mapped = {};
	struct klp_symtab symtab = {};
	struct klp_elf elf;

	if (klp_mapped_open(path, &mapped, err) < 0)
		return err->code;
	if (klp_elf__parse(arena, path, (const unsigned char *)mapped.data, mapped.len, &elf, err) <
	    0)
		return err->code;
	symtab.path = elf.path;
	symtab.relocatable = elf.ehdr.e_type == ET_REL;
	symtab.machine = elf.ehdr.e_machine;
	if (read_symbols(arena, &elf, &symtab, err) < 0)
		return err->code;
	read_modinfo(arena, &elf, &symtab);
	make_orders(arena, &elf, &symtab);
	mark_init(&elf, &symtab);
	klp_symtab__keep(&elf, &symtab);
	if (klp_symtab__trace(&elf, &symtab, err) < 0)
		return err->code;
	*ret = symtab;
	return 0;
}

struct klp_sym *klp_symtab_function(const struct klp_symtab *symtab, const char *name)
{
	struct klp_sym *sym = klp_symtab_get(symtab, name);

	while (sym && (!klp_sym_defined(sym) || sym->type != STT_FUNC))
		sym = sym->same;
	return sym;
}

/* The number of by_place symbols whose place is lower than `place`. */
static size_t below(const struct klp_symtab *symtab, uint64_t place)
{
	size_t lo = 0, hi = symtab->n_by_place;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (symtab->by_place[mid]->place < place)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* The first at its place, so that of several aliases it is always the same one. */
static struct klp_sym *first_at(const struct klp_symtab *symtab, size_t i)
{
	while (i && symtab->by_place[i - 1]->place == symtab->by_place[i]->place)
		i--;
	return symtab->by_place[i];
}

struct klp_sym *klp_symtab_covering(const struct klp_symtab *symtab, uint32_t shndx, uint64_t value)
{
	uint64_t place = klp_symtab__place(symtab, shndx, value);
	size_t i = below(symtab, place + 1);
	struct klp_sym *sym;

	/* Of symbols at one place one may be empty: any that reaches far enough will do. */
	for (uint64_t at = i ? symtab->by_place[i - 1]->place : 0; i; i--) {
		sym = symtab->by_place[i - 1];
		if (sym->place != at || sym->shndx != shndx)
			return NULL;
		if (sym->place == place || place - sym->place < sym->size)
			return first_at(symtab, i - 1);
	}
	return NULL;
}

struct klp_sym *klp_symtab_only_in(const struct klp_symtab *symtab, uint32_t shndx)
{
	size_t first, i;

	if (!symtab->relocatable)
		return NULL; /* the sections of an executable are no units of meaning */
	first = below(symtab, klp_symtab__place(symtab, shndx, 0));
	for (i = first; i < symtab->n_by_place && symtab->by_place[i]->shndx == shndx; i++)
		if (symtab->by_place[i]->place != symtab->by_place[first]->place)
			return NULL;
	return i > first ? symtab->by_place[first] : NULL;
}

struct klp_sym *klp_symtab_alias(const struct klp_symtab *symtab, const struct klp_sym *sym,
				 const struct klp_sym *after)
{
	for (size_t i = below(symtab, sym->place); i < symtab->n_by_place; i++) {
		struct klp_sym *other = symtab->by_place[i];

		if (other->place != sym->place)
			break;
		if (other != sym && other->type == STT_FUNC &&
		    (!after || other->index > after->index))
			return other;
	}
	return NULL;
}

struct klp_sym *klp_symtab_parent(const struct klp_symtab *symtab, struct klp_sym *sym)
{
	const char *cold = strstr(sym->name, ".cold");
	struct klp_sym *parent;

	if (!cold || (cold[5] && cold[5] != '.'))
		return sym;
	parent = klp_symtab__getn(symtab, sym->name, (size_t)(cold - sym->name));
	for (; parent; parent = parent->same)
		if (klp_sym_defined(parent) && parent->type == STT_FUNC &&
		    (parent->bind != STB_LOCAL || parent->group == sym->group))
			return parent;
	return sym;
}
