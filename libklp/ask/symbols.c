// SPDX-License-Identifier: GPL-2.0-or-later
/* Looks through the symbol tables of all objects of a build. */
#include <string.h>

#include "ask/private.h"
#include "base/file.h"
#include "base/proc.h"
#include "elf/inlined.h"
#include "elf/symtab.h"
#include "tree/graph.h"

#define MAX_JOBS 64

struct search {
	const struct klp_tree *tree;
	const char *prefix;
	struct klp_map dumped;	      /* objects that have a dump */
	struct klp_ask_object *found; /* one for each command */
	size_t next;
	struct klp_arena *arenas[MAX_JOBS];
	struct klp_error errs[MAX_JOBS];
};

char *klp_ask__object_of(struct klp_arena *arena, const char *cmd)
{
	const char *base = klp_path_base(cmd);

	return klp_sprintf(arena, "%.*s%.*s", (int)(base - cmd), cmd,
			   (int)(strlen(base) - 1 - strlen(".cmd")), base + 1);
}

static bool is_mentioned(const struct search *search, const struct klp_filebuf *file,
			 const char *section)
{
	return file->len > EI_CLASS && !memcmp(file->data, ELFMAG, SELFMAG) &&
	       memmem(file->data, file->len, section, strlen(section)) &&
	       (!search->prefix ||
		memmem(file->data, file->len, search->prefix, strlen(search->prefix)));
}

/* Of an object without a dump only its debug information knows what was inlined there. */
static int add_inlined(const struct search *search, const char *path, struct klp_arena *arena,
		       struct klp_strs *symbols, struct klp_error *err)
{
	const char *prefix = search->prefix ? search->prefix : "";
	struct klp_inlined_vec inlined = {};
	bool any;

	if (klp_inlined_load(arena, path, NULL, &inlined, &any, err) < 0)
		return err->code;
	for (size_t i = 0; i < inlined.n; i++)
		if (!strncmp(inlined.v[i].function, prefix, strlen(prefix)))
			klp_vec_push(arena, symbols, inlined.v[i].function);
	return 0;
}

static int search_one(struct search *search, size_t i, struct klp_arena *arena,
		      struct klp_filebuf *reader, struct klp_error *err)
{
	struct klp_ask_object *found = &search->found[i];
	const char *path;

	found->cmd = i;
	found->size = found->mtime = -1;
	found->object = klp_ask__object_of(arena, search->tree->cmds.v[i]);
	path = klp_path_join(arena, search->tree->build, found->object);
	if (!klp_file_exists(path))
		return 0;
	if (klp_symtab_functions(arena, path, search->prefix, reader, &found->symbols, err) < 0)
		return err->code;
	/* The name stands in the debug information's strings, too. */
	if (!klp_map_get(&search->dumped, found->object) &&
	    is_mentioned(search, reader, ".debug_info") &&
	    add_inlined(search, path, arena, &found->symbols, err) < 0)
		return err->code;
	found->size = (int64_t)reader->len;
	found->mtime = reader->mtime;
	return 0;
}

static void search_job(void *ctx, size_t job)
{
	KLP_CLEANUP_FILEBUF struct klp_filebuf reader = {};
	struct search *search = ctx;

	for (;;) {
		size_t i = __atomic_fetch_add(&search->next, 1, __ATOMIC_RELAXED);

		if (i >= search->tree->cmds.n ||
		    search_one(search, i, search->arenas[job], &reader, &search->errs[job]) < 0)
			return;
	}
}

int klp_ask__symbols(struct klp_arena *arena, struct klp_tree *tree, const char *prefix,
		     unsigned int jobs, struct klp_ask_objects *ret, struct klp_error *err)
{
	struct search search = { .tree = tree, .prefix = prefix };
	size_t njobs = jobs < 1 ? 1 : jobs > MAX_JOBS ? MAX_JOBS : jobs;

	klp_map_init(&search.dumped, arena);
	for (size_t i = 0; i < tree->graph->n; i++)
		klp_map_put(&search.dumped, tree->graph->v[i].object, tree->graph);
	search.found = klp_alloc_array(arena, tree->cmds.n, sizeof(*search.found));
	for (size_t i = 0; i < njobs; i++) {
		search.arenas[i] = klp_arena_new();
		klp_arena_adopt(arena, search.arenas[i]);
	}
	klp_parallel(njobs, jobs, search_job, &search);
	for (size_t i = 0; i < njobs; i++)
		if (search.errs[i].code) {
			*err = search.errs[i];
			return err->code;
		}
	for (size_t i = 0; i < tree->cmds.n; i++)
		if (!prefix || search.found[i].symbols.n)
			klp_vec_push(arena, ret, search.found[i]);
	return 0;
}
