/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the author of a livepatch decided against the defaults, by the rules of a policy file
 * (parsers/policy.h).
 */
#ifndef KLP_MODEL_DECISION_H
#define KLP_MODEL_DECISION_H

#include <stdbool.h>

#include "base/vec.h"

struct klp_decision {
	const char *rule;   /* "leave-out note_erase@fs/notes.c" */
	const char *reason; /* the author's; NULL when none was given */
	unsigned int line;  /* in the policy file */
	bool used;	    /* something in this run went by it */
	bool inherited;	    /* it was decided for the base, and nothing was said since */
};
KLP_VEC(klp_decisions, struct klp_decision);

#endif
