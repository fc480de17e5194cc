/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two relocatable objects compared function by function: bytes, references and what the
 * site tables (__bug_table, .altinstructions, __jump_table ...) say about each function.
 * Exact for two objects that one command with -ffunction-sections -fdata-sections made from
 * two versions of a source; also works on others (model/compare.h: `sectioned`).
 *
 * Not taken for a difference: numbers that the compiler gives out (.isra.N, .constprop.N,
 * .part.N, .cold, static locals, __UNIQUE_ID_), the order of functions, data, strings,
 * constants and symbols, local labels, padding, debugging and unwind information. Strings,
 * constants, jump tables, CSWTCH.N and other data without a lasting name are compared by
 * content, so that they count for the function that uses them. A reference to another clone
 * (foo, now foo.isra.0) is a difference of the function that refers.
 *
 * Any ELF64 machine; branches that the assembler resolved are looked into on x86-64 only.
 * Untrusted input. Results are in the arena.
 */
#ifndef KLP_ELF_COMPARE_H
#define KLP_ELF_COMPARE_H

#include "base/error.h"
#include "base/map.h"
#include "model/compare.h"

int klp_compare_objects(struct klp_arena *arena, const char *path_a, const char *path_b,
			struct klp_compare *ret, struct klp_error *err);

/* What symbols of an excerpt are called in the whole. */
struct klp_compare_names {
	const struct klp_map *map; /* name in the excerpt -> char *, name in the whole; what isn't
				      listed has the same name in both */
	bool exact; /* a static local's number counts: both were compiled by one command */
};

/*
 * The same for an excerpt, compiled from part of a unit's text: it defines some of the
 * unit's functions and data, and refers to the rest by name. `a` is of the whole, `b` of the
 * excerpt, renamed; what only the whole has is no difference and isn't listed.
 */
int klp_compare_excerpt(struct klp_arena *arena, const char *path_whole, const char *path_excerpt,
			const struct klp_compare_names *names, struct klp_compare *ret,
			struct klp_error *err);

/* The difference that is about symbol `symbol` (of A or B), or NULL. */
const struct klp_difference *klp_difference_find(const struct klp_differences *list,
						 const char *symbol);

#endif
