// SPDX-License-Identifier: GPL-2.0-or-later
#include "elf/tables.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "elf/tables_parts.h"
#include "model/release.h"

/*
 * include/linux/livepatch.h, 64 bit. The internal part of klp_func and klp_object begins with a
 * pointer or so and a kobject of 64 bytes at least: no entry is shorter than these.
 */
enum {
	FUNC_OLD_NAME = 0,
	FUNC_NEW_FUNC = 8,
	FUNC_SYMPOS = 16,
	FUNC_MIN = 32 + 64,
	OBJECT_NAME = 0,
	OBJECT_FUNCS = 8,
	OBJECT_CALLBACKS = 16,
	OBJECT_MIN = 16 + 64,
	PATCH_MOD = 0,
	PATCH_OBJS = 8,
	PATCH_STATES = 16,
	STATE_ID = 0,
	STATE_VERSION = 8,
	STATE_SIZE = 24,
	MAX_ENTRIES = 1 << 20, /* of one table */
	MAX_STEPS = 1 << 26,   /* looking at pointers, in all: a file can be made so that each table
				  is read for each of another */
};

/* A relocation of data: the pointer at a place, and where it leads to. */
struct pointer {
	uint32_t in; /* section that holds it */
	uint64_t at;
	uint32_t shndx; /* of the symbol: a section, SHN_UNDEF, SHN_LIVEPATCH */
	uint64_t to;	/* offset in that section */
	const struct klp_image_sym *sym;
};
KLP_VEC(pointers, struct pointer);

struct reader {
	struct klp_arena *arena;
	const struct klp_image *image;
	unsigned int release;
	struct pointers pointers;	     /* by in, at */
	const struct klp_image_sym **places; /* functions and objects, by shndx, value */
	size_t nplaces;
	size_t steps;
	struct klp_table_extents *extents; /* of the klp_patch that is being read */
};

/* A table: from a place to the end of the symbol that it is in. */
struct extent {
	uint32_t in;
	uint64_t at, size;
};

