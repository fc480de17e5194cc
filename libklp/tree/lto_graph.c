// SPDX-License-Identifier: GPL-2.0-or-later
/* Joins the dumps of units and of their link by name, file and line. */
#include <string.h>

#include "tree/graph.h"
#include "tree/lto_private.h"

struct join {
	struct klp_tree *tree;
	struct klp_arena *arena;
	struct klp_lto_graph *graph;
	struct klp_map nodes; /* "name;line;path" -> index + 1 */
	struct klp_map paths; /* as recorded -> as klp_tree_relative() gives it */
};

/* The same two thousand paths come again and again. */
static const char *path_of(struct join *join, const char *path)
{
	char *known = klp_map_get(&join->paths, path);
	const char *rel, *root;

	if (known)
		return known;
	rel = klp_tree_relative(join->arena, join->tree, path, &root);
	known = klp_strdup(join->arena, rel ? rel : path);
	klp_map_put(&join->paths, path, known);
	return known;
}

static uint32_t node_of(struct join *join, const struct klp_ipa_node *node)
{
	const char *name = klp_ipa_plain_name(join->arena, node->name);
	const char *path = path_of(join, node->path);
	const char *key = klp_sprintf(join->arena, "%s;%u;%s", name, node->line, path);
	void **slot = klp_map_slotn(&join->nodes, key, strlen(key));
	struct klp_ipa_nodes *nodes = &join->graph->dump.nodes;

	if (!*slot) {
		klp_vec_push(join->arena, nodes,
			     (struct klp_ipa_node){ .name = name,
						    .path = path,
						    .line = node->line,
						    .column = node->column });
		*slot = (void *)(uintptr_t)nodes->n;
	}
	return (uint32_t)(uintptr_t)*slot - 1;
}

/* Which node a symbol is, as long as no other has its name. */
static void take_symbol(struct join *join, const char *symbol, uint32_t node)
{
	void **slot = klp_map_slotn(&join->graph->symbols, symbol, strlen(symbol));
	void *value = (void *)(uintptr_t)(node + 1);

	if (*slot && *slot != value)
		klp_map_put(&join->graph->several, symbol, join);
	*slot = value;
}

/*
 * Names that stand for one function of the link and no other: those that it made up. A plain name
 * doesn't, even in the last stage: the line may be about a body that was inlined and isn't emitted,
 * while a symbol of that name is another unit's.
 */
static void take_symbols(struct join *join, const struct klp_ipa_dump *dump, const uint32_t *nodes,
			 bool decides)
{
	for (size_t i = 0; i < dump->nodes.n; i++)
		if (strstr(dump->nodes.v[i].name, ".lto_priv."))
			take_symbol(join, dump->nodes.v[i].name, nodes[i]);
	for (size_t i = 0; decides && i < dump->edges.n; i++) {
		const struct klp_ipa_edge *edge = &dump->edges.v[i];

		if (edge->kind == KLP_IPA_CLONE && strcmp(edge->how, "(null)") != 0)
			take_symbol(join, dump->nodes.v[edge->to].name, nodes[edge->to]);
	}
}

enum stage { COMPILED, DECIDED, DONE };

static void take_dump(struct join *join, const struct klp_ipa_dump *dump, enum stage stage)
{
	struct klp_lto_graph *graph = join->graph;
	uint32_t *nodes = klp_alloc_array(join->arena, dump->nodes.n, sizeof(*nodes));

	klp_vec_push(join->arena, &graph->parts,
		     (struct klp_lto_part){ dump->name, graph->dump.edges.n });
	for (size_t i = 0; i < dump->nodes.n; i++)
		nodes[i] = node_of(join, &dump->nodes.v[i]);
	if (stage != COMPILED)
		take_symbols(join, dump, nodes, stage == DECIDED);
	for (size_t i = 0; i < dump->edges.n; i++) {
		struct klp_ipa_edge edge = dump->edges.v[i];

		edge.from = nodes[edge.from];
		edge.to = nodes[edge.to];
		/* A copy to be inlined, or one part's of what another part emits. */
		if (edge.from != edge.to)
			klp_vec_push(join->arena, &graph->dump.edges, edge);
	}
}

void klp_tree__lto_join(struct klp_tree *tree, struct klp_lto *lto)
{
	struct join join = { tree, tree->arena, &lto->graph, {}, {} };
	const struct klp_graph *graph = tree->graph;
	struct klp_map links, objects;

	klp_map_init(&join.nodes, tree->arena);
	klp_map_init(&join.paths, tree->arena);
	klp_map_init(&lto->graph.symbols, tree->arena);
	klp_map_init(&lto->graph.several, tree->arena);
	klp_map_init(&links, tree->arena);
	klp_map_init(&objects, tree->arena);
	lto->graph.dump.name = lto->output;
	for (size_t i = 0; i < lto->objects.n; i++)
		klp_map_put(&objects, lto->objects.v[i].object, lto);
	for (size_t i = 0; i < graph->n; i++) {
		klp_map_put(&links, tree->dumps.v[i], &graph->v[i]);
		if (klp_map_get(&objects, graph->v[i].object))
			take_dump(&join, &graph->v[i].dump, COMPILED);
	}
	lto->graph.link = lto->graph.dump.edges.n;
	for (size_t i = 0; i < lto->dumps.n; i++) {
		const struct klp_graph_unit *unit = klp_map_get(&links, lto->dumps.v[i]);

		take_dump(&join, &unit->dump, i ? DONE : DECIDED);
	}
}

const char *klp_lto_dump_of(const struct klp_lto_graph *graph, const struct klp_ipa_edge *edge)
{
	size_t at = (size_t)(edge - graph->dump.edges.v), i = graph->parts.n;

	while (i > 1 && graph->parts.v[i - 1].first > at)
		i--;
	return graph->parts.v[i - 1].dump;
}
