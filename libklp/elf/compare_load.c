// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "elf/compare_parts.h"

/*
 * Symbols within symbols exist (assembly), a few deep. A file in which everything lies within
 * everything would make the comparison quadratic.
 */
#define MAX_NESTED  16
#define MAX_OVERLAP ((uint64_t)16)
/* Many names of little code are fine: kernel/sys_ni.c has some 300 for one function. */
#define MAX_ALIASED ((uint64_t)64 << 20)

/* Mergeable content has no identity. Content with references is never merged by a linker. */
static enum klp_cmp_kind kind_of(const struct klp_image_section *s, bool relocated)
{
	if (!(s->flags & SHF_ALLOC) || klp_compare__ignored(s->name))
		return KLP_CMP_IGNORED;
	if (klp_compare__table(s->name))
		return KLP_CMP_SITES;
	if (s->flags & SHF_EXECINSTR)
		return KLP_CMP_CODE;
	if (!(s->flags & SHF_MERGE) || !s->data || !s->entsize || relocated)
		return KLP_CMP_DATA;
	if (!(s->flags & SHF_STRINGS))
		return KLP_CMP_CONSTANTS;
	return s->entsize <= 4 ? KLP_CMP_STRINGS : KLP_CMP_DATA;
}

static void classify(struct klp_cmp_object *o)
{
	size_t n = o->image.sections.n;
	bool *relocated = klp_alloc_array(o->arena, n, sizeof(*relocated));

	o->sections = klp_alloc_array(o->arena, n, sizeof(*o->sections));
	for (uint32_t i = 1; i < n; i++)
		if (o->image.sections.v[i].relas.n)
			relocated[o->image.sections.v[i].info] = true;
	for (uint32_t i = 1; i < n; i++) {
		struct klp_cmp_section *s = &o->sections[i];

		s->kind = kind_of(&o->image.sections.v[i], relocated[i]);
		s->table = klp_compare__table(o->image.sections.v[i].name);
	}
}

/* A symbol that names something, and not just a position: SYM_CODE_START() gives no type. */
static bool names_a_place(const struct klp_cmp_object *o, const struct klp_image_sym *sym)
{
	enum klp_cmp_kind kind;

	if (!sym->name[0] || !strncmp(sym->name, ".L", 2) || sym->shndx == SHN_UNDEF ||
	    sym->shndx >= o->image.sections.n)
		return false;
	kind = o->sections[sym->shndx].kind;
	if (kind == KLP_CMP_IGNORED || kind == KLP_CMP_SITES)
		return false;
	switch (ELF64_ST_TYPE(sym->info)) {
	case STT_FUNC:
	case STT_GNU_IFUNC:
	case STT_OBJECT:
	case STT_TLS:
		return true;
	case STT_NOTYPE:
		return sym->size != 0;
	default:
		return false;
	}
}

/* "klpp_foo.isra.0" is the other object's "foo.isra.0" when "klpp_foo" is its "foo". */
static void rename_symbols(struct klp_cmp_object *o, const struct klp_map *names)
{
	for (size_t i = 1; i < o->image.syms.n; i++) {
		struct klp_image_sym *sym = &o->image.syms.v[i];
		size_t len = strlen(sym->name), origin = klp_compare__origin(sym->name);
		const char *name = klp_map_getn(names, sym->name, len);

		if (!name && origin < len) {
			name = klp_map_getn(names, sym->name, origin);
			name = name ? klp_sprintf(o->arena, "%s%s", name, sym->name + origin)
				    : NULL;
		}
		if (name)
			sym->name = name;
	}
}

/*
 * The same code under the same name again: renaming makes one of a static function and of the
 * alias that gives it its name in the livepatch.
 */
static struct klp_cmp_sym *same_again(const struct klp_cmp_object *o, size_t i)
{
	const struct klp_image_sym *sym = &o->image.syms.v[i];

	for (size_t j = 1; j < i; j++) {
		const struct klp_image_sym *other = &o->image.syms.v[j];

		if (o->of[j] && other->shndx == sym->shndx && other->value == sym->value &&
		    !strcmp(other->name, sym->name))
			return o->of[j];
	}
	return NULL;
}

