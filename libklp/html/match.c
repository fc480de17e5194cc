// SPDX-License-Identifier: GPL-2.0-or-later
#include "html/match.h"

#include <string.h>

void klp_html__lines(struct klp_arena *arena, const char *text, struct klp_pieces *ret)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		klp_vec_push(arena, ret, ((struct klp_piece){ text, len }));
		text += len + (text[len] == '\n');
	}
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || (unsigned char)c >= 0x80;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

void klp_html__words(struct klp_arena *arena, struct klp_piece line, struct klp_pieces *ret)
{
	for (size_t i = 0, n; i < line.len; i += n) {
		bool (*is)(char) = is_word(line.p[i])	 ? is_word
				   : is_blank(line.p[i]) ? is_blank
							 : NULL;

		for (n = 1; is && i + n < line.len && is(line.p[i + n]);)
			n++;
		klp_vec_push(arena, ret, ((struct klp_piece){ line.p + i, n }));
	}
}

/* What is left of both when the equal beginning and end are taken off. */
struct middle {
	const struct klp_piece *a, *b;
	long n, m;
	long *v;	/* [KLP_MATCH_MAX + 1 + k]: how far in `a` diagonal k = x - y got */
	int32_t *trail; /* that, in the order of steps: step d has its 2d + 1 diagonals at d * d */
};

static bool same(const struct klp_piece *a, const struct klp_piece *b)
{
	return a->len == b->len && !memcmp(a->p, b->p, a->len);
}

/* Down (a piece of b alone) rather than to the right, from the step before. */
static bool comes_down(const long *v, long k, long d)
{
	return k == -d || (k != d && v[k - 1] < v[k + 1]);
}

/* The number of differences, -1 when there are too many. */
static long search(struct middle *mid)
{
	long *v = mid->v + KLP_MATCH_MAX + 1;

	v[1] = 0;
	for (long d = 0; d <= KLP_MATCH_MAX; d++) {
		for (long k = -d; k <= d; k += 2) {
			long x = comes_down(v, k, d) ? v[k + 1] : v[k - 1] + 1, y = x - k;

			while (x < mid->n && y < mid->m && same(&mid->a[x], &mid->b[y]))
				x++, y++;
			v[k] = x;
			mid->trail[d * d + d + k] = (int32_t)x;
			if (x >= mid->n && y >= mid->m)
				return d;
		}
	}
	return -1;
}

/* Back along the trail: `to` of the pieces that were passed on a diagonal. */
static void trace(const struct middle *mid, long d, uint32_t *to, uint32_t offset)
{
	long x = mid->n, y = mid->m;

	for (; d >= 0; d--) {
		long k = x - y, from_x = 0, from_y = 0;

		if (d) {
			const int32_t *v = mid->trail + (d - 1) * (d - 1) + (d - 1);
			/* diagonals outside of that step's can't be asked */
			bool down = k == -d || (k != d && v[k - 1] < v[k + 1]);

			from_x = down ? v[k + 1] : v[k - 1];
			from_y = from_x - (down ? k + 1 : k - 1);
		}
		while (x > from_x && y > from_y) {
			x--, y--;
			to[x] = (uint32_t)y + offset;
		}
		x = from_x;
		y = from_y;
	}
}

static void match_middle(struct middle *mid, uint32_t *to, uint32_t offset)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	size_t steps = KLP_MATCH_MAX + 1;
	long d;

	/* no more steps than pieces, so that two words don't cost megabytes */
	if (mid->n + mid->m < KLP_MATCH_MAX)
		steps = (size_t)(mid->n + mid->m) + 1;
	mid->v = klp_alloc_array(arena, 2 * KLP_MATCH_MAX + 4, sizeof(*mid->v));
	mid->trail = klp_alloc_array(arena, steps * steps, sizeof(*mid->trail));
	d = search(mid);
	if (d >= 0)
		trace(mid, d, to, offset);
}

uint32_t *klp_html__match(struct klp_arena *arena, const struct klp_pieces *a,
			  const struct klp_pieces *b)
{
	uint32_t *to = klp_alloc_array(arena, a->n, sizeof(*to));
	size_t head = 0, tail = 0;
	struct middle mid;

	while (head < a->n && head < b->n && same(&a->v[head], &b->v[head]))
		head++;
	while (tail < a->n - head && tail < b->n - head &&
	       same(&a->v[a->n - 1 - tail], &b->v[b->n - 1 - tail]))
		tail++;
	for (size_t i = 0; i < a->n; i++)
		to[i] = i < head	   ? (uint32_t)i
			: i >= a->n - tail ? (uint32_t)(i + b->n - a->n)
					   : KLP_MATCH_NONE;
	mid = (struct middle){ .a = a->v + head,
			       .b = b->v + head,
			       .n = (long)(a->n - head - tail),
			       .m = (long)(b->n - head - tail) };
	if (mid.n && mid.m)
		match_middle(&mid, to + head, (uint32_t)head);
	return to;
}
