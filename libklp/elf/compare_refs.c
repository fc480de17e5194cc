// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "elf/compare_parts.h"
#include "elf/operand.h"

#define TO_END_OF_INSTRUCTION 0

/* Relocations in code whose addend is not an offset from the symbol; what it lacks. */
static const struct {
	uint16_t machine;
	uint32_t type;
	int lacks;
} biased[] = {
	{ EM_X86_64, R_X86_64_PC32, TO_END_OF_INSTRUCTION },
	{ EM_X86_64, R_X86_64_PLT32, TO_END_OF_INSTRUCTION },
	{ EM_X86_64, R_X86_64_GOTPCREL, TO_END_OF_INSTRUCTION },
	{ EM_X86_64, R_X86_64_GOTPCRELX, TO_END_OF_INSTRUCTION },
	{ EM_X86_64, R_X86_64_REX_GOTPCRELX, TO_END_OF_INSTRUCTION },
	{ EM_S390, R_390_PC32DBL, -2 },
	{ EM_S390, R_390_PLT32DBL, -2 },
	{ EM_S390, R_390_GOTENT, -2 },
};

/* Every machine's relocation 0 does nothing. */
#define R_NONE 0

static int bias(const struct klp_cmp_object *o, uint32_t shndx, const struct klp_image_rela *rela)
{
	const struct klp_image_section *s = &o->image.sections.v[shndx];

	if (!s->data || !(s->flags & SHF_EXECINSTR) || rela->offset >= s->size)
		return 0;
	for (size_t i = 0; i < sizeof(biased) / sizeof(biased[0]); i++) {
		if (biased[i].machine != o->image.machine || biased[i].type != rela->type)
			continue;
		return biased[i].lacks ? biased[i].lacks
				       : klp_operand_to_end(s->data, rela->offset);
	}
	return 0;
}

/* The only named place of a section: an address just outside it is meant from there. */
static struct klp_cmp_place *only_in(const struct klp_cmp_section *section)
{
	struct klp_cmp_place *only = NULL;

	for (size_t i = 0; i < section->places.n; i++) {
		if (!section->places.v[i]->syms.n)
			continue;
		if (only)
			return NULL;
		only = section->places.v[i];
	}
	return only;
}

static void to_section(const struct klp_cmp_object *o, uint32_t shndx, struct klp_cmp_ref *ref)
{
	ref->target = KLP_CMP_NAME;
	ref->name = klp_compare__norm(o->arena, o->image.sections.v[shndx].name);
}

/*
 * An address in a section, where a label or nothing but the section is named. `sum` is what
 * the relocation says. A place that has no name is cut out later: only the address is set.
 */
static void to_address(const struct klp_cmp_object *o, uint32_t shndx, uint64_t sum, uint64_t at,
		       struct klp_cmp_ref *ref)
{
	const struct klp_cmp_section *section = &o->sections[shndx];
	bool inside = at <= o->image.sections.v[shndx].size;

	ref->shndx = shndx;
	ref->at = at;
	ref->rest = (int64_t)sum;
	if (inside)
		ref->place = klp_compare__place_at(o, shndx, at);
	if (!ref->place && section->kind != KLP_CMP_CONSTANTS && section->kind != KLP_CMP_STRINGS)
		ref->place = only_in(section);
	if (!ref->place && !inside) {
		to_section(o, shndx, ref);
	} else if (!ref->place && section->kind == KLP_CMP_STRINGS) {
		ref->target = KLP_CMP_STRING;
		ref->rest = (int64_t)(sum - at);
	} else {
		ref->target = KLP_CMP_PLACE;
		if (ref->place)
			ref->rest = (int64_t)(sum - ref->place->start);
	}
}

/*
 * A label's address is exact. Where the section's symbol stands instead, only the addend
 * tells, and what it lacks is known from the instruction.
 */
static void to_position(const struct klp_cmp_object *o, const struct klp_image_sym *sym,
			const struct klp_image_rela *rela, int lacks, struct klp_cmp_ref *ref)
{
	bool label = ELF64_ST_TYPE(sym->info) != STT_SECTION;
	uint64_t sum = sym->value + (uint64_t)rela->addend;
	enum klp_cmp_kind kind = o->sections[sym->shndx].kind;

	if (label && sym->name[0] && strncmp(sym->name, ".L", 2))
		ref->name = klp_compare__norm(o->arena, sym->name);
	if (kind == KLP_CMP_IGNORED || kind == KLP_CMP_SITES)
		to_section(o, sym->shndx, ref);
	else
		to_address(o, sym->shndx, sum, label ? sym->value : sum + (uint64_t)lacks, ref);
}

static void resolve(const struct klp_cmp_object *o, uint32_t shndx,
		    const struct klp_image_rela *rela, struct klp_cmp_ref *ref)
{
	const struct klp_image_sym *sym = &o->image.syms.v[rela->sym];
	int lacks = bias(o, shndx, rela);

	*ref = (struct klp_cmp_ref){ .offset = rela->offset, .type = rela->type };
	if (o->of[rela->sym]) {
		ref->target = KLP_CMP_PLACE;
		ref->sym = o->of[rela->sym];
		ref->place = ref->sym->place;
		ref->shndx = ref->place->shndx;
		ref->rest = rela->addend;
		ref->at = ref->place->start + (uint64_t)rela->addend + (uint64_t)lacks;
	} else if (sym->shndx != SHN_UNDEF && sym->shndx < SHN_LORESERVE) {
		to_position(o, sym, rela, lacks, ref);
	} else if (sym->shndx == SHN_ABS || !sym->name[0]) {
		ref->rest = (int64_t)(sym->value + (uint64_t)rela->addend);
	} else {
		ref->target = KLP_CMP_NAME;
		ref->name = klp_compare__undefined(o->arena, sym->name);
		ref->rest = rela->addend;
	}
}

static int by_offset(const void *a, const void *b)
{
	const struct klp_cmp_ref *ra = a, *rb = b;

	if (ra->offset != rb->offset)
		return ra->offset < rb->offset ? -1 : 1;
	return (ra->type > rb->type) - (ra->type < rb->type);
}

static bool sorted(const struct klp_cmp_refs *refs)
{
	for (size_t i = 1; i < refs->n; i++)
		if (refs->v[i - 1].offset > refs->v[i].offset)
			return false;
	return true;
}

static void resolve_section(struct klp_cmp_object *o, const struct klp_image_section *from)
{
	struct klp_cmp_section *section = &o->sections[from->info];

	if (section->kind == KLP_CMP_IGNORED)
		return;
	for (size_t i = 0; i < from->relas.n; i++)
		if (from->relas.v[i].type != R_NONE)
			resolve(o, from->info, &from->relas.v[i],
				klp_vec_add(o->arena, &section->refs));
	if (!sorted(&section->refs))
		qsort(section->refs.v, section->refs.n, sizeof(*section->refs.v), by_offset);
}

void klp_compare__resolve(struct klp_cmp_object *o)
{
	for (size_t i = 1; i < o->image.sections.n; i++)
		if (o->image.sections.v[i].relas.n)
			resolve_section(o, &o->image.sections.v[i]);
}
