/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files behind tree/lto.h share. */
#ifndef KLP_TREE_LTO_PRIVATE_H
#define KLP_TREE_LTO_PRIVATE_H

#include "tree/lto.h"
#include "tree/private.h"

KLP_VEC(klp_ltos, struct klp_lto *);

/* An error, once for each message. The hint is the caller's to set. */
struct klp_finding *klp_tree__lto_finding(struct klp_tree *tree, struct klp_findings *findings,
					  const char *code, const char *file, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/*
 * lto_check.c: whether the dumps are all there, of this link and readable. Sets lto->usable and
 * lto->graph, the first time; says what is wrong then.
 */
int klp_tree__lto_check(struct klp_tree *tree, struct klp_lto *lto, unsigned int jobs,
			struct klp_findings *findings, struct klp_error *err);

/* lto_graph.c: joins them. The tree's graph is loaded. */
void klp_tree__lto_join(struct klp_tree *tree, struct klp_lto *lto);

#endif
