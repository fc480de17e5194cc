/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The headers at the top of a unit, as the recorded compiler has read them, for another parser to
 * begin behind: what they come to, and which they are (cc/head.h). Static functions that nothing
 * uses are left out of the text (cc/lean.h).
 */
#ifndef KLP_CC_TOP_H
#define KLP_CC_TOP_H

#include "base/map.h"
#include "cc/cc.h"

/* A file that is read, in the order of reading. */
struct klp_cc_entered {
	const char *path; /* absolute */
	int from;	  /* index of the one that includes it; or one of those below */
	uint32_t at;	  /* in the source: the offset behind that "#include" and blanks; else 0 */
};
KLP_VEC(klp_cc_entereds, struct klp_cc_entered);
#define KLP_CC_SOURCE	    (-1)
#define KLP_CC_COMMAND_LINE (-2)

struct klp_cc_top {
	const char *text;	 /* a file: what the compiler makes of them, with line markers; the
				    caller may remove it */
	struct klp_map left_out; /* of it: names of functions */
	const char *macros;	 /* a file: definitions as they are behind them */
	uint32_t behind;	 /* the offset in the source */
	struct klp_cc_entereds entered;
	/* of the whole text, nothing left out; they live as long as the unit's heads */
	const struct klp_ctoks *toks;
	const struct klp_cdecls *decls;
};

/*
 * Of a version of the unit (overlay: or NULL), of which klp_cc_tokens() gave these tokens, with
 * neutral numbers. *ret_made: false where that didn't read the headers apart from the rest
 * (cc/head.h), where the source puts a condition around one, and where the text would be another
 * one for who has the command's macros.
 */
int klp_cc_top(struct klp_arena *arena, const struct klp_unit *unit,
	       const struct klp_overlay *overlay, const struct klp_ctoks *toks,
	       struct klp_cc_top *ret, bool *ret_made, struct klp_error *err);

#endif
