// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From a unit's symbol to the symbol that it became in the linked object. Names of statics
 * aren't unique, and neither are file names (a kernel has eight inode.c): what identifies a
 * unit is the whole set of its local symbols.
 */
#include <string.h>

#include "elf/symtab.h"

/*
 * Local symbols of these sections may vanish when the kernel is linked: the discarded ones
 * (include/asm-generic/vmlinux.lds.h DISCARDS, scripts/module.lds.S) and what only serves
 * modpost.
 */
static bool may_vanish(const struct klp_sym *sym)
{
	static const char *const prefixes[] = {
		".discard",  ".exit",	".memexit",  ".cpuexit",   ".devexit",
		".modinfo",  ".export", "__ksymtab", "___ksymtab", ".gnu.linkonce",
		".eh_frame", ".note",	".comment",  ".debug",	   ".init.text.exit",
	};

	if (sym->name[0] == '.' && sym->name[1] == 'L')
		return true;
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (!strncmp(sym->section, prefixes[i], strlen(prefixes[i])))
			return true;
	return *sym->section == '*';
}

static bool alike(const struct klp_sym *a, const struct klp_sym *b)
{
	return a->type == b->type && a->size == b->size && b->bind == STB_LOCAL &&
	       klp_sym_defined(b);
}

static const struct klp_sym *next_in_group(const struct klp_sym *s, const struct klp_sym *like,
					   uint32_t group)
{
	while (s && (s->group != group || !alike(like, s)))
		s = s->same;
	return s;
}

/* What of the unit is in a group of the whole. */
struct fit {
	bool complete; /* every symbol that survives linking */
	bool aligned;  /* and all of a section at one distance from where they were */
	uint32_t found;
};

/*
 * A linker moves an input section as a piece: the distance between the unit's offsets and the
 * whole's addresses is one number per section. shift[] holds it, by the unit's section index.
 */
struct shift {
	uint64_t by;
	bool known;
};

static void fit_symbol(const struct klp_symtab *whole, const struct klp_sym *sym, uint32_t group,
		       struct shift *shifts, size_t nshifts, struct fit *fit)
{
	const struct klp_sym *s = next_in_group(klp_symtab_get(whole, sym->name), sym, group);
	struct shift *shift = sym->shndx < nshifts ? &shifts[sym->shndx] : NULL;

	if (!s) {
		fit->complete = fit->complete && may_vanish(sym);
		return;
	}
	fit->found++;
	if (!shift || may_vanish(sym))
		return;
	if (!shift->known) {
		shift->known = true;
		shift->by = s->place - sym->value;
		return;
	}
	/* Two of one name in a group: one at the right distance is enough. */
	while (s && s->place - sym->value != shift->by)
		s = next_in_group(s->same, sym, group);
	if (!s)
		fit->aligned = false;
}

#define KLP_MAX_SHIFTS 1024 /* sections looked at; those of a higher index aren't compared */

/* Of a unit that was linked from parts itself, the part that the symbol is in. */
static struct fit fit_group(const struct klp_symtab *whole, const struct klp_symtab *unit,
			    const struct klp_sym *of, uint32_t group)
{
	struct shift shifts[KLP_MAX_SHIFTS] = {};
	struct fit fit = { .complete = true, .aligned = true };

	for (size_t i = 1; i < unit->n && fit.complete; i++) {
		const struct klp_sym *sym = &unit->v[i];

		if (sym->bind != STB_LOCAL || !sym->section || sym->group != of->group ||
		    (sym->type != STT_FUNC && sym->type != STT_OBJECT))
			continue;
		fit_symbol(whole, sym, group, shifts, KLP_MAX_SHIFTS, &fit);
	}
	return fit;
}

/* The one of that name in the group; where there are several, none can be told. */
static const struct klp_sym *only_in_group(const struct klp_sym *first, const struct klp_sym *like,
					   uint32_t group, bool *ret_ambiguous)
{
	const struct klp_sym *s = next_in_group(first, like, group);

	if (s && next_in_group(s->same, like, group)) {
		*ret_ambiguous = true;
		return NULL;
	}
	return s;
}

static bool seen_before(const struct klp_sym *first, const struct klp_sym *sym)
{
	for (const struct klp_sym *s = first; s != sym; s = s->same)
		if (s->group == sym->group && alike(sym, s))
			return true;
	return false;
}

static const struct klp_sym *locate_local(const struct klp_symtab *whole,
					  const struct klp_symtab *unit, const struct klp_sym *sym,
					  bool *ret_ambiguous)
{
	const struct klp_sym *first = klp_symtab_get(whole, sym->name);
	uint32_t complete = 0, aligned = 0, group = 0, aligned_group = 0;

	for (const struct klp_sym *s = first; s; s = s->same) {
		struct fit fit;

		if (!alike(sym, s) || !s->file || !sym->file || strcmp(s->file, sym->file) ||
		    seen_before(first, s))
			continue;
		fit = fit_group(whole, unit, sym, s->group);
		if (!fit.complete)
			continue;
		complete++;
		group = s->group;
		if (fit.aligned) {
			aligned++;
			aligned_group = s->group;
		}
	}
	if (aligned == 1)
		return only_in_group(first, sym, aligned_group, ret_ambiguous);
	if (complete == 1)
		return only_in_group(first, sym, group, ret_ambiguous);
	*ret_ambiguous = complete > 1;
	return NULL;
}

/* ld makes a hidden global local in its output and lists it in the nameless last group. */
static const struct klp_sym *locate_global(const struct klp_symtab *whole,
					   const struct klp_sym *sym, bool *ret_ambiguous)
{
	const struct klp_sym *hidden = NULL;

	for (const struct klp_sym *s = klp_symtab_get(whole, sym->name); s; s = s->same) {
		if (!klp_sym_defined(s))
			continue;
		if (s->bind != STB_LOCAL)
			return s;
		if (!s->file || *s->file)
			continue;
		if (hidden)
			*ret_ambiguous = true;
		hidden = s;
	}
	return *ret_ambiguous ? NULL : hidden;
}

const struct klp_sym *klp_symtab_locate(const struct klp_symtab *whole,
					const struct klp_symtab *unit, const char *name,
					bool *ret_ambiguous)
{
	const struct klp_sym *sym = klp_symtab_get(unit, name), *other;

	*ret_ambiguous = false;
	while (sym && !klp_sym_defined(sym))
		sym = sym->same;
	if (!sym)
		return NULL;
	for (other = sym->same; other; other = other->same)
		if (klp_sym_defined(other)) {
			*ret_ambiguous = true; /* only assembly can do that */
			return NULL;
		}
	if (whole == unit)
		return sym;
	if (sym->bind != STB_LOCAL)
		return locate_global(whole, sym, ret_ambiguous);
	return locate_local(whole, unit, sym, ret_ambiguous);
}
