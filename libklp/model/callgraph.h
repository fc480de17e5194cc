/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the changed code comes to what gets patched, as a graph: its nodes are functions in units,
 * its edges the closure's steps and the patch set's reasons. What is shown of it to a human is
 * made from here, whether as text, for Graphviz, or as a picture.
 */
#ifndef KLP_MODEL_CALLGRAPH_H
#define KLP_MODEL_CALLGRAPH_H

#include <stdbool.h>

#include "base/map.h"
#include "model/report.h"

struct klp_graph_node;

struct klp_graph_edge {
	struct klp_graph_node *node; /* at the other end */
	enum klp_reason_kind kind;
	const char *evidence; /* may be NULL */
};
KLP_VEC(klp_graph_edges, struct klp_graph_edge);

/* A function in a unit. */
struct klp_graph_node {
	const struct klp_unit *unit; /* may be NULL */
	const char *name;
	const struct klp_change *change;    /* it is one of the changed functions */
	const struct klp_patched *patched;  /* it gets patched */
	const struct klp_patched *left_out; /* it would have to be, and isn't */
	const struct klp_finding *refusal;  /* of severity error, on what would get patched */
	bool wanted;			    /* it leads to something that gets patched, or is left
					       out */
	bool done;			    /* for who goes through the graph */
	size_t index;			    /* likewise */
	struct klp_graph_edges down, up;    /* away from the changes, and back */
};

struct klp_callgraph {
	struct klp_arena *arena;
	struct klp_map nodes; /* -> struct klp_graph_node, in the order of discovery */
};

/* Nodes point into the report. */
void klp_callgraph(struct klp_arena *arena, const struct klp_report *report,
		   struct klp_callgraph *ret);
struct klp_graph_node *klp_callgraph_node(const struct klp_callgraph *graph, size_t i);
/* Where to begin reading: it is wanted, and nothing wanted leads to it, or the fix changes it. */
bool klp_graph_is_root(const struct klp_graph_node *node);

#endif
