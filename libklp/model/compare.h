/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the comparison of two objects found (elf/compare.h makes one): the functions and the
 * data whose machine code or content differs, each with the first difference. Plain data.
 *
 * `name` is the symbol without what the compiler numbers: "count.N" for count.12,
 * "foo.constprop.N", "__UNIQUE_ID_license.N" ... A .cold part belongs to its function and never
 * stands alone. Where a thing exists in A, `a` is its symbol there and can be looked up.
 */
#ifndef KLP_MODEL_COMPARE_H
#define KLP_MODEL_COMPARE_H

#include <stdbool.h>

#include "base/vec.h"

struct klp_difference {
	const char *name;   /* normalised */
	const char *a, *b;  /* the symbols; NULL where it doesn't exist */
	const char *shares; /* of what changed: a symbol that has its address in A and did not
			       change (identical code folding): redirecting one redirects both */
	const char *why;    /* "code at +0x12", "reference 3 at +0x1c: foo -> bar", ... */
	bool writable;	    /* of data: in a section that is written to at run time */
	bool clone;	    /* of a function: .isra, .constprop or .part, whose signature is not the
			       source function's */
};
KLP_VEC(klp_differences, struct klp_difference);

/* A function that refers to something that differs, and needn't differ itself. */
struct klp_reader {
	const char *function; /* symbol in A; in B when it isn't in A */
	const char *of;	      /* the data or clone: its symbol likewise */
	const char *via;      /* other data that leads there, or NULL: "ops" */
};
KLP_VEC(klp_readers, struct klp_reader);

struct klp_compare {
	bool sectioned; /* both made with -ffunction-sections; else code that only moved may be
			   taken for code that changed */
	unsigned int identical; /* functions */
	struct klp_differences changed, only_a, only_b;
	struct klp_differences changed_data, data_only_a, data_only_b;
	struct klp_readers readers;	  /* of changed_data */
	struct klp_readers clone_callers; /* in A, of clones that are changed or only there */
};

/* Any difference at all. */
static inline bool klp_compare_differs(const struct klp_compare *c)
{
	return c->changed.n || c->only_a.n || c->only_b.n || c->changed_data.n ||
	       c->data_only_a.n || c->data_only_b.n;
}

#endif
