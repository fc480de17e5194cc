/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of ask/ share. */
#ifndef KLP_ASK_PRIVATE_H
#define KLP_ASK_PRIVATE_H

#include "ask/ask.h"

/* The functions of that name in all objects of the build. */
struct klp_ask_object {
	const char *object;      /* "fs/namei.o" */
	struct klp_strs symbols; /* function symbols that it defines */
};
KLP_VEC(klp_ask_objects, struct klp_ask_object);

/* prefix: of the symbols, NULL for all. Objects without any are left out. */
int klp_ask__symbols(struct klp_arena *arena, struct klp_tree *tree, const char *prefix,
		     unsigned int jobs, struct klp_ask_objects *ret, struct klp_error *err);

/*
 * Up to KLP_ASK_SIMILAR functions of the build whose names are near to one that doesn't
 * exist, the nearest first.
 */
#define KLP_ASK_SIMILAR 6
int klp_ask__similar(struct klp_arena *arena, struct klp_tree *tree, const char *function,
		     unsigned int jobs, struct klp_strs *ret, struct klp_error *err);

#endif
