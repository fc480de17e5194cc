/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of ask/ share. */
#ifndef KLP_ASK_PRIVATE_H
#define KLP_ASK_PRIVATE_H

#include "ask/ask.h"

/* What all objects of the build define. */
struct klp_ask_object {
	const char *object;	 /* "fs/namei.o" */
	struct klp_strs symbols; /* function symbols that it defines */
	size_t cmd;		 /* of the tree's cmds: the one that made it */
	int64_t size, mtime;	 /* as it was read, -1 when it isn't there */
};
KLP_VEC(klp_ask_objects, struct klp_ask_object);

/* "fs/.namei.o.cmd" -> "fs/namei.o" */
char *klp_ask__object_of(struct klp_arena *arena, const char *cmd);

/* prefix: of the symbols; NULL for all, and for all objects, with or without. */
int klp_ask__symbols(struct klp_arena *arena, struct klp_tree *tree, const char *prefix,
		     unsigned int jobs, struct klp_ask_objects *ret, struct klp_error *err);

/* Where functions are looked up: an index of the build, or all dumps and objects read. */
struct klp_ask_book {
	struct klp_tree *tree;
	unsigned int jobs;
	bool complete; /* objects holds everything */
	struct klp_ask_objects objects;
};

/*
 * Reads what there is to be read before the first question; a build that is worth it gets an
 * index for the next time.
 */
int klp_ask__open(struct klp_arena *arena, struct klp_tree *tree, const struct klp_ask_opts *opts,
		  struct klp_ask_book *ret, struct klp_error *err);

/* The objects that define the function or a clone of it. */
int klp_ask__defining(struct klp_arena *arena, const struct klp_ask_book *book,
		      const char *function, struct klp_strs *ret, struct klp_error *err);

/*
 * Up to KLP_ASK_SIMILAR functions of the build whose names are near to one that doesn't
 * exist, the nearest first.
 */
#define KLP_ASK_SIMILAR 6
int klp_ask__similar(struct klp_arena *arena, const struct klp_ask_book *book, const char *function,
		     struct klp_strs *ret, struct klp_error *err);

#endif
