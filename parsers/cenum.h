/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The enumerators of an enum, with what their values can be told apart by: nobody evaluates
 * an expression here.
 */
#ifndef KLP_PARSERS_CENUM_H
#define KLP_PARSERS_CENUM_H

#include "parsers/ctoken.h"

struct klp_enumerator {
	const char *name;
	uint32_t at;	       /* index of its token */
	uint32_t init, init_n; /* tokens of the expression behind '='; 0, 0 without one */
	uint64_t value;	       /* equal when both are the same number of steps behind the
				  same words, or the same plain number */
};
KLP_VEC(klp_enumerators, struct klp_enumerator);

/* Of the first enum with a body among the tokens; nothing when there is none. */
void klp_enumerators(struct klp_arena *arena, const struct klp_ctok *v, size_t n,
		     struct klp_enumerators *ret);

#endif
