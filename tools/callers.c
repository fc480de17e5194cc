// SPDX-License-Identifier: GPL-2.0-or-later
#include "callers.h"

#include <string.h>

#include "common.h"
#include "model/callgraph.h"

struct picture {
	struct klp_arena *arena;
	const struct klp_report *report;
	struct klp_callgraph graph;
	FILE *out;
	bool colour;
};

/* ---- text ---- */

static void indent(const struct picture *p, size_t depth)
{
	fprintf(p->out, "%*s", (int)(2 * (depth < 40 ? depth : 40)), "");
}

static void place(const struct picture *p, const char *file, unsigned int line)
{
	if (!file)
		return;
	fputs("  ", p->out);
	tool_puts(p->out, file);
	if (line)
		fprintf(p->out, ":%u", line);
}

static void print_fate(const struct picture *p, const struct klp_graph_node *node)
{
	if (node->refusal) {
		fprintf(p->out, "  can't be patched, see %s", node->refusal->code);
		return;
	}
	fputs("  to patch in ", p->out);
	tool_puts(p->out, node->patched->object);
}

static void print_node(const struct picture *p, const struct klp_graph_node *node, size_t depth)
{
	const struct klp_patched *patched = node->patched;

	indent(p, depth);
	if (patched)
		fputs(tool_style(TOOL_BOLD, p->colour), p->out);
	tool_puts(p->out, node->name);
	if (patched && patched->sympos)
		fprintf(p->out, ",%u", patched->sympos);
	fputs(tool_style(TOOL_PLAIN, p->colour), p->out);
	if (node->change)
		place(p, node->change->file, node->change->line);
	else if (patched)
		place(p, patched->file, patched->line);
	if (patched)
		print_fate(p, node);
	if (!depth && node->unit) {
		fputs("  (", p->out);
		tool_puts(p->out, node->unit->object);
		fputc(')', p->out);
	}
	fputc('\n', p->out);
}

static void print_why(const struct picture *p, const struct klp_graph_edge *edge, size_t depth)
{
	indent(p, depth);
	fprintf(p->out, "  %s%s: ", tool_style(TOOL_DIM, p->colour),
		klp_reason_kind_name(edge->kind));
	tool_puts(p->out, edge->evidence ? edge->evidence : "");
	fprintf(p->out, "%s\n", tool_style(TOOL_PLAIN, p->colour));
}

/* A stack of our own: a chain in a dump may be as long as the dump. */
static void print_tree(struct picture *p, struct klp_graph_node *root)
{
	struct entry {
		struct klp_graph_edge edge;
		size_t depth;
	};
	KLP_VEC(, struct entry) todo = {};

	klp_vec_push(p->arena, &todo, (struct entry){ { .node = root }, 0 });
	while (todo.n) {
		struct entry e = todo.v[--todo.n];
		struct klp_graph_node *node = e.edge.node;
		bool again = node->done;

		print_node(p, node, e.depth);
		if (e.depth)
			print_why(p, &e.edge, e.depth);
		node->done = true;
		for (size_t i = node->down.n; !again && i > 0; i--)
			if (node->down.v[i - 1].node->wanted)
				klp_vec_push(p->arena, &todo,
					     (struct entry){ node->down.v[i - 1], e.depth + 1 });
	}
}

static bool is_refused(const struct picture *p, const struct klp_patched *patched)
{
	for (size_t i = 0; i < p->graph.nodes.n; i++) {
		const struct klp_graph_node *node = klp_callgraph_node(&p->graph, i);

		if (node->patched == patched)
			return node->refusal;
	}
	return false;
}

