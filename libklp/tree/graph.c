// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree/graph.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/proc.h"
#include "tree/private.h"

#define MAX_JOBS 64

/* The threads take the next dump that nobody has taken: their sizes differ by a thousand. */
struct load {
	const struct klp_tree *tree;
	struct klp_graph *graph;
	size_t next;
	struct klp_arena *arenas[MAX_JOBS]; /* one per thread */
	struct klp_error errs[MAX_JOBS];
};

static int load_one(struct load *load, size_t i, struct klp_arena *arena, struct klp_error *err)
{
	KLP_CLEANUP_MAPPED struct klp_mapped map = {};
	const char *name = load->tree->dumps.v[i];
	struct klp_graph_unit *unit = &load->graph->v[i];

	unit->object = klp_tree__object_of_dump(arena, name);
	if (klp_mapped_open(klp_path_join(arena, load->tree->ipa_dumps, name), &map, err) < 0)
		return err->code;
	return klp_ipa_parse(arena, name, map.data, map.len, &unit->dump, err);
}

static void load_job(void *ctx, size_t job)
{
	struct load *load = ctx;

	for (;;) {
		size_t i = __atomic_fetch_add(&load->next, 1, __ATOMIC_RELAXED);

		if (i >= load->graph->n ||
		    load_one(load, i, load->arenas[job], &load->errs[job]) < 0)
			return;
	}
}

int klp_graph_load(struct klp_arena *arena, struct klp_tree *tree, unsigned int jobs,
		   struct klp_error *err)
{
	struct load load = { .tree = tree, .graph = klp_new(arena, struct klp_graph) };
	size_t njobs = jobs < 1 ? 1 : jobs > MAX_JOBS ? MAX_JOBS : jobs;

	load.graph->n = tree->dumps.n;
	load.graph->v = klp_alloc_array(arena, tree->dumps.n, sizeof(*load.graph->v));
	for (size_t i = 0; i < njobs; i++) {
		load.arenas[i] = klp_arena_new();
		klp_arena_adopt(arena, load.arenas[i]);
	}
	klp_parallel(njobs, jobs, load_job, &load);
	for (size_t i = 0; i < njobs; i++)
		if (load.errs[i].code) {
			*err = load.errs[i];
			return err->code;
		}
	tree->graph = load.graph;
	return 0;
}

const struct klp_graph_unit *klp_graph_unit(const struct klp_graph *graph, const char *object)
{
	for (size_t i = 0; i < graph->n; i++)
		if (!strcmp(graph->v[i].object, object))
			return &graph->v[i];
	return NULL;
}

void klp_graph_find(struct klp_arena *arena, const struct klp_graph *graph, const char *function,
		    struct klp_graph_hits *ret)
{
	size_t len = strlen(function);

	for (size_t i = 0; i < graph->n; i++) {
		const struct klp_ipa_nodes *nodes = &graph->v[i].dump.nodes;

		for (size_t k = 0; k < nodes->n; k++) {
			const char *name = nodes->v[k].name;

			if (!strncmp(name, function, len) && klp_ipa_base_len(name) == len)
				klp_vec_push(arena, ret,
					     (struct klp_graph_hit){ &graph->v[i], &nodes->v[k] });
		}
	}
}
