/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether what was extracted is what the kernel was built from: for each function of the
 * livepatch that the kernel has, its unpatched text, extracted in the same way, compared with
 * the original unit. Made by prove/. Plain data.
 */
#ifndef KLP_MODEL_FIDELITY_H
#define KLP_MODEL_FIDELITY_H

#include <stdbool.h>

#include "model/unit.h"

enum klp_as_built {
	KLP_AS_BUILT_IDENTICAL,
	KLP_AS_BUILT_DIFFERS,
	KLP_AS_BUILT_NOT_COMPARABLE, /* one of the two has no code of its own for it */
};

struct klp_fidelity {
	const char *function; /* symbol of the original unit */
	struct klp_unit *unit;
	bool isolated;	   /* identical code without interprocedural optimisation */
	bool other_static; /* not isolated: a static variable of a function is another one */
	enum klp_as_built as_built; /* the same with the flags of the kernel */
	bool tokens;	 /* equal text behind the preprocessor, names of the livepatch aside */
	const char *why; /* the difference; NULL when there is none */
};
KLP_VEC(klp_fidelities, struct klp_fidelity);

/* "identical", "differs", "not-comparable" */
static inline const char *klp_as_built_name(enum klp_as_built as_built)
{
	static const char *const names[] = { "identical", "differs", "not-comparable" };

	return names[as_built];
}

#endif
