// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which symbols the running kernel's kallsyms holds, and how livepatch counts equal names
 * among them. CONFIG_LIVEPATCH depends on CONFIG_KALLSYMS_ALL (kernel/livepatch/Kconfig), so
 * that data symbols are always there.
 */
#include <string.h>

#include "elf/symtab_parts.h"

/* Asked of each symbol of a kernel; nearly all differ within three letters. */
static inline bool starts(const char *s, const char *prefix)
{
	while (*prefix && *s == *prefix) {
		s++;
		prefix++;
	}
	return !*prefix;
}

/* The linker's for PowerPC: the rule is without a machine, but no other one makes them. */
static bool has_stub_name(const struct klp_elf *elf, const char *name)
{
	return elf->ehdr.e_machine == EM_PPC64 &&
	       (strstr(name, ".long_branch.") || strstr(name, ".plt_branch."));
}

/*
 * Names that never get into vmlinux's table: scripts/mksysmap drops mapping symbols, local
 * labels and the strings of exports; scripts/kallsyms.c is_ignored_symbol() the table itself
 * and what foreign linkers and other exception levels add.
 */
static bool dropped_name(const struct klp_elf *elf, const char *name)
{
	static const char *const prefixes[] = {
		"$",
		".L",
		"__crc_",
		"__kstrtab_",
		"__kstrtabns_",
		"__efistub_",
		"__kvm_nvhe_$",
		"__kvm_nvhe_.L",
		"__kcfi_typeid_",
		"__AArch64ADRPThunk_",
	};
	static const char *const exact[] = {
		"L0",
		"kallsyms_addresses",
		"kallsyms_offsets",
		"kallsyms_relative_base",
		"kallsyms_num_syms",
		"kallsyms_names",
		"kallsyms_markers",
		"kallsyms_token_table",
		"kallsyms_token_index",
		"kallsyms_seqs_of_names",
	};

	if (!memchr("$._Lk", name[0], 5))
		return has_stub_name(elf, name);
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (starts(name, prefixes[i]))
			return true;
	for (size_t i = 0; i < sizeof(exact) / sizeof(exact[0]); i++)
		if (starts(name, exact[i]) && !name[strlen(exact[i])])
			return true;
	return has_stub_name(elf, name);
}

/*
 * vmlinux, or an object that stands for one: what `nm` lists (no section and file symbols),
 * in memory, not absolute.
 */
static bool kept_in_vmlinux(const struct klp_elf *elf, const struct klp_sym *sym)
{
	if (!*sym->name || sym->type == STT_FILE || sym->type == STT_SECTION ||
	    sym->shndx == SHN_UNDEF || sym->shndx >= elf->n)
		return false;
	/* What is neither (say .comment) has the letter of debugging sections and is ignored. */
	return (elf->sections[sym->shndx].sh_flags & (SHF_ALLOC | SHF_WRITE)) &&
	       !dropped_name(elf, sym->name);
}

/*
 * kernel/module/kallsyms.c is_core_symbol(), with the flags as the loader leaves them:
 * kernel/module/main.c rewrite_section_headers() takes SHF_ALLOC from .modinfo and
 * __versions. (Without CONFIG_MODULE_UNLOAD .exit sections count as init ones; no livepatch
 * can be removed there, and no position depends on a name that only .exit shares.)
 */
static bool kept_in_module(const struct klp_elf *elf, const struct klp_sym *sym)
{
	if (!*sym->name || sym->shndx == SHN_UNDEF || sym->shndx >= elf->n ||
	    !(elf->sections[sym->shndx].sh_flags & SHF_ALLOC))
		return false;
	return !starts(sym->section, ".init") && strcmp(sym->section, ".modinfo") &&
	       strcmp(sym->section, "__versions");
}

void klp_symtab__keep(const struct klp_elf *elf, struct klp_symtab *symtab)
{
	for (size_t i = 1; i < symtab->n; i++) {
		struct klp_sym *sym = &symtab->v[i];

		if (!symtab->module) {
			sym->kept = kept_in_vmlinux(elf, sym);
			continue;
		}
		sym->kept = kept_in_module(elf, sym);
		sym->early = !sym->kept && *sym->name && sym->shndx != SHN_UNDEF;
	}
}

/*
 * Whether `a` is met before `b`. scripts/kallsyms.c compare_symbols() sorts vmlinux by
 * address and then by rules about weakness and names, which can only tell symbols of one
 * address apart: whichever comes first, the position leads to that address.
 */
static bool before(const struct klp_symtab *whole, const struct klp_sym *a, const struct klp_sym *b)
{
	if (!whole->module && a->place != b->place)
		return a->place < b->place;
	return a->index < b->index;
}

static unsigned int position(const struct klp_symtab *whole, const struct klp_sym *sym,
			     bool loading)
{
	unsigned int pos = 1;

	for (const struct klp_sym *s = klp_symtab_get(whole, sym->name); s; s = s->same)
		if ((s->kept || (loading && s->early)) && before(whole, s, sym))
			pos++;
	return pos;
}

/* While a module loads, mod->kallsyms is its whole symbol table (add_kallsyms()). */
unsigned int klp_symtab_count(const struct klp_symtab *whole, const char *name)
{
	unsigned int n = 0;

	for (const struct klp_sym *s = klp_symtab_get(whole, name); s; s = s->same)
		if (s->kept || s->early)
			n++;
	return n;
}

unsigned int klp_symtab_sympos(const struct klp_symtab *whole, const struct klp_sym *sym)
{
	if (klp_symtab_count(whole, sym->name) <= 1)
		return 0;
	return position(whole, sym, false);
}

const struct klp_sym *klp_symtab_at(const struct klp_symtab *whole, const char *name,
				    uint64_t sympos)
{
	bool only = klp_symtab_count(whole, name) == 1;

	for (const struct klp_sym *s = klp_symtab_get(whole, name); s; s = s->same)
		if (s->kept && (only ? sympos <= 1 : position(whole, s, false) == sympos))
			return s;
	return NULL;
}

bool klp_symtab_sympos_varies(const struct klp_symtab *whole, const struct klp_sym *sym)
{
	return position(whole, sym, false) != position(whole, sym, true);
}
