// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which functions can be redirected: those whose entry ftrace knows. Rule: kernel/livepatch/
 * patch.c klp_patch_func() asks kernel/trace/ftrace.c ftrace_location(), which finds an entry
 * inside the function. The build leaves the entries in __mcount_loc sections, or in
 * __patchable_function_entries, which may begin before the function.
 */
#include <string.h>

#include "base/vec.h"
#include "elf/symtab_parts.h"

/* How far from a function's start an entry may be: ENDBR64, BTI, a few patchable NOPs. */
#define KLP_TRACE_REACH 16

struct entry {
	uint64_t place;
	bool patchable; /* may stand before the function */
};
KLP_VEC(entries, struct entry);

static bool is_mcount(const char *section)
{
	return !strcmp(section, "__mcount_loc");
}

static bool is_patchable(const char *section)
{
	return !strcmp(section, "__patchable_function_entries");
}

/*
 * The entries of a relocatable file. Compiled with -ffunction-sections it has one such
 * section a function, all of one name.
 */
static int entries_of_object(struct klp_arena *arena, const struct klp_elf *elf,
			     const struct klp_symtab *symtab, struct entries *ret,
			     struct klp_error *err)
{
	for (uint32_t i = 1; i < elf->n; i++) {
		uint32_t target = elf->sections[i].sh_info;
		const Elf64_Rela *relas;
		const void *table;
		size_t n;

		if (elf->sections[i].sh_type != SHT_RELA || target >= elf->n ||
		    (!is_mcount(elf->names[target]) && !is_patchable(elf->names[target])))
			continue;
		if (klp_elf__table(arena, elf, i, ELF_T_RELA, &table, &n, err) < 0)
			return err->code;
		relas = table;
		for (size_t k = 0; k < n; k++) {
			uint64_t index = ELF64_R_SYM(relas[k].r_info);
			const struct klp_sym *sym;

			if (index >= symtab->n)
				return klp_elf__bad(elf, err, "section '%s' of '%s' is malformed",
						    elf->names[i], elf->path);
			sym = &symtab->v[index];
			klp_vec_push(
				arena, ret,
				(struct entry){
					klp_symtab__place(symtab, sym->shndx,
							  sym->value + (uint64_t)relas[k].r_addend),
					is_patchable(elf->names[target]) });
		}
	}
	return 0;
}

/* The array's content in the file; NULL when it isn't there. */
static const unsigned char *array_bytes(const struct klp_elf *elf, uint64_t start, uint64_t stop)
{
	for (uint32_t i = 1; i < elf->n; i++) {
		const Elf64_Shdr *s = &elf->sections[i];

		if (s->sh_type != SHT_PROGBITS || !(s->sh_flags & SHF_ALLOC) || start < s->sh_addr)
			continue;
		if (start - s->sh_addr <= s->sh_size &&
		    stop - start <= s->sh_size - (start - s->sh_addr))
			return elf->data + s->sh_offset + (start - s->sh_addr);
	}
	return NULL;
}

static uint64_t read64(const struct klp_elf *elf, const unsigned char *p)
{
	uint64_t v = 0;

	for (int i = 0; i < 8; i++)
		v = v << 8 | p[elf->data[EI_DATA] == ELFDATA2LSB ? 7 - i : i];
	return v;
}

/* A position-independent kernel, or one linked with --emit-relocs: values are in RELA. */
static int entries_of_relocs(struct klp_arena *arena, const struct klp_elf *elf,
			     const struct klp_symtab *symtab, uint64_t start, uint64_t stop,
			     struct entries *ret, struct klp_error *err)
{
	uint32_t symtab_index = klp_elf__symtab(elf);

	for (uint32_t i = 1; i < elf->n; i++) {
		bool own = elf->sections[i].sh_link == symtab_index;
		const Elf64_Rela *relas;
		const void *table;
		size_t n;

		if (elf->sections[i].sh_type != SHT_RELA)
			continue;
		if (klp_elf__table(arena, elf, i, ELF_T_RELA, &table, &n, err) < 0)
			return err->code;
		relas = table;
		for (size_t k = 0; k < n; k++) {
			uint64_t index = ELF64_R_SYM(relas[k].r_info);
			uint64_t value = (uint64_t)relas[k].r_addend;

			if (relas[k].r_offset < start || relas[k].r_offset >= stop)
				continue;
			/* Without a symbol it is relative to the base, which is 0 in the file. */
			if (index && (!own || index >= symtab->n))
				continue;
			if (index)
				value += symtab->v[index].value;
			klp_vec_push(arena, ret, (struct entry){ value, false });
		}
	}
	return 0;
}

