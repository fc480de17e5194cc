/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All dumps of a build as one graph: every function that the compiler inlined, cloned or
 * removed, in every unit. A node is (unit, name, order). It lives in the arena that it was
 * loaded into. With an index of the build (tree/index.h) only the dumps that a question is
 * about are read, when they are asked for.
 */
#ifndef KLP_TREE_GRAPH_H
#define KLP_TREE_GRAPH_H

#include "parsers/ipa.h"
#include "tree/tree.h"

struct klp_graph_unit {
	const char *object;	  /* "fs/namei.o" */
	bool read;		  /* else the dump is still empty */
	int64_t size, mtime;	  /* of the dump as it was read */
	struct klp_ipa_dump dump; /* its name is relative to the directory of dumps */
};

struct klp_graph {
	struct klp_arena *arena;
	const struct klp_tree *tree;
	struct klp_graph_unit *v; /* in the order of tree->dumps */
	size_t n;
};

/* Sets tree->graph, with no dump read yet: for a tree with an index. */
void klp_graph_open(struct klp_arena *arena, struct klp_tree *tree);

/*
 * Parses every dump on `jobs` threads. A dump that can't be parsed is an error; lines that
 * are no record are counted in its dump, as klp_ipa_parse() does. Afterwards tree->graph is
 * set, and klp_tree_carriers() answers from it.
 */
int klp_graph_load(struct klp_arena *arena, struct klp_tree *tree, unsigned int jobs,
		   struct klp_error *err);

/* The unit of an object, its dump read; *ret is NULL when it has no dump. */
int klp_graph_unit(struct klp_graph *graph, const char *object, const struct klp_graph_unit **ret,
		   struct klp_error *err);

/* A function, or a clone of it, as it stands in a unit's dump. */
struct klp_graph_hit {
	const struct klp_graph_unit *unit;
	const struct klp_ipa_node *node;
};
KLP_VEC(klp_graph_hits, struct klp_graph_hit);

/* All nodes of that source name ("foo" finds "foo.isra.0"), in the order of the units. */
int klp_graph_find(struct klp_arena *arena, struct klp_graph *graph, const char *function,
		   struct klp_graph_hits *ret, struct klp_error *err);

#endif
