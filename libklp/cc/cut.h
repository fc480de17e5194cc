/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside cc/: a source cut in two behind the headers at its top. */
#ifndef KLP_CC_CUT_H
#define KLP_CC_CUT_H

#include "model/unit.h"
#include "parsers/cppline.h"

struct klp_cut {
	struct klp_arena *arena;
	const char *name; /* as the compiler is told it */
	const char *text;
	size_t len;
	struct klp_cpplines lines;
	size_t first, n; /* lines.v[first..n) are the head: directives to the last #include */
	size_t rest;	 /* the offset behind it */
};

/*
 * Fills in what stands below len. False when the source has no such head: it includes nothing at
 * its top, or more behind that, or what it says there would be lost by a cut (klp_cc__is_tricky()).
 *
 * Definitions at the very top that come to what the unit's command says already, as an excerpt has
 * them for another command, don't count: the head is that of the unit then.
 */
bool klp_cc__cut(struct klp_cut *cut, const struct klp_unit *unit);

/* It asks for what a cut doesn't keep: macros put aside, options, the file's place. */
bool klp_cc__is_tricky(const char *text, size_t len);

#endif