static void load_symbols(struct klp_cmp_object *o, bool renamed)
{
	const char *file = "";
	uint32_t group = 0;

	o->of = klp_alloc_array(o->arena, o->image.syms.n, sizeof(struct klp_cmp_sym *));
	for (size_t i = 1; i < o->image.syms.n; i++) {
		const struct klp_image_sym *from = &o->image.syms.v[i];
		struct klp_cmp_sym *sym;

		if (ELF64_ST_TYPE(from->info) == STT_FILE) {
			file = from->name;
			group++;
		}
		if (!names_a_place(o, from))
			continue;
		o->of[i] = renamed ? same_again(o, i) : NULL;
		if (o->of[i])
			continue;
		sym = klp_new(o->arena, struct klp_cmp_sym);
		sym->name = from->name;
		sym->norm = klp_compare__norm(o->arena, from->name);
		sym->number = klp_compare__number(from->name);
		sym->bind = ELF64_ST_BIND(from->info);
		sym->type = ELF64_ST_TYPE(from->info);
		sym->file = sym->bind == STB_LOCAL ? file : "";
		sym->group = sym->bind == STB_LOCAL ? group : 0;
		sym->index = (uint32_t)i;
		o->of[i] = sym;
		klp_vec_push(o->arena, &o->syms, sym);
	}
}

struct klp_cmp_place *klp_compare__new_place(struct klp_cmp_object *o, uint32_t shndx,
					     uint64_t start, uint64_t size)
{
	struct klp_cmp_place *place = klp_new(o->arena, struct klp_cmp_place);

	place->shndx = shndx;
	place->start = start;
	place->size = size;
	place->code = o->sections[shndx].kind == KLP_CMP_CODE;
	klp_vec_push(o->arena, &o->sections[shndx].places, place);
	return place;
}

static int by_start(const void *a, const void *b)
{
	const struct klp_cmp_place *pa = *(struct klp_cmp_place *const *)a;
	const struct klp_cmp_place *pb = *(struct klp_cmp_place *const *)b;

	if (pa->start != pb->start)
		return pa->start < pb->start ? -1 : 1;
	return (pa->size > pb->size) - (pa->size < pb->size);
}

void klp_compare__sort_places(struct klp_cmp_section *section)
{
	if (section->places.n)
		qsort(section->places.v, section->places.n, sizeof(*section->places.v), by_start);
}

/* What reaches behind its section is cut off there: no content stands behind it. */
static void place_of_symbol(struct klp_cmp_object *o, struct klp_cmp_sym *sym)
{
	const struct klp_image_sym *from = &o->image.syms.v[sym->index];
	uint64_t end = o->image.sections.v[from->shndx].size;
	uint64_t start = from->value < end ? from->value : end;

	sym->place = klp_compare__new_place(o, from->shndx, start,
					    from->size < end - start ? from->size : end - start);
	klp_vec_push(o->arena, &sym->place->syms, sym);
	sym->place->by_content = klp_compare__by_content(sym->name);
}

/* Symbols at one address share a place. */
static void unite(struct klp_cmp_object *o, struct klp_cmp_section *section)
{
	struct klp_cmp_places all = section->places;
	struct klp_cmp_place *last = NULL;

	section->places = (struct klp_cmp_places){};
	for (size_t i = 0; i < all.n; i++) {
		struct klp_cmp_place *place = all.v[i];

		if (!last || last->start != place->start) {
			klp_vec_push(o->arena, &section->places, last = place);
			continue;
		}
		if (place->size > last->size)
			last->size = place->size;
		last->by_content = last->by_content && place->by_content;
		for (size_t k = 0; k < place->syms.n; k++) {
			klp_vec_push(o->arena, &last->syms, place->syms.v[k]);
			place->syms.v[k]->place = last;
		}
	}
}

static int by_index(const void *a, const void *b)
{
	const struct klp_cmp_sym *sa = *(struct klp_cmp_sym *const *)a;
	const struct klp_cmp_sym *sb = *(struct klp_cmp_sym *const *)b;

	return (sa->index > sb->index) - (sa->index < sb->index);
}

/* Assembly without .size: the function goes on until the next one. */
static void close_ends(struct klp_cmp_object *o, uint32_t shndx)
{
	struct klp_cmp_section *s = &o->sections[shndx];

	for (size_t i = 0; i < s->places.n; i++) {
		struct klp_cmp_place *place = s->places.v[i];

		qsort(place->syms.v, place->syms.n, sizeof(*place->syms.v), by_index);
		s->functions += place->code;
		if (place->code && !place->size)
			place->size = (i + 1 < s->places.n ? s->places.v[i + 1]->start
							   : o->image.sections.v[shndx].size) -
				      place->start;
	}
}

