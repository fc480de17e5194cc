// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The caller graph as a picture. Drawn here rather than by Graphviz: that isn't on every machine
 * that builds livepatches, and what it draws differs by its version. All that colour says is
 * also said by a word, or by the form of a line.
 */
#include <string.h>

#include "base/utf8.h"
#include "html/layout.h"
#include "html/private.h"

#define NODE_HEIGHT 44
#define ROW_GAP	    14
#define COLUMN_GAP  138
#define MARGIN	    6
#define NAME_WIDTH  7.6 /* of a character of a name, as wide as monospaced fonts are */
#define ROLE_WIDTH  5.7
#define MAX_NAME    34 /* longer ones lose their middle; the list has them whole */

struct drawing {
	struct klp_page *page;
	struct klp_layout layout;
	KLP_VEC(, struct klp_graph_node *) nodes; /* those of the layout */
	struct klp_buf out;
};

/* Lines that differ without any colour. */
static const char *dashes(enum klp_reason_kind kind)
{
	static const char *const patterns[] = {
		[KLP_REASON_CHANGED] = "",
		[KLP_REASON_INLINED] = "",
		[KLP_REASON_CLONE] = "9 4",
		[KLP_REASON_PART] = "2 3",
		[KLP_REASON_NOT_TRACEABLE] = "9 3 2 3",
		[KLP_REASON_HIDDEN] = "5 3",
		[KLP_REASON_NAMED] = "",
	};

	return patterns[kind];
}

static void edge_style(struct klp_buf *out, enum klp_reason_kind kind)
{
	klp_buf_add(out, " fill=\"none\" stroke=\"currentColor\"");
	if (dashes(kind)[0])
		klp_buf_addf(out, " stroke-dasharray=\"%s\"", dashes(kind));
}

static void add_plain(struct klp_buf *out, const char *text)
{
	klp_html__escape(out, KLP_HTML_PLAIN, text, strlen(text), KLP_HTML_MAX_TEXT);
}

/* As many characters as are drawn. */
static size_t drawn_length(const char *text)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct klp_buf out;
	size_t n = 0;

	klp_buf_init(&out, arena);
	add_plain(&out, text);
	for (size_t i = 0; i < out.len; n++) {
		uint32_t ignored;
		size_t len = klp_utf8(out.p + i, out.len - i, &ignored);

		i += len ? len : 1;
	}
	return n;
}

