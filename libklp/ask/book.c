// SPDX-License-Identifier: GPL-2.0-or-later
/* Which objects define a function: by the index of the build, or by reading all of them. */
#include <string.h>

#include "ask/private.h"
#include "parsers/ipa.h"
#include "tree/graph.h"
#include "tree/index.h"

static void make_index(struct klp_arena *arena, const struct klp_ask_book *book,
		       const struct klp_log *log)
{
	struct klp_index_maker *maker = klp_index_maker_new(arena);
	const struct klp_graph *graph = book->tree->graph;

	/* What can't be read is to be said each time. */
	for (size_t i = 0; i < graph->n; i++)
		if (graph->v[i].dump.malformed)
			return;
	for (size_t i = 0; i < graph->n; i++) {
		const struct klp_graph_unit *unit = &graph->v[i];

		klp_index_add_file(maker, false, i, unit->size, unit->mtime);
		for (size_t k = 0; k < unit->dump.nodes.n; k++)
			klp_index_add_name(maker, false, i, unit->dump.nodes.v[k].name);
	}
	for (size_t i = 0; i < book->objects.n; i++) {
		const struct klp_ask_object *object = &book->objects.v[i];

		klp_index_add_file(maker, true, object->cmd, object->size, object->mtime);
		for (size_t k = 0; k < object->symbols.n; k++)
			klp_index_add_name(maker, true, object->cmd, object->symbols.v[k]);
	}
	klp_index_save(maker, book->tree, log);
}

int klp_ask__open(struct klp_arena *arena, struct klp_tree *tree, const struct klp_ask_opts *opts,
		  struct klp_ask_book *ret, struct klp_error *err)
{
	struct klp_ask_book book = { .tree = tree, .jobs = opts->jobs };

	if (tree->index)
		klp_graph_open(arena, tree);
	else if (klp_graph_load(arena, tree, opts->jobs, err) < 0)
		return err->code;
	if (!tree->index && tree->dumps.n >= KLP_INDEX_MIN_DUMPS) {
		KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();

		if (klp_ask__symbols(arena, tree, NULL, opts->jobs, &book.objects, err) < 0)
			return err->code;
		book.complete = true;
		make_index(scratch, &book, opts->log);
	}
	*ret = book;
	return 0;
}

static bool defines(const struct klp_ask_object *object, const char *function)
{
	size_t len = strlen(function);

	for (size_t i = 0; i < object->symbols.n; i++)
		if (!strncmp(object->symbols.v[i], function, len) &&
		    klp_ipa_base_len(object->symbols.v[i]) == len)
			return true;
	return false;
}

static void by_index(struct klp_arena *arena, const struct klp_tree *tree, const char *function,
		     struct klp_strs *ret)
{
	struct klp_index_hits hits = {};

	klp_index_find(arena, tree->index, function, &hits);
	for (size_t i = 0; i < hits.objects.n; i++)
		klp_vec_push(arena, ret,
			     klp_ask__object_of(arena, tree->cmds.v[hits.objects.v[i]]));
}

int klp_ask__defining(struct klp_arena *arena, const struct klp_ask_book *book,
		      const char *function, struct klp_strs *ret, struct klp_error *err)
{
	struct klp_ask_objects objects = book->objects;

	if (book->tree->index) {
		by_index(arena, book->tree, function, ret);
		return 0;
	}
	if (!book->complete &&
	    klp_ask__symbols(arena, book->tree, function, book->jobs, &objects, err) < 0)
		return err->code;
	for (size_t i = 0; i < objects.n; i++)
		if (defines(&objects.v[i], function))
			klp_vec_push(arena, ret, objects.v[i].object);
	return 0;
}
