// SPDX-License-Identifier: GPL-2.0-or-later
#include "html/layout.h"

struct laying {
	struct klp_layout *l;
	unsigned int *parent; /* in the tree of first visits; KLP_LAYOUT_NONE for roots */
	unsigned int *order;  /* in which they were visited */
	bool *seen;
	unsigned int norder, row;
};

static void visit(struct laying *w, unsigned int node, unsigned int parent)
{
	w->seen[node] = true;
	w->parent[node] = parent;
	w->l->nodes.v[node].column =
		parent == KLP_LAYOUT_NONE ? 0 : w->l->nodes.v[parent].column + 1;
	w->order[w->norder++] = node;
}

/* Breadth first, from whatever was visited and not followed yet. */
static void follow(struct laying *w, unsigned int at)
{
	for (; at < w->norder; at++)
		for (size_t i = 0; i < w->l->edges.n; i++) {
			const struct klp_layout_edge *e = &w->l->edges.v[i];

			if (e->from == w->order[at] && !w->seen[e->to])
				visit(w, e->to, e->from);
		}
}

static void columns(struct laying *w)
{
	for (unsigned int i = 0; i < w->l->nodes.n; i++)
		if (w->l->nodes.v[i].root)
			visit(w, i, KLP_LAYOUT_NONE);
	follow(w, 0);
	for (unsigned int i = 0; i < w->l->nodes.n; i++) {
		unsigned int at = w->norder;

		if (w->seen[i])
			continue;
		visit(w, i, KLP_LAYOUT_NONE);
		follow(w, at);
	}
}

/* The height of a node's subtree is found before its own. Depth: the caller bounds the nodes. */
static void place(struct laying *w, unsigned int node)
{
	struct klp_layout_node *n = &w->l->nodes.v[node];
	unsigned int first = KLP_LAYOUT_NONE, last = 0;

	for (unsigned int i = 0; i < w->norder; i++) {
		unsigned int child = w->order[i];

		if (w->parent[child] != node)
			continue;
		place(w, child);
		last = w->l->nodes.v[child].y;
		first = first == KLP_LAYOUT_NONE ? last : first;
	}
	n->y = first == KLP_LAYOUT_NONE ? w->row++ * (w->l->node_height + w->l->row_gap)
					: (first + last) / 2;
}

static void across(struct klp_layout *l)
{
	unsigned int x = 0;
	bool any = true;

	for (unsigned int column = 0; any; column++) {
		unsigned int width = 0;

		any = false;
		for (size_t i = 0; i < l->nodes.n; i++) {
			struct klp_layout_node *n = &l->nodes.v[i];

			if (n->column != column)
				continue;
			any = true;
			n->x = x;
			width = n->width > width ? n->width : width;
		}
		/* one width a column, so that its edges begin on one line */
		for (size_t i = 0; i < l->nodes.n; i++)
			if (l->nodes.v[i].column == column)
				l->nodes.v[i].width = width;
		if (any) {
			l->width = x + width;
			x += width + l->column_gap;
		}
	}
}

void klp_html__layout(struct klp_arena *arena, struct klp_layout *l)
{
	struct laying w = { .l = l };

	w.parent = klp_alloc_array(arena, l->nodes.n + 1, sizeof(*w.parent));
	w.order = klp_alloc_array(arena, l->nodes.n + 1, sizeof(*w.order));
	w.seen = klp_alloc_array(arena, l->nodes.n + 1, sizeof(*w.seen));
	columns(&w);
	for (unsigned int i = 0; i < w.norder; i++)
		if (w.parent[w.order[i]] == KLP_LAYOUT_NONE)
			place(&w, w.order[i]);
	across(l);
	l->height = w.row ? w.row * (l->node_height + l->row_gap) - l->row_gap : 0;
}