static bool is_inside(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Beginning and end tell names apart. */
static char *shortened(struct klp_page *page, const char *name)
{
	size_t n = strlen(name), head = MAX_NAME / 2, tail = n - (MAX_NAME / 2 - 1);

	if (n <= MAX_NAME)
		return klp_strdup(page->arena, name);
	while (head && is_inside(name[head]))
		head--;
	while (tail < n && is_inside(name[tail]))
		tail++;
	return klp_sprintf(page->arena, "%.*s\xe2\x80\xa6%s", (int)head, name, name + tail);
}

static unsigned int width_of(struct drawing *d, const struct klp_graph_node *node)
{
	double name = (double)drawn_length(shortened(d->page, node->name)) * NAME_WIDTH;
	double role = (double)drawn_length(klp_html__role(d->page, node)) * ROLE_WIDTH;

	return (unsigned int)(name > role ? name : role) + 30;
}

static void collect(struct drawing *d)
{
	const struct klp_callgraph *g = &d->page->graph;

	for (size_t i = 0; i < g->nodes.n; i++) {
		struct klp_graph_node *node = klp_callgraph_node(g, i);

		if (!klp_html__is_shown(node))
			continue;
		node->index = d->nodes.n;
		klp_vec_push(g->arena, &d->nodes, node);
		klp_vec_push(g->arena, &d->layout.nodes,
			     ((struct klp_layout_node){ .width = width_of(d, node),
							.root = node->change ||
								klp_graph_is_root(node) }));
	}
	for (size_t i = 0; i < d->nodes.n; i++)
		for (size_t k = 0; k < d->nodes.v[i]->down.n; k++)
			if (klp_html__is_shown(d->nodes.v[i]->down.v[k].node))
				klp_vec_push(g->arena, &d->layout.edges,
					     ((struct klp_layout_edge){ (unsigned int)i,
									(unsigned int)d->nodes.v[i]
										->down.v[k]
										.node->index }));
}

static const char *box_class(const struct klp_graph_node *node)
{
	return node->refusal	? "box refused"
	       : node->left_out ? "box left-out"
	       : node->patched	? "box patched"
				: "box";
}

/* A function with no symbol to redirect is drawn with a broken frame. */
static void box(struct klp_buf *out, const struct klp_layout_node *at, const char *class,
		bool broken, bool changed)
{
	klp_buf_addf(out,
		     "<rect class=\"%s\" x=\"%u\" y=\"%u\" width=\"%u\" height=\"%u\" rx=\"6\" "
		     "fill=\"none\" stroke=\"currentColor\"%s/>\n",
		     class, at->x, at->y, at->width, NODE_HEIGHT,
		     broken ? " stroke-dasharray=\"4 3\"" : "");
	if (changed)
		klp_buf_addf(out,
			     "<rect class=\"bar\" x=\"%u\" y=\"%u\" width=\"4\" height=\"%u\" "
			     "rx=\"2\" fill=\"currentColor\"/>\n",
			     at->x + 6, at->y + 8, NODE_HEIGHT - 16);
}

static void draw_node(struct drawing *d, size_t i)
{
	const struct klp_graph_node *node = d->nodes.v[i];
	const struct klp_layout_node *at = &d->layout.nodes.v[i];
	const char *role = klp_html__role(d->page, node);

	klp_buf_add(&d->out, "<g>\n<title>");
	add_plain(&d->out, node->name);
	klp_buf_add(&d->out, ": ");
	add_plain(&d->out, role);
	if (node->unit) {
		klp_buf_add(&d->out, " (");
		add_plain(&d->out, node->unit->object);
		klp_buf_add(&d->out, ")");
	}
	klp_buf_add(&d->out, "</title>\n");
	box(&d->out, at, box_class(node), !node->patched && !node->left_out, node->change);
	klp_buf_addf(&d->out, "<text x=\"%u\" y=\"%u\">", at->x + 17, at->y + 19);
	add_plain(&d->out, shortened(d->page, node->name));
	klp_buf_addf(&d->out, "</text>\n<text class=\"sub\" x=\"%u\" y=\"%u\" font-size=\"10.5\">",
		     at->x + 17, at->y + 34);
	add_plain(&d->out, role);
	klp_buf_add(&d->out, "</text>\n</g>\n");
}

static void draw_edge(struct drawing *d, const struct klp_graph_node *from,
		      const struct klp_graph_edge *edge)
{
	const struct klp_layout_node *a = &d->layout.nodes.v[from->index];
	const struct klp_layout_node *b = &d->layout.nodes.v[edge->node->index];
	unsigned int x1 = a->x + a->width, y1 = a->y + NODE_HEIGHT / 2, x2 = b->x,
		     y2 = b->y + NODE_HEIGHT / 2, bend = COLUMN_GAP / 2;

	klp_buf_add(&d->out, "<g>\n<title>");
	add_plain(&d->out, edge->node->name);
	klp_buf_add(&d->out, " ");
	add_plain(&d->out, klp_reason_says(edge->kind));
	add_plain(&d->out, from->name);
	if (edge->evidence && edge->evidence[0]) {
		klp_buf_add(&d->out, ": ");
		add_plain(&d->out, edge->evidence);
	}
	klp_buf_add(&d->out, "</title>\n<path class=\"edge\"");
	edge_style(&d->out, edge->kind);
	if (b->column > a->column) {
		klp_buf_addf(&d->out, " d=\"M%u %uC%u %u %u %u %u %u\"/>\n", x1, y1, x1 + bend / 2,
			     y1, x1 + bend / 6, y2, x1 + bend, y2);
		/* the end is straight, so that the word above it has a line to stand on */
		klp_buf_add(&d->out, "<path class=\"edge\"");
		edge_style(&d->out, edge->kind);
		klp_buf_addf(&d->out, " d=\"M%u %uH%u\"/>\n", x1 + bend, y2, x2 - 6);
		klp_buf_addf(&d->out,
			     "<path class=\"head\" fill=\"currentColor\" d=\"M%u %ul-8 -4v8z\"/>\n",
			     x2, y2);
		klp_buf_addf(&d->out,
			     "<text class=\"kind\" x=\"%u\" y=\"%u\" text-anchor=\"end\" "
			     "font-size=\"10.5\">",
			     x2 - 11, y2 - 5);
	} else {
		/* back, or within a column: around the right side */
		x2 = b->x + b->width;
		klp_buf_addf(&d->out, " d=\"M%u %uC%u %u %u %u %u %u\"/>\n", x1, y1 + 8, x1 + 40,
			     y1 + 8, x2 + 40, y2 + 8, x2 + 6, y2 + 8);
		klp_buf_addf(&d->out,
			     "<path class=\"head\" fill=\"currentColor\" d=\"M%u %ul8 -4v8z\"/>\n",
			     x2, y2 + 8);
		klp_buf_addf(&d->out, "<text class=\"kind\" x=\"%u\" y=\"%u\" font-size=\"10.5\">",
			     x2 + 14, y2 + 3);
	}
	add_plain(&d->out, klp_reason_kind_name(edge->kind));
	klp_buf_add(&d->out, "</text>\n</g>\n");
}

static void begin(struct klp_buf *out, unsigned int width, unsigned int height, const char *label)
{
	klp_buf_addf(out,
		     "<svg role=\"img\" aria-label=\"%s\" width=\"%u\" height=\"%u\" "
		     "viewBox=\"-%d -%d %u %u\">\n",
		     label, width + 2 * MARGIN, height + 2 * MARGIN, MARGIN, MARGIN,
		     width + 2 * MARGIN, height + 2 * MARGIN);
}

char *klp_html__draw(struct klp_page *page)
{
	struct drawing d = { .page = page,
			     .layout = { .node_height = NODE_HEIGHT,
					 .row_gap = ROW_GAP,
					 .column_gap = COLUMN_GAP } };
	unsigned int right = 0;

	klp_buf_init(&d.out, page->arena);
	collect(&d);
	klp_html__layout(page->arena, &d.layout);
	/* room for what goes around the last column */
	for (size_t i = 0; i < d.layout.edges.n; i++) {
		const struct klp_layout_node *from = &d.layout.nodes.v[d.layout.edges.v[i].from];

		if (d.layout.nodes.v[d.layout.edges.v[i].to].column <= from->column)
			right = COLUMN_GAP;
	}
	begin(&d.out, d.layout.width + right, d.layout.height,
	      "Caller graph: what the fix changes, at the left, and what gets patched for it. "
	      "The list below says the same.");
	for (size_t i = 0; i < d.nodes.n; i++)
		for (size_t k = 0; k < d.nodes.v[i]->down.n; k++)
			if (klp_html__is_shown(d.nodes.v[i]->down.v[k].node))
				draw_edge(&d, d.nodes.v[i], &d.nodes.v[i]->down.v[k]);
	for (size_t i = 0; i < d.nodes.n; i++)
		draw_node(&d, i);
	klp_buf_add(&d.out, "</svg>\n");
	return d.out.p;
}

char *klp_html__draw_kind(struct klp_page *page, enum klp_reason_kind kind)
{
	struct klp_buf out;

	klp_buf_init(&out, page->arena);
	klp_buf_add(&out,
		    "<svg aria-hidden=\"true\" width=\"46\" height=\"12\" viewBox=\"0 0 46 12\">"
		    "<path class=\"edge\"");
	edge_style(&out, kind);
	klp_buf_add(&out, " d=\"M1 6H39\"/><path class=\"head\" fill=\"currentColor\" d=\"M45 6l-8 "
			  "-4v8z\"/></svg>");
	return out.p;
}

char *klp_html__draw_box(struct klp_page *page, const char *what)
{
	bool changed = !strcmp(what, "changed"), way = !strcmp(what, "way");
	struct klp_buf out;

	klp_buf_init(&out, page->arena);
	klp_buf_addf(&out,
		     "<svg aria-hidden=\"true\" width=\"46\" height=\"22\" viewBox=\"0 0 46 22\">"
		     "<rect class=\"box %s\" x=\"8\" y=\"2\" width=\"36\" height=\"18\" rx=\"4\" "
		     "fill=\"none\" stroke=\"currentColor\"%s/>%s</svg>",
		     changed || way ? "" : what, changed || way ? " stroke-dasharray=\"4 3\"" : "",
		     changed ? "<rect class=\"bar\" x=\"12\" y=\"6\" width=\"4\" height=\"10\" "
			       "rx=\"2\" fill=\"currentColor\"/>"
			     : "");
	return out.p;
}