static int by_in_at(const void *a, const void *b)
{
	const struct pointer *x = a, *y = b;

	if (x->in != y->in)
		return x->in < y->in ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

static int by_place(const void *a, const void *b)
{
	const struct klp_image_sym *x = *(const struct klp_image_sym *const *)a,
				   *y = *(const struct klp_image_sym *const *)b;

	if (x->shndx != y->shndx)
		return x->shndx < y->shndx ? -1 : 1;
	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return x < y ? -1 : x > y;
}

static bool is_data(const struct klp_image *image, uint32_t shndx)
{
	return shndx && shndx < image->sections.n && (image->sections.v[shndx].flags & SHF_ALLOC) &&
	       !(image->sections.v[shndx].flags & SHF_EXECINSTR);
}

static void read_pointers(struct reader *r)
{
	const struct klp_image *image = r->image;

	for (size_t i = 1; i < image->sections.n; i++) {
		const struct klp_image_section *s = &image->sections.v[i];

		if (s->type != SHT_RELA || !is_data(image, s->info))
			continue;
		for (size_t k = 0; k < s->relas.n; k++) {
			const struct klp_image_rela *rela = &s->relas.v[k];
			const struct klp_image_sym *sym = &image->syms.v[rela->sym];

			klp_vec_push(r->arena, &r->pointers,
				     (struct pointer){ s->info, rela->offset, sym->shndx,
						       sym->value + (uint64_t)rela->addend, sym });
		}
	}
	if (r->pointers.n)
		qsort(r->pointers.v, r->pointers.n, sizeof(*r->pointers.v), by_in_at);
}

static void read_places(struct reader *r)
{
	const struct klp_image *image = r->image;

	r->places = klp_alloc_array(r->arena, image->syms.n, sizeof(*r->places));
	for (size_t i = 1; i < image->syms.n; i++) {
		unsigned char type = ELF64_ST_TYPE(image->syms.v[i].info);

		if ((type == STT_FUNC || type == STT_OBJECT) && image->syms.v[i].shndx != SHN_UNDEF)
			r->places[r->nplaces++] = &image->syms.v[i];
	}
	if (r->nplaces)
		qsort(r->places, r->nplaces, sizeof(*r->places), by_place);
}

/* Index of the first pointer at a place or behind it. */
static size_t pointer_from(const struct reader *r, uint32_t in, uint64_t at)
{
	size_t low = 0, high = r->pointers.n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct pointer *p = &r->pointers.v[mid];

		if (p->in < in || (p->in == in && p->at < at))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static const struct pointer *pointer_at(const struct reader *r, uint32_t in, uint64_t at)
{
	size_t i = pointer_from(r, in, at);

	return i < r->pointers.n && r->pointers.v[i].in == in && r->pointers.v[i].at == at
		       ? &r->pointers.v[i]
		       : NULL;
}

/* The last symbol at a place or before it in its section, or NULL. */
static const struct klp_image_sym *symbol_before(const struct reader *r, uint32_t shndx,
						 uint64_t value)
{
	size_t low = 0, high = r->nplaces;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct klp_image_sym *sym = r->places[mid];

		if (sym->shndx < shndx || (sym->shndx == shndx && sym->value <= value))
			low = mid + 1;
		else
			high = mid;
	}
	return low && r->places[low - 1]->shndx == shndx ? r->places[low - 1] : NULL;
}

static const char *name_at(const struct reader *r, const struct pointer *p)
{
	const struct klp_image_sym *sym;

	if (ELF64_ST_TYPE(p->sym->info) != STT_SECTION && p->to == p->sym->value)
		return p->sym->name;
	sym = symbol_before(r, p->shndx, p->to);
	return sym && sym->value == p->to ? sym->name : "";
}

/* The bytes at a place, as a number; 0 in .bss and outside of the section. */
static uint64_t number_at(const struct reader *r, uint32_t in, uint64_t at, unsigned int size)
{
	const struct klp_image_section *s = &r->image->sections.v[in];

	if (!s->data || at > s->size || s->size - at < size)
		return 0;
	return klp_image_number(r->image, s->data + at, size);
}

/* The string that a pointer leads to; NULL when there is no pointer, or no string. */
static const char *string_at(const struct reader *r, uint32_t in, uint64_t at)
{
	const struct pointer *p = pointer_at(r, in, at);
	const struct klp_image_section *s;

	if (!p || !is_data(r->image, p->shndx))
		return NULL;
	s = &r->image->sections.v[p->shndx];
	if (!s->data || p->to >= s->size || !memchr(s->data + p->to, '\0', s->size - p->to))
		return NULL;
	return (const char *)s->data + p->to;
}

static bool extent_at(struct reader *r, uint32_t shndx, uint64_t at, struct extent *ret)
{
	const struct klp_image_sym *sym = symbol_before(r, shndx, at);
	uint64_t room;

	if (!is_data(r->image, shndx) || !sym || at - sym->value >= sym->size)
		return false;
	room = r->image->sections.v[shndx].size;
	if (sym->value > room || sym->size > room - sym->value)
		return false;
	*ret = (struct extent){ shndx, at, sym->size - (at - sym->value) };
	klp_vec_push(r->arena, r->extents, (struct klp_table_extent){ shndx, at, ret->size });
	return true;
}

static bool extent_of(struct reader *r, const struct pointer *p, struct extent *ret)
{
	return extent_at(r, p->shndx, p->to, ret);
}

/* All pointers of a table are among the first `span` bytes of an entry, none in the last one. */
static bool fits(struct reader *r, const struct extent *e, uint64_t length, uint64_t span)
{
	for (size_t i = pointer_from(r, e->in, e->at); i < r->pointers.n; i++) {
		const struct pointer *p = &r->pointers.v[i];

		if (p->in != e->in || p->at >= e->at + e->size)
			return true;
		if (r->steps++ > MAX_STEPS || (p->at - e->at) % length >= span ||
		    p->at - e->at >= e->size - length)
			return false;
	}
	return true;
}

/*
 * The length of an entry: the greatest that divides the table and leaves an empty one at
 * its end. A table without pointers is that one alone. 0 when there is none.
 */
static uint64_t entry_length(struct reader *r, const struct extent *e, uint64_t span,
			     uint64_t least)
{
	for (uint64_t n = 1; n <= MAX_ENTRIES && e->size / n >= least && r->steps++ <= MAX_STEPS;
	     n++)
		if (e->size % n == 0 && fits(r, e, e->size / n, span))
			return e->size / n;
	return 0;
}

static void read_func(const struct reader *r, uint32_t in, uint64_t at, struct klp_table_func *ret)
{
	const struct pointer *new_func = pointer_at(r, in, at + FUNC_NEW_FUNC);

	ret->old_name = string_at(r, in, at + FUNC_OLD_NAME);
	ret->sympos = number_at(r, in, at + FUNC_SYMPOS, 8);
	if (!new_func)
		return;
	ret->new_name = name_at(r, new_func);
	ret->shndx = new_func->shndx;
	ret->offset = new_func->to;
}

/* klp_for_each_func_static() */
static bool read_funcs(struct reader *r, const struct pointer *p, struct klp_table_funcs *ret)
{
	struct extent e;
	uint64_t length;

	if (!extent_of(r, p, &e))
		return false;
	length = entry_length(r, &e, FUNC_NEW_FUNC + 8, FUNC_MIN);
	for (uint64_t at = e.at; length && at + length <= e.at + e.size; at += length) {
		struct klp_table_func func = {};

		if (r->steps++ > MAX_STEPS)
			return false;
		read_func(r, e.in, at, &func);
		if (!func.old_name && !func.new_name && !func.sympos)
			return true;
		if (pointer_at(r, e.in, at + FUNC_OLD_NAME) && !func.old_name)
			return false;
		klp_vec_push(r->arena, ret, func);
	}
	return false;
}

static bool read_object(struct reader *r, uint32_t in, uint64_t at, struct klp_table_object *ret)
{
	const struct pointer *funcs = pointer_at(r, in, at + OBJECT_FUNCS);

	ret->name = string_at(r, in, at + OBJECT_NAME);
	if (!ret->name && pointer_at(r, in, at + OBJECT_NAME))
		return false;
	ret->no_funcs = !funcs;
	for (int i = 0; i < KLP_NCALLBACKS; i++) {
		const struct pointer *p =
			pointer_at(r, in, at + OBJECT_CALLBACKS + 8 * (uint64_t)i);

		ret->callbacks[i] = p ? name_at(r, p) : NULL;
		if (p)
			ret->callback_places[i] = (struct klp_table_place){ p->shndx, p->to };
	}
	return !funcs || read_funcs(r, funcs, &ret->funcs);
}

/* klp_for_each_object_static() */
static bool read_objects(struct reader *r, const struct pointer *p, struct klp_table_objects *ret)
{
	struct extent e;
	uint64_t length;

	if (!extent_of(r, p, &e))
		return false;
	length = entry_length(r, &e, OBJECT_CALLBACKS + 8 * KLP_NCALLBACKS, OBJECT_MIN);
	for (uint64_t at = e.at; length && at + length <= e.at + e.size; at += length) {
		struct klp_table_object object = {};

		if (!read_object(r, e.in, at, &object))
			return false;
		if (object.no_funcs && !object.name)
			return ret->n > 0;
		klp_vec_push(r->arena, ret, object);
	}
	return false;
}

/* kernel/livepatch/state.c klp_for_each_state(): ends with id 0. */
static bool read_states(struct reader *r, const struct pointer *p, struct klp_table_states *ret)
{
	struct extent e;

	if (!extent_of(r, p, &e))
		return false;
	for (uint64_t at = e.at; at + STATE_SIZE <= e.at + e.size; at += STATE_SIZE) {
		struct klp_table_state state = {
			number_at(r, e.in, at + STATE_ID, 8),
			(uint32_t)number_at(r, e.in, at + STATE_VERSION, 4),
		};

		if (!state.id)
			return true;
		klp_vec_push(r->arena, ret, state);
	}
	return false;
}

static bool is_this_module(const struct reader *r, const struct pointer *p)
{
	return !strcmp(p->sym->name, "__this_module") ||
	       (is_data(r->image, p->shndx) && !p->to &&
		!strcmp(r->image->sections.v[p->shndx].name, ".gnu.linkonce.this_module"));
}

/*
 * Many structs begin with their owner. This one goes on with a table of objects that have tables
 * of functions, which nothing else does.
 */
static bool read_patch(struct reader *r, const struct pointer *mod, struct klp_tables *ret)
{
	const struct pointer *objs = pointer_at(r, mod->in, mod->at + PATCH_OBJS), *states = NULL;
	const struct klp_image_sym *sym = symbol_before(r, mod->in, mod->at);
	uint64_t replace = mod->at + PATCH_STATES;
	struct extent e;

	r->extents = &ret->extents;
	if (!is_this_module(r, mod) || !objs || !extent_at(r, mod->in, mod->at, &e) ||
	    !read_objects(r, objs, &ret->objects))
		return false;
	if (!r->release || r->release >= KLP_RELEASE(5, 5)) {
		states = pointer_at(r, mod->in, mod->at + PATCH_STATES);
		replace += 8;
	}
	if (states && !read_states(r, states, &ret->states))
		return false;
	ret->replace = (!r->release || r->release >= KLP_RELEASE(5, 1)) &&
		       number_at(r, mod->in, replace, 1);
	ret->symbol = sym && sym->value == mod->at ? sym->name : "";
	return true;
}

static int none_found(const struct klp_image *image, size_t n, struct klp_error *err)
{
	if (n)
		klp_error_set(err, KLP_EINPUT,
			      "'%s' has %zu klp_patch, which of them is enabled "
			      "can't be told",
			      image->path, n);
	else
		klp_error_set(err, KLP_EINPUT, "no klp_patch can be read from the data of '%s'",
			      image->path);
	klp_error_at(err, image->path, 0, 0);
	return klp_error_hint(
		err, "a klp_patch with its objects and functions must be initialised data "
		     "of the module, each table a variable with an empty entry at its end, "
		     "and the symbol table not stripped");
}

int klp_tables_read(struct klp_arena *arena, const struct klp_image *image, const char *release,
		    struct klp_tables *ret, struct klp_error *err)
{
	struct reader r = { .arena = arena,
			    .image = image,
			    .release = klp_release_number(release) };
	struct klp_table_place patch = {};
	size_t n = 0;

	*ret = (struct klp_tables){};
	read_pointers(&r);
	read_places(&r);
	for (size_t i = 0; i < r.pointers.n; i++) {
		struct klp_tables tables = {};

		if (!read_patch(&r, &r.pointers.v[i], &tables))
			continue;
		*ret = tables;
		patch = (struct klp_table_place){ r.pointers.v[i].in, r.pointers.v[i].at };
		n++;
	}
	if (n != 1)
		return none_found(image, n, err);
	klp_tables__find_changes(image, patch, ret);
	return 0;
}
