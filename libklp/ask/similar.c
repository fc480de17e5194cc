// SPDX-License-Identifier: GPL-2.0-or-later
/* What somebody may have meant who asked for a function that doesn't exist. */
#include <stdlib.h>
#include <string.h>

#include "ask/private.h"
#include "model/plan_check.h"
#include "parsers/ipa.h"
#include "tree/graph.h"
#include "tree/index.h"

struct candidate {
	const char *name;
	unsigned int distance;
};

struct ranking {
	struct klp_arena *arena;
	const char *function;
	size_t len;
	struct klp_map seen;
	KLP_VEC(, struct candidate) list;
};

/* Levenshtein's distance, with a row of the table at a time; `limit` + 1 for anything above. */
static unsigned int distance(const char *a, size_t n, const char *b, size_t m, unsigned int limit)
{
	unsigned int row[KLP_MAX_SYMBOL + 1];

	if (n > KLP_MAX_SYMBOL || m > KLP_MAX_SYMBOL || n > m + limit || m > n + limit)
		return limit + 1;
	for (size_t k = 0; k <= m; k++)
		row[k] = (unsigned int)k;
	for (size_t i = 1; i <= n; i++) {
		unsigned int diagonal = row[0], least = row[0] = (unsigned int)i;

		for (size_t k = 1; k <= m; k++) {
			unsigned int best = diagonal + (a[i - 1] != b[k - 1]);

			diagonal = row[k];
			best = best < row[k] + 1 ? best : row[k] + 1;
			best = best < row[k - 1] + 1 ? best : row[k - 1] + 1;
			row[k] = best;
			least = least < best ? least : best;
		}
		if (least > limit)
			return limit + 1;
	}
	return row[m] > limit ? limit + 1 : row[m];
}

/* Misspelt, or a part of the name: "sys_read" for __x64_sys_read(). */
static void consider(struct ranking *r, const char *name, size_t len)
{
	unsigned int limit = r->len < 8 ? 1 : (unsigned int)r->len / 3;
	unsigned int d;

	if (klp_map_getn(&r->seen, name, len))
		return;
	klp_map_putn(&r->seen, name, len, r);
	d = distance(r->function, r->len, name, len, limit);
	if (d > limit) {
		if (r->len < 4 || !memmem(name, len, r->function, r->len))
			return;
		d = 1 + (unsigned int)(len - r->len) / 4;
	}
	klp_vec_push(r->arena, &r->list, (struct candidate){ klp_strndup(r->arena, name, len), d });
}

static int compare(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->distance != y->distance)
		return x->distance < y->distance ? -1 : 1;
	return strcmp(x->name, y->name);
}

static int consider_all(struct ranking *r, const struct klp_ask_book *book, struct klp_error *err)
{
	const struct klp_graph *graph = book->tree->graph;
	struct klp_ask_objects objects = book->objects;

	if (!book->complete &&
	    klp_ask__symbols(r->arena, book->tree, NULL, book->jobs, &objects, err) < 0)
		return err->code;
	for (size_t i = 0; i < graph->n; i++) {
		const struct klp_ipa_nodes *nodes = &graph->v[i].dump.nodes;

		for (size_t k = 0; k < nodes->n; k++)
			consider(r, nodes->v[k].name, klp_ipa_base_len(nodes->v[k].name));
	}
	for (size_t i = 0; i < objects.n; i++)
		for (size_t k = 0; k < objects.v[i].symbols.n; k++)
			consider(r, objects.v[i].symbols.v[k],
				 klp_ipa_base_len(objects.v[i].symbols.v[k]));
	return 0;
}

int klp_ask__similar(struct klp_arena *arena, const struct klp_ask_book *book, const char *function,
		     struct klp_strs *ret, struct klp_error *err)
{
	struct ranking r = { .arena = arena, .function = function, .len = strlen(function) };
	const struct klp_index *index = book->tree->index;

	klp_map_init(&r.seen, arena);
	for (size_t i = 0; index && i < klp_index_names(index); i++)
		consider(&r, klp_index_name(index, i), strlen(klp_index_name(index, i)));
	if (!index && consider_all(&r, book, err) < 0)
		return err->code;
	if (r.list.n)
		qsort(r.list.v, r.list.n, sizeof(*r.list.v), compare);
	for (size_t i = 0; i < r.list.n && i < KLP_ASK_SIMILAR; i++)
		klp_vec_push(arena, ret, r.list.v[i].name);
	return 0;
}
