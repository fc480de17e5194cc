// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "elf/compare_parts.h"

KLP_VEC(addresses, uint64_t);

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Where the next place of a section starts; its end when there is none. */
static uint64_t next_start(const struct klp_cmp_object *o, uint32_t shndx,
			   const struct klp_cmp_places *places, uint64_t at)
{
	size_t from = 0, to = places->n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (places->v[middle]->start <= at)
			from = middle + 1;
		else
			to = middle;
	}
	return from < places->n ? places->v[from]->start : o->image.sections.v[shndx].size;
}

static void sort_unique(struct addresses *at)
{
	size_t n = 0;

	qsort(at->v, at->n, sizeof(*at->v), by_value);
	for (size_t i = 0; i < at->n; i++)
		if (!i || at->v[i] != at->v[i - 1])
			at->v[n++] = at->v[i];
	at->n = n;
}

/* A nameless place goes on until something else is named or referred to. */
static void cut_section(struct klp_cmp_object *o, uint32_t shndx, struct addresses *at)
{
	const struct klp_image_section *s = &o->image.sections.v[shndx];
	struct klp_cmp_section *section = &o->sections[shndx];
	const struct klp_cmp_places named = section->places;

	if (!at->n)
		return;
	sort_unique(at);
	for (size_t i = 0; i < at->n; i++) {
		uint64_t start = at->v[i], end = next_start(o, shndx, &named, start);

		if (i + 1 < at->n && at->v[i + 1] < end)
			end = at->v[i + 1];
		if (section->kind == KLP_CMP_CONSTANTS && end - start > s->entsize)
			end = start + s->entsize;
		klp_compare__new_place(o, shndx, start, end - start)->by_content = true;
	}
	klp_compare__sort_places(section);
}

/* A constant is referred to as a whole or in part; its place is the whole. */
static uint64_t place_start(const struct klp_cmp_object *o, const struct klp_cmp_ref *ref)
{
	if (o->sections[ref->shndx].kind == KLP_CMP_CONSTANTS)
		return ref->at - ref->at % o->image.sections.v[ref->shndx].entsize;
	return ref->at;
}

static void cut_nameless(struct klp_cmp_object *o)
{
	struct addresses *at = klp_alloc_array(o->arena, o->image.sections.n, sizeof(*at));

	for (uint32_t i = 1; i < o->image.sections.n; i++) {
		const struct klp_cmp_refs *refs = &o->sections[i].refs;

		for (size_t k = 0; k < refs->n; k++)
			if (refs->v[k].target == KLP_CMP_PLACE && !refs->v[k].place)
				klp_vec_push(o->arena, &at[refs->v[k].shndx],
					     place_start(o, &refs->v[k]));
	}
	for (uint32_t i = 1; i < o->image.sections.n; i++)
		cut_section(o, i, &at[i]);
	for (uint32_t i = 1; i < o->image.sections.n; i++) {
		struct klp_cmp_refs *refs = &o->sections[i].refs;

		for (size_t k = 0; k < refs->n; k++) {
			struct klp_cmp_ref *ref = &refs->v[k];

			if (ref->target != KLP_CMP_PLACE || ref->place)
				continue;
			ref->place = klp_compare__place_at(o, ref->shndx, ref->at);
			if (ref->place)
				ref->rest -= (int64_t)ref->place->start;
			else
				ref->target = KLP_CMP_NUMBER;
		}
	}
}

/*
 * Content that nobody names or refers to (.initcall6.init, code between functions) is a
 * thing of its own, known by its section's name.
 */
static void add_remainder(struct klp_cmp_object *o, uint32_t shndx, uint64_t start, uint64_t end)
{
	struct klp_cmp_place *place = klp_compare__new_place(o, shndx, start, end - start);
	struct klp_cmp_sym *sym = klp_new(o->arena, struct klp_cmp_sym);

	sym->name = o->image.sections.v[shndx].name;
	sym->norm = klp_compare__norm(o->arena, sym->name);
	sym->file = "";
	sym->index = (uint32_t)(o->image.syms.n + o->syms.n);
	sym->place = place;
	klp_vec_push(o->arena, &place->syms, sym);
	klp_vec_push(o->arena, &o->syms, sym);
}

/* Not padding: that is zero in data, shorter than the alignment in code, without references. */
static bool has_content(const struct klp_cmp_object *o, uint32_t shndx, uint64_t start,
			uint64_t end)
{
	const struct klp_image_section *s = &o->image.sections.v[shndx];
	const struct klp_cmp_section *section = &o->sections[shndx];
	size_t ref = klp_compare__first_ref(section, start);

	if (ref < section->refs.n && section->refs.v[ref].offset < end)
		return true;
	if (section->kind == KLP_CMP_CODE)
		return end - start >= (s->align ? s->align : 1);
	for (uint64_t at = start; at < end; at++)
		if (s->data[at])
			return true;
	return false;
}

