// SPDX-License-Identifier: GPL-2.0-or-later
/* Two versions of a header. */
#include "parsers/chunk.h"

/* A middle part that differs and is longer than this isn't looked into: all of it differs. */
#define MAX_MIDDLE 2000

static bool equal(const struct klp_chunk *a, const struct klp_chunk *b)
{
	return a->kind == b->kind && a->hash == b->hash && a->n == b->n;
}

/* The longest common sequence of a[from..] and b[from..], the usual table. */
static void match_middle(struct klp_arena *arena, const struct klp_chunk *a, uint32_t n,
			 const struct klp_chunk *b, uint32_t m, uint32_t from, uint32_t *to_b,
			 uint32_t *to_a)
{
	uint16_t *table = klp_alloc_array(arena, (size_t)(n + 1) * (m + 1), sizeof(*table));

#define AT(i, j) table[(size_t)(i) * (m + 1) + (j)]
	for (uint32_t i = n; i-- > 0;)
		for (uint32_t j = m; j-- > 0;) {
			uint16_t down = AT(i + 1, j), right = AT(i, j + 1);

			if (equal(&a[from + i], &b[from + j]))
				AT(i, j) = (uint16_t)(AT(i + 1, j + 1) + 1);
			else
				AT(i, j) = down > right ? down : right;
		}
	for (uint32_t i = 0, j = 0; i < n && j < m;) {
		if (equal(&a[from + i], &b[from + j])) {
			to_b[from + i] = from + j;
			to_a[from + j] = from + i;
			i++;
			j++;
		} else if (AT(i + 1, j) >= AT(i, j + 1)) {
			i++;
		} else {
			j++;
		}
	}
#undef AT
}

/* Whatever a conditional governs changes with it: twins of a branch that isn't in both go. */
static void drop_governed(const struct klp_chunks *a, const struct klp_chunks *b, uint32_t *to_b,
			  uint32_t *to_a)
{
	for (size_t i = 0; i < a->v.n; i++) {
		uint32_t twin = to_b[i], pa, pb;

		if (twin == KLP_CHUNK_NONE)
			continue;
		pa = a->v.v[i].parent;
		pb = b->v.v[twin].parent;
		if ((pa == KLP_CHUNK_NONE && pb == KLP_CHUNK_NONE) ||
		    (pa != KLP_CHUNK_NONE && to_b[pa] != KLP_CHUNK_NONE && to_b[pa] == pb))
			continue;
		to_b[i] = KLP_CHUNK_NONE;
		to_a[twin] = KLP_CHUNK_NONE;
	}
}

void klp_chunks_match(struct klp_arena *arena, const struct klp_chunks *a,
		      const struct klp_chunks *b, uint32_t **ret_a, uint32_t **ret_b)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	uint32_t n = (uint32_t)a->v.n, m = (uint32_t)b->v.n, head = 0, tail = 0;
	uint32_t *to_b = klp_alloc_array(arena, n, sizeof(*to_b));
	uint32_t *to_a = klp_alloc_array(arena, m, sizeof(*to_a));

	for (uint32_t i = 0; i < n; i++)
		to_b[i] = KLP_CHUNK_NONE;
	for (uint32_t j = 0; j < m; j++)
		to_a[j] = KLP_CHUNK_NONE;
	for (; head < n && head < m && equal(&a->v.v[head], &b->v.v[head]); head++)
		to_b[head] = to_a[head] = head;
	while (tail < n - head && tail < m - head &&
	       equal(&a->v.v[n - 1 - tail], &b->v.v[m - 1 - tail])) {
		to_b[n - 1 - tail] = m - 1 - tail;
		to_a[m - 1 - tail] = n - 1 - tail;
		tail++;
	}
	n -= head + tail;
	m -= head + tail;
	if (n && m && n <= MAX_MIDDLE && m <= MAX_MIDDLE)
		match_middle(scratch, a->v.v, n, b->v.v, m, head, to_b, to_a);
	drop_governed(a, b, to_b, to_a);
	*ret_a = to_b;
	*ret_b = to_a;
}