static void print_summary(const struct picture *p)
{
	const struct klp_patched_vec *patch = &p->report->closure.patch;
	const char *object = NULL;
	size_t n = 0;

	for (size_t i = 0; i < patch->n; i++)
		n += !is_refused(p, &patch->v[i]);
	if (!n)
		return;
	fprintf(p->out, "\n%sto patch: %zu symbol%s%s\n", tool_style(TOOL_BOLD, p->colour), n,
		n == 1 ? "" : "s", tool_style(TOOL_PLAIN, p->colour));
	/* sorted by object */
	for (size_t i = 0; i < patch->n; i++) {
		const struct klp_patched *patched = &patch->v[i];

		if (is_refused(p, patched))
			continue;
		if (!object || strcmp(object, patched->object)) {
			object = patched->object;
			fputs("  ", p->out);
			tool_puts(p->out, object);
			fputc('\n', p->out);
		}
		fputs("    ", p->out);
		tool_puts(p->out, patched->symbol);
		if (patched->sympos)
			fprintf(p->out, ",%u", patched->sympos);
		fputc('\n', p->out);
	}
}

static void print_findings(const struct picture *p)
{
	const struct klp_findings *list = &p->report->findings;

	if (list->n)
		fprintf(p->out, "%s%sfindings%s\n", p->graph.nodes.n ? "\n" : "",
			tool_style(TOOL_BOLD, p->colour), tool_style(TOOL_PLAIN, p->colour));
	for (int severity = KLP_ERROR; severity >= (int)KLP_NOTE; severity--)
		for (size_t i = 0; i < list->n; i++)
			if ((int)list->v[i].severity == severity)
				tool_finding(p->out, &list->v[i], p->colour);
}

void callers_print(FILE *out, const struct klp_report *report, bool colour)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct picture p = { arena, report, {}, out, colour };

	klp_callgraph(arena, report, &p.graph);
	for (size_t i = 0; i < p.graph.nodes.n; i++) {
		struct klp_graph_node *node = klp_callgraph_node(&p.graph, i);

		if (klp_graph_is_root(node) && !node->done)
			print_tree(&p, node);
	}
	print_summary(&p);
	print_findings(&p);
}

/* ---- Graphviz ---- */

static void quote(FILE *out, const char *text)
{
	for (const unsigned char *s = (const unsigned char *)text; *s; s++) {
		if (*s == '"' || *s == '\\')
			putc('\\', out);
		putc(*s < 0x20 || *s == 0x7f ? '?' : *s, out);
	}
}

static void dot_name(const struct picture *p, const struct klp_graph_node *node)
{
	fputc('"', p->out);
	quote(p->out, node->unit ? node->unit->object : "");
	fputc(':', p->out);
	quote(p->out, node->name);
	fputc('"', p->out);
}

static void dot_node(const struct picture *p, const struct klp_graph_node *node)
{
	fputs("\t", p->out);
	dot_name(p, node);
	fputs(" [label=\"", p->out);
	quote(p->out, node->name);
	fputs("\\n", p->out);
	quote(p->out, node->unit ? node->unit->object : "");
	fprintf(p->out, "\"%s%s];\n", node->change ? ", shape=doubleoctagon" : "",
		node->patched ? ", style=filled, fillcolor=lightsalmon" : "");
}

static void dot_edges(const struct picture *p, const struct klp_graph_node *node)
{
	for (size_t i = 0; i < node->down.n; i++) {
		const struct klp_graph_edge *edge = &node->down.v[i];

		if (!edge->node->wanted)
			continue;
		fputs("\t", p->out);
		dot_name(p, node);
		fputs(" -> ", p->out);
		dot_name(p, edge->node);
		fprintf(p->out, " [label=\"%s\", tooltip=\"", klp_reason_kind_name(edge->kind));
		quote(p->out, edge->evidence ? edge->evidence : "");
		fputs("\"];\n", p->out);
	}
}

void callers_dot(FILE *out, const struct klp_report *report)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct picture p = { arena, report, {}, out, false };

	klp_callgraph(arena, report, &p.graph);
	fputs("digraph callers {\n\trankdir=LR;\n\tnode [shape=box, fontname=monospace];\n", out);
	for (size_t i = 0; i < p.graph.nodes.n; i++) {
		const struct klp_graph_node *node = klp_callgraph_node(&p.graph, i);

		if (node->wanted)
			dot_node(&p, node);
	}
	for (size_t i = 0; i < p.graph.nodes.n; i++) {
		const struct klp_graph_node *node = klp_callgraph_node(&p.graph, i);

		if (node->wanted)
			dot_edges(&p, node);
	}
	fputs("}\n", out);
}
