/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The checks of stage 8, a table. Inside verify/ only.
 */
#ifndef KLP_VERIFY_RULES_H
#define KLP_VERIFY_RULES_H

#include "elf/image.h"
#include "elf/symtab.h"
#include "model/finding.h"
#include "model/plan.h"
#include "tree/tree.h"

struct klp_verify {
	struct klp_arena *arena;
	struct klp_image image; /* of the livepatch */
	const struct klp_plan *plan;
	struct klp_tree *tree;
	struct klp_findings *findings;
	struct klp_map
		objects; /* name -> struct klp_symtab, of what the plan and the module name */
	const char *peer_vermagic; /* of another module of the build, NULL when there is none */
};

struct klp_verify_rule {
	const char *code;
	void (*check)(struct klp_verify *v, const char *code);
	const char *what;
};

/* Ends in an entry without a code. */
extern const struct klp_verify_rule klp_verify__rules[];

#endif