static int entries_of_vmlinux(struct klp_arena *arena, const struct klp_elf *elf,
			      const struct klp_symtab *symtab, struct entries *ret,
			      struct klp_error *err)
{
	const struct klp_sym *start = klp_symtab_get(symtab, "__start_mcount_loc");
	const struct klp_sym *stop = klp_symtab_get(symtab, "__stop_mcount_loc");
	const unsigned char *p;

	if (!start || !stop || !klp_sym_defined(start) || stop->value <= start->value)
		return 0; /* a kernel without the function tracer */
	p = array_bytes(elf, start->value, stop->value);
	ret->v = klp_alloc_array(arena, p ? (stop->value - start->value) / 8 : 0, sizeof(*ret->v));
	ret->cap = p ? (stop->value - start->value) / 8 : 0;
	for (uint64_t at = start->value; p && at + 8 <= stop->value; at += 8, p += 8)
		if (read64(elf, p))
			klp_vec_push(arena, ret, (struct entry){ read64(elf, p), false });
	if (!ret->n &&
	    entries_of_relocs(arena, elf, symtab, start->value, stop->value, ret, err) < 0)
		return err->code;
	if (ret->n)
		return 0;
	klp_elf__bad(elf, err, "the list of traceable functions in '%s' is empty", elf->path);
	return klp_error_hint(err, "take the vmlinux that the build linked, with its section "
				   "contents and relocations");
}

/*
 * The last function that begins at or below `place`; its index in by_place plus 1. The lists of
 * entries are mostly sorted: it is looked for near `from`, where the last one was, before it is
 * looked for everywhere.
 */
static size_t function_at(const struct klp_symtab *symtab, uint64_t place, size_t from)
{
	size_t lo = 0, hi = symtab->n_by_place;

	if (from && symtab->by_place[from - 1]->place <= place) {
		lo = from;
		for (size_t step = 1; lo + step < hi; step *= 2) {
			if (symtab->by_place[lo + step]->place > place)
				hi = lo + step;
			else
				lo += step;
		}
	}
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (symtab->by_place[mid]->place <= place)
			lo = mid + 1;
		else
			hi = mid;
	}
	while (lo && symtab->by_place[lo - 1]->type != STT_FUNC)
		lo--;
	return lo;
}

static bool holds(const struct klp_sym *sym, uint64_t place)
{
	uint64_t size = sym->size ? sym->size : KLP_TRACE_REACH;

	return place - sym->place < size && place - sym->place <= KLP_TRACE_REACH;
}

/* An entry serves all functions that begin where the one that holds it begins. */
static void mark(struct klp_symtab *symtab, const struct entry *entry, size_t *from)
{
	size_t i = function_at(symtab, entry->place, *from);
	uint64_t at;

	*from = i;

	if (i) {
		bool found = false;

		at = symtab->by_place[i - 1]->place;
		for (size_t k = i; k && symtab->by_place[k - 1]->place == at; k--) {
			struct klp_sym *sym = symtab->by_place[k - 1];

			if (sym->type == STT_FUNC && holds(sym, entry->place))
				sym->traceable = found = true;
		}
		if (found)
			return;
	}
	if (!entry->patchable)
		return;
	while (i < symtab->n_by_place && symtab->by_place[i]->type != STT_FUNC)
		i++;
	if (i == symtab->n_by_place || symtab->by_place[i]->place - entry->place > KLP_TRACE_REACH)
		return;
	at = symtab->by_place[i]->place;
	for (; i < symtab->n_by_place && symtab->by_place[i]->place == at; i++)
		if (symtab->by_place[i]->type == STT_FUNC)
			symtab->by_place[i]->traceable = true;
}

int klp_symtab__trace(const struct klp_elf *elf, struct klp_symtab *symtab, struct klp_error *err)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	struct entries entries = {};
	size_t from = 0;
	int r;

	if (symtab->relocatable)
		r = entries_of_object(scratch, elf, symtab, &entries, err);
	else
		r = entries_of_vmlinux(scratch, elf, symtab, &entries, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < entries.n; i++)
		mark(symtab, &entries.v[i], &from);
	return 0;
}
