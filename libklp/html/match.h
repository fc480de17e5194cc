/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside html/: which pieces of two texts, lines or words, are the same, so that the one can be
 * shown beside the other. The fewest differences, by the method of E. Myers ("An O(ND) Difference
 * Algorithm and Its Variations"); where there are more than KLP_MATCH_MAX, what lies between the
 * equal beginning and the equal end counts as different.
 */
#ifndef KLP_HTML_MATCH_H
#define KLP_HTML_MATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"

/* Pieces that are in one text only; their squares bound time and memory. */
#define KLP_MATCH_MAX 600

struct klp_piece {
	const char *p;
	size_t len;
};
KLP_VEC(klp_pieces, struct klp_piece);

/* Lines without their newlines. */
void klp_html__lines(struct klp_arena *arena, const char *text, struct klp_pieces *ret);
/* Words, runs of blanks, and other characters one by one. */
void klp_html__words(struct klp_arena *arena, struct klp_piece line, struct klp_pieces *ret);

/*
 * For each piece of a the index of its equal in b, KLP_MATCH_NONE for what is only in a;
 * rising. The array is the arena's.
 */
#define KLP_MATCH_NONE UINT32_MAX
uint32_t *klp_html__match(struct klp_arena *arena, const struct klp_pieces *a,
			  const struct klp_pieces *b);

#endif
