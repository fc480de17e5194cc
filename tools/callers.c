// SPDX-License-Identifier: GPL-2.0-or-later
#include "callers.h"

#include <string.h>

#include "base/buf.h"
#include "base/map.h"
#include "common.h"

/* A function in a unit. */
struct node {
	const struct klp_unit *unit;
	const char *name;
	const struct klp_change *change;   /* it is one of the changed functions */
	const struct klp_patched *patched; /* it gets patched */
	bool wanted;			   /* it leads to something that gets patched */
	bool printed;
	struct edges {
		struct edge {
			struct node *node;
			enum klp_reason_kind kind;
			const char *evidence;
		} * v;
		size_t n, cap;
	} down, up;
};

struct picture {
	struct klp_arena *arena;
	const struct klp_report *report;
	struct klp_map nodes; /* "unit name" -> struct node, in the order of discovery */
	FILE *out;
	bool colour;
};

static struct node *node_of(struct picture *p, const struct klp_unit *unit, const char *name)
{
	char *key = klp_sprintf(p->arena, "%s %s", unit ? unit->object : "", name);
	struct node *node = klp_map_get(&p->nodes, key);

	if (!node) {
		node = klp_new(p->arena, struct node);
		node->unit = unit;
		node->name = name;
		klp_map_put(&p->nodes, key, node);
	}
	return node;
}

static void connect(struct picture *p, struct node *from, struct node *to,
		    enum klp_reason_kind kind, const char *evidence)
{
	if (from == to)
		return;
	for (size_t i = 0; i < to->up.n; i++)
		if (to->up.v[i].node == from)
			return;
	klp_vec_push(p->arena, &from->down, (struct edge){ to, kind, evidence });
	klp_vec_push(p->arena, &to->up, (struct edge){ from, kind, evidence });
}

/* Everything that leads to a patched symbol, from there upwards. */
static void mark_wanted(struct picture *p)
{
	KLP_VEC(, struct node *) todo = {};

	for (size_t i = 0; i < p->nodes.n; i++) {
		struct node *node = p->nodes.entries[i].value;

		if (node->patched)
			klp_vec_push(p->arena, &todo, node);
	}
	while (todo.n) {
		struct node *node = todo.v[--todo.n];

		if (node->wanted)
			continue;
		node->wanted = true;
		for (size_t i = 0; i < node->up.n; i++)
			klp_vec_push(p->arena, &todo, node->up.v[i].node);
	}
}

static void draw(struct picture *p)
{
	const struct klp_closure *closure = &p->report->closure;

	klp_map_init(&p->nodes, p->arena);
	for (size_t i = 0; i < p->report->changed.n; i++) {
		const struct klp_change *c = &p->report->changed.v[i];

		node_of(p, c->unit, c->function)->change = c;
	}
	for (size_t i = 0; i < closure->steps.n; i++) {
		const struct klp_step *s = &closure->steps.v[i];

		connect(p, node_of(p, s->unit, s->from),
			node_of(p, s->to_unit ? s->to_unit : s->unit, s->to), s->kind, s->evidence);
	}
	for (size_t i = 0; i < closure->patch.n; i++) {
		const struct klp_patched *patched = &closure->patch.v[i];
		struct node *node = node_of(p, patched->unit, patched->symbol);

		node->patched = patched;
		for (size_t k = 0; k < patched->reasons.n; k++) {
			const struct klp_reason *r = &patched->reasons.v[k];

			if (r->kind != KLP_REASON_CHANGED && r->kind != KLP_REASON_NAMED && r->of)
				connect(p,
					node_of(p, r->of_unit ? r->of_unit : patched->unit, r->of),
					node, r->kind, r->evidence);
		}
	}
	mark_wanted(p);
}

static bool is_root(const struct node *node)
{
	if (node->change || !node->wanted)
		return node->wanted;
	for (size_t i = 0; i < node->up.n; i++)
		if (node->up.v[i].node->wanted)
			return false;
	return true;
}

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

