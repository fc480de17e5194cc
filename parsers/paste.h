/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names that nobody spells. `LIMIT_##x` makes LIMIT_A of A, and `a##b` makes
 * any name of its two halves: so whoever says both halves of a name, or one, the other being
 * pasted to something by some macro, may mean it.
 */
#ifndef KLP_PARSERS_PASTE_H
#define KLP_PARSERS_PASTE_H

#include <stdbool.h>

#include "base/map.h"
#include "base/vec.h"

struct klp_paste {
	struct klp_arena *arena;
	struct klp_map literals; /* what macros paste to other things: "LIMIT_" */
	struct klp_map parts;	 /* every part of a name that is looked for */
	struct klp_strs names;
};

void klp_paste_init(struct klp_arena *arena, struct klp_paste *paste);
/* Notes what stands beside a ## in a text. */
void klp_paste_collect(struct klp_paste *paste, const char *text, size_t len);
/* Looks for a name from now on. Longer ones than KLP_PASTE_MAX_NAME aren't made of parts. */
#define KLP_PASTE_MAX_NAME 64
void klp_paste_add(struct klp_paste *paste, const char *name);
/* The text says the parts of one of the names. */
bool klp_paste_makes(const struct klp_paste *paste, const char *text, size_t len);

#endif
