/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of audit/ share: each fills its part of the audit. */
#ifndef KLP_AUDIT_PRIVATE_H
#define KLP_AUDIT_PRIVATE_H

#include "audit/audit.h"
#include "tree/tree.h"

struct klp_audit_work {
	struct klp_arena *arena;
	struct klp_tree *tree;
	unsigned int jobs;
	struct klp_tree_commands commands;
	struct klp_audit *audit;
	struct klp_error *err;
};

/* flags.c: which optimizations were on for which units */
void klp_audit__flags(struct klp_audit_work *work);
/* config.c: what the configuration lacks */
void klp_audit__config(struct klp_audit_work *work);
/* count.c: what became of the functions */
int klp_audit__count(struct klp_audit_work *work);

#endif
