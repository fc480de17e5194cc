// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which symbol of A is which of B. Most names are unique. Of several with the same
 * normalised name (static locals `count`, clones foo.constprop.N) those that are equal belong
 * together; what is left goes by who refers to it, by file, and by order.
 */
#include <stdlib.h>
#include <string.h>

#include "elf/compare_parts.h"

struct group {
	struct klp_cmp_syms a, b;
};

/* What must be equal of two symbols to be matched, from the strictest to nothing at all. */
enum {
	BY_CONTENT = 1,
	BY_READERS = 2,
	BY_FILE = 4,
};
static const unsigned int passes[] = {
	BY_CONTENT | BY_READERS | BY_FILE,
	BY_CONTENT | BY_READERS,
	BY_READERS | BY_FILE,
	BY_CONTENT | BY_FILE,
	BY_CONTENT,
	BY_FILE,
	0,
};

static uint64_t mix(uint64_t hash, const void *data, size_t len)
{
	const unsigned char *p = data;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ p[i]) * 0x100000001b3; /* FNV-1a */
	return hash;
}

static uint64_t mix_string(uint64_t hash, const char *s)
{
	return mix(hash, s, strlen(s) + 1);
}

/* What one object defines the other one may only name: both give the same. */
static uint64_t mix_target(uint64_t hash, const struct klp_cmp_object *o,
			   const struct klp_cmp_ref *ref)
{
	hash = mix(hash, &ref->type, sizeof(ref->type));
	hash = mix(hash, &ref->rest, sizeof(ref->rest));
	if (ref->target == KLP_CMP_NAME)
		return mix_string(hash, klp_compare__norm(o->arena, ref->name));
	if (ref->target == KLP_CMP_PLACE && ref->place->syms.n)
		return mix_string(hash, ref->sym ? ref->sym->norm : ref->place->syms.v[0]->norm);
	if (ref->target == KLP_CMP_STRING) {
		const struct klp_image_section *s = &o->image.sections.v[ref->shndx];

		return mix(hash, s->data + ref->at,
			   strnlen((const char *)s->data + ref->at, s->size - ref->at));
	}
	return hash;
}

static uint64_t content_hash(const struct klp_cmp_object *o, const struct klp_cmp_place *place)
{
	const struct klp_image_section *s = &o->image.sections.v[place->shndx];
	const struct klp_cmp_section *section = &o->sections[place->shndx];
	uint64_t hash = mix(0xcbf29ce484222325, &place->size, sizeof(place->size));

	if (s->data)
		hash = mix(hash, s->data + place->start, place->size);
	for (size_t i = klp_compare__first_ref(section, place->start);
	     i < section->refs.n && section->refs.v[i].offset - place->start < place->size; i++) {
		uint64_t offset = section->refs.v[i].offset - place->start;

		hash = mix_target(mix(hash, &offset, sizeof(offset)), o, &section->refs.v[i]);
	}
	return hash;
}

static int by_pointer(const void *a, const void *b)
{
	const struct klp_cmp_place *pa = *(struct klp_cmp_place *const *)a;
	const struct klp_cmp_place *pb = *(struct klp_cmp_place *const *)b;

	return (pa > pb) - (pa < pb);
}

/* The set of names that refer to it, in no order. */
static uint64_t readers_hash(struct klp_arena *arena, const struct klp_cmp_place *place)
{
	size_t n = place->users.n;
	struct klp_cmp_place **users =
		klp_alloc_array(arena, n + 1, sizeof(struct klp_cmp_place *));
	uint64_t hash = 0;

	if (n)
		memcpy(users, place->users.v, n * sizeof(struct klp_cmp_place *));
	qsort(users, n, sizeof(struct klp_cmp_place *), by_pointer);
	for (size_t i = 0; i < n; i++)
		if ((!i || users[i] != users[i - 1]) && users[i]->syms.n)
			hash += mix_string(0xcbf29ce484222325, users[i]->syms.v[0]->norm);
	return hash;
}

struct candidate {
	struct klp_cmp_sym *sym;
	uint64_t content, readers, key;
};

static int by_key(const void *a, const void *b)
{
	const struct candidate *ca = a, *cb = b;

	if (ca->key != cb->key)
		return ca->key < cb->key ? -1 : 1;
	if (ca->sym->number != cb->sym->number)
		return ca->sym->number < cb->sym->number ? -1 : 1;
	return (ca->sym->index > cb->sym->index) - (ca->sym->index < cb->sym->index);
}

