/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside tu/: a unit without the headers at its top. Nearly all that libclang would read of a unit
 * are those; the recorded compiler has read them already, for all that is asked of it (cc/top.h).
 * So libclang is given what that makes of them, without the functions that this unit doesn't use,
 * and its macros; and the unit with blanks in the place of its #includes, so that all else keeps
 * its offset.
 *
 * What comes of it is what comes of the whole, but for names that a header poisons: those are
 * refused when the module is built. The files in which klp_tu_preamble() and the like put something
 * before the unit aren't among tu->files then.
 */
#ifndef KLP_TU_BEHIND_H
#define KLP_TU_BEHIND_H

#include "cc/top.h"
#include "tu/tu.h"

struct klp_tu__behind {
	struct klp_cc_top top;
	struct klp_strs args;
	const char *text;    /* of the unit */
	const char *blanked; /* likewise, with blanks */
	size_t len;	     /* of either */
};

/*
 * toks: of the same version, with neutral numbers; args: for the whole unit. *ret_made: false where
 * it must be read whole: the compiler doesn't tell the headers apart, or one of them is text of the
 * unit (tu/tu.h: own files).
 */
int klp_tu__behind(struct klp_arena *arena, const struct klp_unit *unit,
		   const struct klp_overlay *overlay, const struct klp_ctoks *toks,
		   const struct klp_strs *args, struct klp_tu__behind *ret, bool *ret_made,
		   struct klp_error *err);

#endif