static int bounded(const struct klp_cmp_object *o, struct klp_error *err)
{
	uint64_t named = 0, size = 0;

	for (uint32_t i = 1; i < o->image.sections.n; i++) {
		const struct klp_image_section *s = &o->image.sections.v[i];

		size += s->data ? s->size : 0;
		for (size_t k = 0; s->data && k < o->sections[i].places.n; k++) {
			const struct klp_cmp_place *place = o->sections[i].places.v[k];

			named += place->size * place->syms.n;
			if (named > MAX_OVERLAP * size + MAX_ALIASED)
				goto refuse;
		}
	}
	return 0;
refuse:
	klp_error_set(err, KLP_EINPUT, "the symbols of '%s' lie within each other", o->image.path);
	return klp_error_at(err, o->image.path, 0, 0);
}

/* Names are unique within a file's local symbols, and among the global ones. */
static const char *key_of(struct klp_cmp_object *o, uint32_t group, const char *name, size_t len)
{
	return klp_sprintf(o->arena, "%u:%.*s", group, (int)len, name);
}

static void tie_cold(struct klp_cmp_object *o, const struct klp_map *functions,
		     struct klp_cmp_sym *sym, size_t len)
{
	struct klp_cmp_sym *parent;

	parent = klp_map_get(functions, key_of(o, sym->group, sym->name, len));
	if (!parent)
		parent = klp_map_get(functions, key_of(o, 0, sym->name, len));
	if (!parent || parent->place == sym->place || parent->place->cold ||
	    parent->place->parent || sym->place->cold || sym->place->parent)
		return;
	parent->place->cold = sym->place;
	sym->place->parent = parent->place;
}

/* A .cold part is no function of its own but belongs to the one that it was split off from. */
static void tie_colds(struct klp_cmp_object *o)
{
	struct klp_map functions;

	klp_map_init(&functions, o->arena);
	for (size_t i = 0; i < o->syms.n; i++) {
		struct klp_cmp_sym *sym = o->syms.v[i];

		if (sym->place->code && !klp_compare__cold(sym->name))
			klp_map_put(&functions, key_of(o, sym->group, sym->name, strlen(sym->name)),
				    sym);
	}
	for (size_t i = 0; i < o->syms.n; i++) {
		struct klp_cmp_sym *sym = o->syms.v[i];
		size_t len = sym->place->code ? klp_compare__cold(sym->name) : 0;

		if (len)
			tie_cold(o, &functions, sym, len);
	}
}

size_t klp_compare__first_ref(const struct klp_cmp_section *section, uint64_t at)
{
	size_t from = 0, to = section->refs.n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (section->refs.v[middle].offset < at)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

struct klp_cmp_place *klp_compare__place_at(const struct klp_cmp_object *o, uint32_t shndx,
					    uint64_t at)
{
	const struct klp_cmp_places *places = &o->sections[shndx].places;
	size_t from = 0, to = places->n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (places->v[middle]->start <= at)
			from = middle + 1;
		else
			to = middle;
	}
	for (size_t i = from; i && from - i < MAX_NESTED; i--) {
		struct klp_cmp_place *place = places->v[i - 1];

		if (place->start == at || at - place->start < place->size)
			return place;
	}
	return NULL;
}

int klp_compare__load(struct klp_arena *arena, const char *path, const struct klp_map *names,
		      struct klp_cmp_object *ret, struct klp_error *err)
{
	struct klp_cmp_object *o = ret;

	*o = (struct klp_cmp_object){ .arena = arena, .sectioned = true };
	if (klp_image_load(arena, path, &o->image, err) < 0)
		return err->code;
	classify(o);
	if (names)
		rename_symbols(o, names);
	load_symbols(o, names != NULL);
	for (size_t i = 0; i < o->syms.n; i++)
		place_of_symbol(o, o->syms.v[i]);
	for (uint32_t i = 1; i < o->image.sections.n; i++) {
		klp_compare__sort_places(&o->sections[i]);
		unite(o, &o->sections[i]);
		close_ends(o, i);
		if (o->sections[i].functions > 1 && !strcmp(o->image.sections.v[i].name, ".text"))
			o->sectioned = false;
	}
	if (bounded(o, err) < 0)
		return err->code;
	tie_colds(o);
	klp_compare__resolve(o);
	klp_compare__cut(o);
	return 0;
}