static struct candidate *candidates(struct klp_arena *arena, const struct klp_cmp_object *o,
				    const struct klp_cmp_syms *syms)
{
	struct candidate *list = klp_alloc_array(arena, syms->n, sizeof(*list));

	for (size_t i = 0; i < syms->n; i++) {
		list[i].sym = syms->v[i];
		list[i].content = content_hash(o, syms->v[i]->place);
		/* who calls a clone says nothing about it: calls come and go */
		list[i].readers = syms->v[i]->place->code ? list[i].content
							  : readers_hash(arena, syms->v[i]->place);
	}
	return list;
}

/* The unmatched ones to the front, in the order of the pass; how many there are. */
static size_t arrange(struct candidate *list, size_t n, unsigned int by)
{
	size_t left = 0;

	for (size_t i = 0; i < n; i++) {
		struct candidate *c = &list[i];

		if (c->sym->partner)
			continue;
		c->key = 0;
		if (by & BY_CONTENT)
			c->key = mix(c->key, &c->content, sizeof(c->content));
		if (by & BY_READERS)
			c->key = mix(c->key, &c->readers, sizeof(c->readers));
		if (by & BY_FILE)
			c->key = mix_string(c->key, c->sym->file);
		list[left++] = *c;
	}
	qsort(list, left, sizeof(*list), by_key);
	return left;
}

static void match_group(struct klp_arena *arena, const struct klp_cmp_object *a,
			const struct klp_cmp_object *b, const struct group *group)
{
	struct candidate *ca, *cb;
	size_t na = group->a.n, nb = group->b.n;

	if (na == 1 && nb == 1) {
		group->a.v[0]->partner = group->b.v[0];
		group->b.v[0]->partner = group->a.v[0];
		return;
	}
	if (!na || !nb)
		return;
	ca = candidates(arena, a, &group->a);
	cb = candidates(arena, b, &group->b);
	for (size_t p = 0; p < sizeof(passes) / sizeof(passes[0]); p++) {
		na = arrange(ca, na, passes[p]);
		nb = arrange(cb, nb, passes[p]);
		for (size_t i = 0, k = 0; i < na && k < nb;) {
			if (ca[i].key < cb[k].key) {
				i++;
			} else if (ca[i].key > cb[k].key) {
				k++;
			} else {
				ca[i].sym->partner = cb[k].sym;
				cb[k++].sym->partner = ca[i++].sym;
			}
		}
	}
}

static struct group *group_of(struct klp_arena *arena, struct klp_map *groups,
			      const struct klp_cmp_sym *sym)
{
	const char *key = klp_sprintf(arena, "%c%s", sym->place->code ? 'c' : 'd', sym->norm);
	void **slot = klp_map_slotn(groups, key, strlen(key));

	if (!*slot)
		*slot = klp_new(arena, struct group);
	return *slot;
}

/* .cold parts go with their functions. */
static void match_colds(const struct klp_cmp_object *a)
{
	for (size_t i = 0; i < a->syms.n; i++) {
		const struct klp_cmp_sym *sym = a->syms.v[i];
		struct klp_cmp_place *pa = sym->place->cold;
		struct klp_cmp_place *pb = sym->partner ? sym->partner->place->cold : NULL;

		if (!pa || !pb || pa->syms.v[0]->partner || pb->syms.v[0]->partner)
			continue;
		pa->syms.v[0]->partner = pb->syms.v[0];
		pb->syms.v[0]->partner = pa->syms.v[0];
	}
}

void klp_compare__match(struct klp_arena *arena, struct klp_cmp_object *a, struct klp_cmp_object *b)
{
	struct klp_map groups;

	klp_map_init(&groups, arena);
	for (size_t i = 0; i < a->syms.n; i++)
		if (!a->syms.v[i]->place->parent)
			klp_vec_push(arena, &group_of(arena, &groups, a->syms.v[i])->a,
				     a->syms.v[i]);
	for (size_t i = 0; i < b->syms.n; i++)
		if (!b->syms.v[i]->place->parent)
			klp_vec_push(arena, &group_of(arena, &groups, b->syms.v[i])->b,
				     b->syms.v[i]);
	for (size_t i = 0; i < groups.n; i++)
		match_group(arena, a, b, groups.entries[i].value);
	match_colds(a);
}
