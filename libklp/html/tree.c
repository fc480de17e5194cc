// SPDX-License-Identifier: GPL-2.0-or-later
/* The caller graph as nested lists: what the picture says, in words, with the evidence. */
#include "html/private.h"

/* A chain may be as long as a dump. */
#define MAX_DEPTH 24

struct tree {
	struct klp_page *page;
	struct klp_buf out;
	size_t shown, cut;
};

static void place(struct tree *t, const struct klp_graph_node *node)
{
	const char *file = node->change	   ? node->change->file
			   : node->patched ? node->patched->file
					   : NULL;
	unsigned int line = node->change    ? node->change->line
			    : node->patched ? node->patched->line
					    : 0;

	if (!file)
		return;
	klp_buf_add(&t->out, " ");
	klp_html__add_code(&t->out, klp_html__place(t->page, file, line));
}

static void why(struct tree *t, const struct klp_graph_edge *edge, const struct klp_graph_node *of)
{
	klp_buf_add(&t->out, "<br/><span class=\"why\">");
	klp_html__add(&t->out, klp_reason_says(edge->kind));
	klp_html__add_code(&t->out, of->name);
	if (edge->evidence && edge->evidence[0]) {
		klp_buf_add(&t->out, "</span><span class=\"evidence\">");
		klp_html__add_code(&t->out, edge->evidence);
	}
	klp_buf_add(&t->out, "</span>");
}

static void item(struct tree *t, struct klp_graph_node *node, const struct klp_graph_edge *edge,
		 const struct klp_graph_node *of, size_t depth);

static void items(struct tree *t, struct klp_graph_node *node, size_t depth)
{
	bool open = false;

	for (size_t i = 0; i < node->down.n; i++) {
		const struct klp_graph_edge *edge = &node->down.v[i];

		if (!klp_html__is_shown(edge->node))
			continue;
		if (depth >= MAX_DEPTH || t->shown >= KLP_HTML_MAX_ROWS) {
			t->cut++;
			continue;
		}
		if (!open)
			klp_buf_add(&t->out, "\n<ul>\n");
		open = true;
		item(t, edge->node, edge, node, depth + 1);
	}
	if (open)
		klp_buf_add(&t->out, "</ul>\n");
}

static void item(struct tree *t, struct klp_graph_node *node, const struct klp_graph_edge *edge,
		 const struct klp_graph_node *of, size_t depth)
{
	bool again = node->done;

	t->shown++;
	node->done = true;
	klp_buf_add(&t->out, "<li><strong>");
	klp_html__add_code(&t->out, node->name);
	klp_buf_add(&t->out, "</strong> <span class=\"tag\">");
	klp_html__add(&t->out, klp_html__role(t->page, node));
	klp_buf_add(&t->out, "</span>");
	place(t, node);
	if (!edge && node->unit) {
		klp_buf_add(&t->out, " <span class=\"why\">of</span> ");
		klp_html__add_code(&t->out, node->unit->object);
	}
	if (edge)
		why(t, edge, of);
	if (again && node->down.n)
		klp_buf_add(&t->out, " <span class=\"why\">(see above)</span>");
	else
		items(t, node, depth);
	klp_buf_add(&t->out, "</li>\n");
}

static bool is_top(const struct klp_graph_node *node)
{
	return klp_html__is_shown(node) && (node->change || klp_graph_is_root(node));
}

char *klp_html__tree(struct klp_page *page)
{
	struct tree t = { .page = page };

	klp_buf_init(&t.out, page->arena);
	for (size_t i = 0; i < page->graph.nodes.n; i++)
		klp_callgraph_node(&page->graph, i)->done = false;
	klp_buf_add(&t.out, "<ul class=\"tree\">\n");
	for (size_t i = 0; i < page->graph.nodes.n; i++) {
		struct klp_graph_node *node = klp_callgraph_node(&page->graph, i);

		if (!is_top(node) || node->done)
			continue;
		if (t.shown >= KLP_HTML_MAX_ROWS)
			t.cut++;
		else
			item(&t, node, NULL, NULL, 0);
	}
	klp_buf_add(&t.out, "</ul>\n");
	if (t.cut)
		klp_buf_addf(&t.out,
			     "<p class=\"more\">And %zu more ways: this page shows %d entries, %d "
			     "deep; report.json has all.</p>\n",
			     t.cut, KLP_HTML_MAX_ROWS, MAX_DEPTH);
	return t.out.p;
}
