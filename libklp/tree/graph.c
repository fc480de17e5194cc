// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree/graph.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/proc.h"
#include "tree/index.h"
#include "tree/private.h"

#define MAX_JOBS 64

/* The threads take the next dump that nobody has taken: their sizes differ by a thousand. */
struct load {
	struct klp_graph *graph;
	size_t next;
	struct klp_arena *arenas[MAX_JOBS]; /* one per thread */
	struct klp_error errs[MAX_JOBS];
};

static int read_unit(struct klp_graph *graph, size_t i, struct klp_arena *arena,
		     struct klp_filebuf *reader, struct klp_error *err)
{
	const char *name = graph->tree->dumps.v[i];
	struct klp_graph_unit *unit = &graph->v[i];
	const char *path;

	if (unit->read)
		return 0;
	path = klp_path_join(arena, graph->tree->ipa_dumps, name);
	if (klp_filebuf_load(reader, path, KLP_MAX_TEXT, err) < 0 ||
	    klp_ipa_parse(arena, name, reader->data, reader->len, &unit->dump, err) < 0)
		return err->code;
	unit->size = (int64_t)reader->len;
	unit->mtime = reader->mtime;
	unit->read = true;
	return 0;
}

static void load_job(void *ctx, size_t job)
{
	KLP_CLEANUP_FILEBUF struct klp_filebuf reader = {};
	struct load *load = ctx;

	for (;;) {
		size_t i = __atomic_fetch_add(&load->next, 1, __ATOMIC_RELAXED);

		if (i >= load->graph->n ||
		    read_unit(load->graph, i, load->arenas[job], &reader, &load->errs[job]) < 0)
			return;
	}
}

static struct klp_graph *new_graph(struct klp_arena *arena, const struct klp_tree *tree)
{
	struct klp_graph *graph = klp_new(arena, struct klp_graph);

	graph->arena = arena;
	graph->tree = tree;
	graph->n = tree->dumps.n;
	graph->v = klp_alloc_array(arena, tree->dumps.n, sizeof(*graph->v));
	for (size_t i = 0; i < tree->dumps.n; i++)
		graph->v[i].object = klp_tree__object_of_dump(arena, tree->dumps.v[i]);
	return graph;
}

void klp_graph_open(struct klp_arena *arena, struct klp_tree *tree)
{
	tree->graph = new_graph(arena, tree);
}

int klp_graph_load(struct klp_arena *arena, struct klp_tree *tree, unsigned int jobs,
		   struct klp_error *err)
{
	struct load load = {};
	size_t njobs = jobs < 1 ? 1 : jobs > MAX_JOBS ? MAX_JOBS : jobs;

	load.graph = tree->graph ? tree->graph : new_graph(arena, tree);
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

int klp_graph_unit(struct klp_graph *graph, const char *object, const struct klp_graph_unit **ret,
		   struct klp_error *err)
{
	KLP_CLEANUP_FILEBUF struct klp_filebuf reader = {};
	const struct klp_graph_unit *found = NULL;

	for (size_t i = 0; !found && i < graph->n; i++) {
		if (strcmp(graph->v[i].object, object))
			continue;
		if (read_unit(graph, i, graph->arena, &reader, err) < 0)
			return err->code;
		found = &graph->v[i];
	}
	*ret = found;
	return 0;
}

static void find_in(struct klp_arena *arena, const struct klp_graph_unit *unit,
		    const char *function, struct klp_graph_hits *ret)
{
	const struct klp_ipa_nodes *nodes = &unit->dump.nodes;
	size_t len = strlen(function);

	for (size_t k = 0; k < nodes->n; k++) {
		const char *name = nodes->v[k].name;

		if (!strncmp(name, function, len) && klp_ipa_base_len(name) == len)
			klp_vec_push(arena, ret, (struct klp_graph_hit){ unit, &nodes->v[k] });
	}
}

int klp_graph_find(struct klp_arena *arena, struct klp_graph *graph, const char *function,
		   struct klp_graph_hits *ret, struct klp_error *err)
{
	KLP_CLEANUP_FILEBUF struct klp_filebuf reader = {};
	struct klp_index_hits hits = {};

	if (!graph->tree->index) {
		for (size_t i = 0; i < graph->n; i++)
			find_in(arena, &graph->v[i], function, ret);
		return 0;
	}
	klp_index_find(arena, graph->tree->index, function, &hits);
	for (size_t i = 0; i < hits.dumps.n; i++) {
		uint32_t at = hits.dumps.v[i];

		if (read_unit(graph, at, graph->arena, &reader, err) < 0)
			return err->code;
		find_in(arena, &graph->v[at], function, ret);
	}
	return 0;
}