/* The finding that keeps a symbol of the patch set from being patched, or NULL. */
static const struct klp_finding *refusal(const struct picture *p, const struct klp_patched *patched)
{
	const struct klp_findings *list = &p->report->findings;

	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].severity == KLP_ERROR && list->v[i].symbol && list->v[i].file &&
		    !strcmp(list->v[i].symbol, patched->symbol) &&
		    !strcmp(list->v[i].file, patched->file))
			return &list->v[i];
	return NULL;
}

static void print_fate(const struct picture *p, const struct klp_patched *patched)
{
	const struct klp_finding *no = refusal(p, patched);

	if (no) {
		fprintf(p->out, "  can't be patched, see %s", no->code);
		return;
	}
	fputs("  to patch in ", p->out);
	tool_puts(p->out, patched->object);
}

static void print_node(const struct picture *p, const struct node *node, size_t depth)
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
		print_fate(p, patched);
	if (!depth && node->unit) {
		fputs("  (", p->out);
		tool_puts(p->out, node->unit->object);
		fputc(')', p->out);
	}
	fputc('\n', p->out);
}

static void print_why(const struct picture *p, const struct edge *edge, size_t depth)
{
	indent(p, depth);
	fprintf(p->out, "  %s%s: ", tool_style(TOOL_DIM, p->colour),
		klp_reason_kind_name(edge->kind));
	tool_puts(p->out, edge->evidence ? edge->evidence : "");
	fprintf(p->out, "%s\n", tool_style(TOOL_PLAIN, p->colour));
}

/* A stack of our own: a chain in a dump may be as long as the dump. */
static void print_tree(struct picture *p, struct node *root)
{
	struct entry {
		struct edge edge;
		size_t depth;
	};
	KLP_VEC(, struct entry) todo = {};

	klp_vec_push(p->arena, &todo, (struct entry){ { .node = root }, 0 });
	while (todo.n) {
		struct entry e = todo.v[--todo.n];
		struct node *node = e.edge.node;
		bool again = node->printed;

		print_node(p, node, e.depth);
		if (e.depth)
			print_why(p, &e.edge, e.depth);
		node->printed = true;
		for (size_t i = node->down.n; !again && i > 0; i--)
			if (node->down.v[i - 1].node->wanted)
				klp_vec_push(p->arena, &todo,
					     (struct entry){ node->down.v[i - 1], e.depth + 1 });
	}
}

static void print_summary(const struct picture *p)
{
	const struct klp_patched_vec *patch = &p->report->closure.patch;
	const char *object = NULL;
	size_t n = 0;

	for (size_t i = 0; i < patch->n; i++)
		n += !refusal(p, &patch->v[i]);
	if (!n)
		return;
	fprintf(p->out, "\n%sto patch: %zu symbol%s%s\n", tool_style(TOOL_BOLD, p->colour), n,
		n == 1 ? "" : "s", tool_style(TOOL_PLAIN, p->colour));
	/* sorted by object */
	for (size_t i = 0; i < patch->n; i++) {
		const struct klp_patched *patched = &patch->v[i];

		if (refusal(p, patched))
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
		fprintf(p->out, "%s%sfindings%s\n", p->nodes.n ? "\n" : "",
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

	draw(&p);
	for (size_t i = 0; i < p.nodes.n; i++) {
		struct node *node = p.nodes.entries[i].value;

		if (is_root(node) && !node->printed)
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

static void dot_name(const struct picture *p, const struct node *node)
{
	fputc('"', p->out);
	quote(p->out, node->unit ? node->unit->object : "");
	fputc(':', p->out);
	quote(p->out, node->name);
	fputc('"', p->out);
}

static void dot_node(const struct picture *p, const struct node *node)
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

static void dot_edges(const struct picture *p, const struct node *node)
{
	for (size_t i = 0; i < node->down.n; i++) {
		const struct edge *edge = &node->down.v[i];

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

	draw(&p);
	fputs("digraph callers {\n\trankdir=LR;\n\tnode [shape=box, fontname=monospace];\n", out);
	for (size_t i = 0; i < p.nodes.n; i++) {
		const struct node *node = p.nodes.entries[i].value;

		if (node->wanted)
			dot_node(&p, node);
	}
	for (size_t i = 0; i < p.nodes.n; i++) {
		const struct node *node = p.nodes.entries[i].value;

		if (node->wanted)
			dot_edges(&p, node);
	}
	fputs("}\n", out);
}