static void add_remainders(struct klp_cmp_object *o, uint32_t shndx)
{
	const struct klp_image_section *s = &o->image.sections.v[shndx];
	struct klp_cmp_section *section = &o->sections[shndx];
	const struct klp_cmp_places known = section->places;
	uint64_t end = 0;

	if (!s->data || (section->kind != KLP_CMP_CODE && section->kind != KLP_CMP_DATA))
		return;
	for (size_t i = 0; i <= known.n; i++) {
		uint64_t start = i < known.n ? known.v[i]->start : s->size;

		if (start > end && has_content(o, shndx, end, start))
			add_remainder(o, shndx, end, start);
		if (i < known.n && start + known.v[i]->size > end)
			end = start + known.v[i]->size;
	}
	klp_compare__sort_places(section);
}

static bool means_code(const struct klp_cmp_ref *ref)
{
	return ref->target == KLP_CMP_PLACE && ref->place->code;
}

/* Operands of a table's entry; a word made of two relocations is one operand. */
static unsigned int operands(const struct klp_cmp_section *section)
{
	unsigned int n = klp_compare__table_operands(section->table);
	const struct klp_cmp_refs *refs = &section->refs;

	if (n)
		return n;
	for (size_t i = 1; i < refs->n; i++) {
		if (refs->v[i].offset == refs->v[i - 1].offset)
			continue;
		n++;
		if (means_code(&refs->v[i]))
			return n;
	}
	return n + 1;
}

static void add_site(struct klp_cmp_object *o, uint32_t shndx, const struct klp_cmp_ref *first,
		     uint64_t end)
{
	struct klp_cmp_site site = { .table = o->sections[shndx].table,
				     .shndx = shndx,
				     .at = first->offset,
				     .len = end - first->offset };

	if (means_code(first))
		klp_vec_push(o->arena, &first->place->sites, site);
	else
		add_remainder(o, shndx, site.at, first->offset + site.len);
}

/* An entry begins with the address that it is about, and goes on until the next one does. */
static void split_table(struct klp_cmp_object *o, uint32_t shndx)
{
	const struct klp_cmp_section *section = &o->sections[shndx];
	const struct klp_cmp_refs *refs = &section->refs;
	uint64_t size = o->image.sections.v[shndx].size;
	const struct klp_cmp_ref *first = NULL;
	unsigned int per = operands(section), seen = 0;

	if (size && (!refs->n || refs->v[0].offset))
		add_remainder(o, shndx, 0,
			      refs->n && refs->v[0].offset < size ? refs->v[0].offset : size);
	for (size_t i = 0; i < refs->n && refs->v[i].offset < size; i++) {
		if (i && refs->v[i].offset == refs->v[i - 1].offset)
			continue;
		if (seen++ % per)
			continue;
		if (first)
			add_site(o, shndx, first, refs->v[i].offset);
		first = &refs->v[i];
	}
	if (first)
		add_site(o, shndx, first, size);
	klp_compare__sort_places(&o->sections[shndx]);
}

/* Table by table, so that their order in the file doesn't matter. */
static void split_tables(struct klp_cmp_object *o)
{
	for (uint32_t table = 1; klp_compare__table_name(table); table++)
		for (uint32_t i = 1; i < o->image.sections.n; i++)
			if (o->sections[i].table == table && o->sections[i].kind == KLP_CMP_SITES)
				split_table(o, i);
}

static void use(struct klp_cmp_object *o, struct klp_cmp_place *user,
		const struct klp_cmp_section *section, uint64_t from, uint64_t to)
{
	if (user->parent)
		user = user->parent;
	for (size_t i = klp_compare__first_ref(section, from);
	     i < section->refs.n && section->refs.v[i].offset < to; i++) {
		struct klp_cmp_place *place = section->refs.v[i].place;

		if (place && place->parent)
			place = place->parent;
		if (place && place != user)
			klp_vec_push(o->arena, &place->users, user);
	}
}

static void find_users(struct klp_cmp_object *o)
{
	for (uint32_t i = 1; i < o->image.sections.n; i++) {
		const struct klp_cmp_section *section = &o->sections[i];

		for (size_t k = 0; k < section->places.n; k++) {
			struct klp_cmp_place *place = section->places.v[k];

			use(o, place, section, place->start, place->start + place->size);
			for (size_t n = 0; n < place->sites.n; n++) {
				const struct klp_cmp_site *site = &place->sites.v[n];

				use(o, place, &o->sections[site->shndx], site->at,
				    site->at + site->len);
			}
		}
	}
}

void klp_compare__cut(struct klp_cmp_object *o)
{
	cut_nameless(o);
	for (uint32_t i = 1; i < o->image.sections.n; i++)
		add_remainders(o, i);
	split_tables(o);
	find_users(o);
}
