// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which symbol covers a place of an image, and which code an entry of a table is about. Asked for
 * each of a million relocations of a file that nobody vouches for, so it searches in sorted
 * arrays: pieces of sections that belong to one symbol each and don't overlap, though symbols may.
 */
#include <elf.h>
#include <stdlib.h>

#include "elf/image_parts.h"

/* From start to end (not included) of a section. */
struct piece {
	uint32_t shndx, sym;
	uint64_t start, end;
};
KLP_VEC(pieces, struct piece);

struct site {
	uint64_t offset; /* of the relocation */
	uint32_t shndx;	 /* of what it points to */
	uint64_t at;
};
KLP_VEC(sites, struct site);

struct klp_image_index {
	struct klp_arena *arena;
	bool have_functions, have_all;
	struct pieces functions, all;
	struct sites **sites; /* by section index; NULL: not asked for yet */
	uint32_t *first_rela; /* by section index: a relocation section of it, 0 for none */
	uint32_t *next_rela;  /* by section index: another one of the same section */
	size_t n;	      /* sections there were then */
};

struct klp_image_index *klp_image__index_new(struct klp_arena *arena)
{
	struct klp_image_index *index = klp_new(arena, struct klp_image_index);

	index->arena = arena;
	return index;
}

/* By place; of those that begin together the first of the table comes last, to end on top. */
static int by_place(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	if (x->shndx != y->shndx)
		return x->shndx < y->shndx ? -1 : 1;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x->sym > y->sym ? -1 : x->sym < y->sym;
}

static struct pieces collect(const struct klp_image *image, struct klp_arena *arena, bool variables)
{
	struct pieces found = {};

	for (size_t i = 1; i < image->syms.n; i++) {
		const struct klp_image_sym *s = &image->syms.v[i];
		unsigned char type = ELF64_ST_TYPE(s->info);
		uint64_t end = s->value + s->size < s->value ? UINT64_MAX : s->value + s->size;

		if (s->shndx && s->shndx < image->sections.n && s->size &&
		    (type == STT_FUNC || (variables && type == STT_OBJECT)))
			klp_vec_push(arena, &found,
				     (struct piece){ s->shndx, (uint32_t)i, s->value, end });
	}
	if (found.n)
		qsort(found.v, found.n, sizeof(*found.v), by_place);
	return found;
}

/* The symbols that are open at the place which was reached, the latest on top. */
struct sweep {
	struct klp_arena *arena;
	struct pieces open, *out;
	uint64_t at;
};

/* The top one has what lies before `to`. */
static void give(struct sweep *w, uint64_t to)
{
	struct piece piece = w->open.v[w->open.n - 1];

	piece.start = w->at;
	if (piece.end > to)
		piece.end = to;
	if (piece.start >= piece.end)
		return;
	klp_vec_push(w->arena, w->out, piece);
	w->at = piece.end;
}

static void close_until(struct sweep *w, uint64_t to)
{
	while (w->open.n && w->open.v[w->open.n - 1].end <= to) {
		give(w, to);
		w->open.n--;
	}
}

static void cut(const struct klp_image *image, struct klp_arena *arena, bool variables,
		struct pieces *ret)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	struct pieces found = collect(image, scratch, variables);
	struct sweep w = { .arena = arena, .out = ret };

	for (size_t i = 0; i < found.n; i++) {
		if (i && found.v[i].shndx != found.v[i - 1].shndx)
			close_until(&w, UINT64_MAX);
		close_until(&w, found.v[i].start);
		if (w.open.n)
			give(&w, found.v[i].start);
		w.at = found.v[i].start;
		klp_vec_push(scratch, &w.open, found.v[i]);
	}
	close_until(&w, UINT64_MAX);
}

