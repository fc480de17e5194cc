/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside html/: where the nodes of the picture go. A node's column is its distance from the
 * roots; each is at the height of the middle of those that were first reached from it, so that
 * the edges of that tree don't cross. The same graph gives the same picture, everywhere.
 */
#ifndef KLP_HTML_LAYOUT_H
#define KLP_HTML_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"

#define KLP_LAYOUT_NONE UINT32_MAX

struct klp_layout_node {
	unsigned int width; /* in; the rest comes out */
	bool root;	    /* in */
	unsigned int column;
	unsigned int x, y; /* of its left upper corner */
};
KLP_VEC(klp_layout_nodes, struct klp_layout_node);

struct klp_layout_edge {
	unsigned int from, to; /* indices of nodes */
};
KLP_VEC(klp_layout_edges, struct klp_layout_edge);

struct klp_layout {
	struct klp_layout_nodes nodes;
	struct klp_layout_edges edges;
	unsigned int node_height, row_gap, column_gap; /* in */
	unsigned int width, height;		       /* out: of all of it */
};

/* What no root leads to is taken for a root. */
void klp_html__layout(struct klp_arena *arena, struct klp_layout *layout);

#endif
