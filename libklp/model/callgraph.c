// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/callgraph.h"

#include <string.h>

struct klp_graph_node *klp_callgraph_node(const struct klp_callgraph *graph, size_t i)
{
	return graph->nodes.entries[i].value;
}

static struct klp_graph_node *node_of(struct klp_callgraph *g, const struct klp_unit *unit,
				      const char *name)
{
	char *key = klp_sprintf(g->arena, "%s %s", unit ? unit->object : "", name);
	struct klp_graph_node *node = klp_map_get(&g->nodes, key);

	if (!node) {
		node = klp_new(g->arena, struct klp_graph_node);
		node->unit = unit;
		node->name = name;
		klp_map_put(&g->nodes, key, node);
	}
	return node;
}

static void connect(struct klp_callgraph *g, struct klp_graph_node *from, struct klp_graph_node *to,
		    enum klp_reason_kind kind, const char *evidence)
{
	if (from == to)
		return;
	for (size_t i = 0; i < to->up.n; i++)
		if (to->up.v[i].node == from)
			return;
	klp_vec_push(g->arena, &from->down, (struct klp_graph_edge){ to, kind, evidence });
	klp_vec_push(g->arena, &to->up, (struct klp_graph_edge){ from, kind, evidence });
}

/* Everything that leads to a symbol of the patch set, from there upwards. */
static void mark_wanted(struct klp_callgraph *g)
{
	KLP_VEC(, struct klp_graph_node *) todo = {};

	for (size_t i = 0; i < g->nodes.n; i++) {
		struct klp_graph_node *node = klp_callgraph_node(g, i);

		if (node->patched || node->left_out)
			klp_vec_push(g->arena, &todo, node);
	}
	while (todo.n) {
		struct klp_graph_node *node = todo.v[--todo.n];

		if (node->wanted)
			continue;
		node->wanted = true;
		for (size_t i = 0; i < node->up.n; i++)
			klp_vec_push(g->arena, &todo, node->up.v[i].node);
	}
}

/* The finding that keeps a symbol of the patch set from being patched, or NULL. */
static const struct klp_finding *refusal(const struct klp_findings *list,
					 const struct klp_patched *patched)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].severity == KLP_ERROR && list->v[i].symbol && list->v[i].file &&
		    !strcmp(list->v[i].symbol, patched->symbol) &&
		    !strcmp(list->v[i].file, patched->file))
			return &list->v[i];
	return NULL;
}

static struct klp_graph_node *add_patched(struct klp_callgraph *g,
					  const struct klp_patched *patched)
{
	struct klp_graph_node *node = node_of(g, patched->unit, patched->symbol);

	for (size_t k = 0; k < patched->reasons.n; k++) {
		const struct klp_reason *r = &patched->reasons.v[k];

		if (klp_reason_is_of_another(r->kind) && r->of)
			connect(g, node_of(g, r->of_unit ? r->of_unit : patched->unit, r->of), node,
				r->kind, r->evidence);
	}
	return node;
}

void klp_callgraph(struct klp_arena *arena, const struct klp_report *report,
		   struct klp_callgraph *ret)
{
	const struct klp_closure *closure = &report->closure;

	*ret = (struct klp_callgraph){ .arena = arena };
	klp_map_init(&ret->nodes, arena);
	for (size_t i = 0; i < report->changed.n; i++) {
		const struct klp_change *c = &report->changed.v[i];

		node_of(ret, c->unit, c->function)->change = c;
	}
	for (size_t i = 0; i < closure->steps.n; i++) {
		const struct klp_step *s = &closure->steps.v[i];

		connect(ret, node_of(ret, s->unit, s->from),
			node_of(ret, s->to_unit ? s->to_unit : s->unit, s->to), s->kind,
			s->evidence);
	}
	for (size_t i = 0; i < closure->patch.n; i++) {
		struct klp_graph_node *node = add_patched(ret, &closure->patch.v[i]);

		node->patched = &closure->patch.v[i];
		node->refusal = refusal(&report->findings, node->patched);
	}
	for (size_t i = 0; i < closure->left_out.n; i++)
		add_patched(ret, &closure->left_out.v[i])->left_out = &closure->left_out.v[i];
	mark_wanted(ret);
}

bool klp_graph_is_root(const struct klp_graph_node *node)
{
	if (node->change || !node->wanted)
		return node->wanted;
	for (size_t i = 0; i < node->up.n; i++)
		if (node->up.v[i].node->wanted)
			return false;
	return true;
}