/* The first that ends behind a place. */
static size_t first_behind(const struct pieces *pieces, uint32_t shndx, uint64_t offset)
{
	size_t lo = 0, hi = pieces->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct piece *p = &pieces->v[mid];

		if (p->shndx < shndx || (p->shndx == shndx && p->end <= offset))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static const struct piece *covering(const struct pieces *pieces, uint32_t shndx, uint64_t offset)
{
	size_t lo = first_behind(pieces, shndx, offset);

	if (lo == pieces->n || pieces->v[lo].shndx != shndx || pieces->v[lo].start > offset)
		return NULL;
	return &pieces->v[lo];
}

static const struct pieces *functions_of(const struct klp_image *image)
{
	struct klp_image_index *index = image->index;

	if (!index->have_functions)
		cut(image, index->arena, false, &index->functions);
	index->have_functions = true;
	return &index->functions;
}

size_t klp_image__first_piece(const struct klp_image *image, uint32_t shndx)
{
	return first_behind(functions_of(image), shndx, 0);
}

bool klp_image__piece(const struct klp_image *image, uint32_t shndx, size_t i, uint64_t *ret_start,
		      uint64_t *ret_end)
{
	const struct pieces *pieces = functions_of(image);

	if (i >= pieces->n || pieces->v[i].shndx != shndx)
		return false;
	*ret_start = pieces->v[i].start;
	*ret_end = pieces->v[i].end;
	return true;
}

const struct klp_image_sym *klp_image_function(const struct klp_image *image, uint32_t shndx,
					       uint64_t offset)
{
	const struct piece *piece = covering(functions_of(image), shndx, offset);

	return piece ? &image->syms.v[piece->sym] : NULL;
}

const struct klp_image_sym *klp_image_covering(const struct klp_image *image, uint32_t shndx,
					       uint64_t offset)
{
	struct klp_image_index *index = image->index;
	const struct piece *piece;

	if (!index->have_all)
		cut(image, index->arena, true, &index->all);
	index->have_all = true;
	piece = covering(&index->all, shndx, offset);
	return piece ? &image->syms.v[piece->sym] : NULL;
}

static void chain_relas(const struct klp_image *image, struct klp_image_index *index)
{
	size_t n = index->n = image->sections.n;

	index->sites = klp_alloc_array(index->arena, n, sizeof(*index->sites));
	index->first_rela = klp_alloc_array(index->arena, n, sizeof(uint32_t));
	index->next_rela = klp_alloc_array(index->arena, n, sizeof(uint32_t));
	for (size_t i = n; i-- > 1;) {
		const struct klp_image_section *s = &image->sections.v[i];

		if (s->type != SHT_RELA || s->info >= n)
			continue;
		index->next_rela[i] = index->first_rela[s->info];
		index->first_rela[s->info] = (uint32_t)i;
	}
}

uint32_t klp_image_relas_of(const struct klp_image *image, uint32_t shndx, uint32_t after)
{
	const struct klp_image_index *index = image->index;

	if (!index->sites)
		chain_relas(image, image->index);
	if (shndx >= index->n)
		return 0;
	return after ? index->next_rela[after] : index->first_rela[shndx];
}

static int by_offset(const void *a, const void *b)
{
	const struct site *x = a, *y = b;

	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* The relocations of a section that point into functions. */
static const struct sites *sites_of(const struct klp_image *image, uint32_t shndx)
{
	struct klp_image_index *index = image->index;
	struct sites *sites;

	if (index->sites[shndx])
		return index->sites[shndx];
	sites = klp_new(index->arena, struct sites);
	for (uint32_t i = 0; (i = klp_image_relas_of(image, shndx, i));) {
		const struct klp_image_relas *relas = &image->sections.v[i].relas;

		for (size_t k = 0; k < relas->n; k++) {
			const struct klp_image_rela *r = &relas->v[k];
			const struct klp_image_sym *sym = &image->syms.v[r->sym];
			uint64_t at = sym->value + (uint64_t)r->addend;

			if (klp_image_function(image, sym->shndx, at))
				klp_vec_push(index->arena, sites,
					     (struct site){ r->offset, sym->shndx, at });
		}
	}
	if (sites->n)
		qsort(sites->v, sites->n, sizeof(*sites->v), by_offset);
	return index->sites[shndx] = sites;
}

bool klp_image_site(const struct klp_image *image, uint32_t shndx, uint64_t offset,
		    uint32_t *ret_shndx, uint64_t *ret_offset)
{
	const struct sites *sites;
	size_t lo = 0, hi;

	klp_image_relas_of(image, shndx, 0); /* there is a place for them */
	if (shndx >= image->index->n)
		return false;
	sites = sites_of(image, shndx);
	hi = sites->n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (sites->v[mid].offset <= offset)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (!lo)
		return false;
	lo--;
	if (lo && sites->v[lo].offset < offset &&
	    sites->v[lo].offset - sites->v[lo - 1].offset == offset - sites->v[lo].offset)
		lo--;
	*ret_shndx = sites->v[lo].shndx;
	*ret_offset = sites->v[lo].at;
	return true;
}

const struct klp_image_sym *klp_image_user(const struct klp_image *image, uint32_t shndx,
					   uint64_t offset)
{
	const struct klp_image_sym *found = klp_image_function(image, shndx, offset);
	uint32_t section;
	uint64_t at;

	if (found)
		return found;
	if (!klp_image_site(image, shndx, offset, &section, &at))
		return NULL;
	return klp_image_function(image, section, at);
}
