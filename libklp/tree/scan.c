// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Searches over all .cmd files or all dumps of a build. A hundred megabytes are looked
 * through for a name before anything is parsed.
 */
#include "tree/private.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/proc.h"
#include "parsers/ipa.h"
#include "tree/graph.h"

/* Jobs take every nth file, so that the large ones are spread. */
#define MAX_JOBS 64

struct scan {
	const struct klp_tree *tree;
	const char *dir; /* what the files are relative to */
	const struct klp_strs *files;
	const char *needle; /* cheap to look for; a hit is looked at by `match` */
	size_t needle_len;
	const char *file, *function;
	bool (*match)(const struct scan *scan, struct klp_map *places, const char *data,
		      const char *end, const char *hit);
	size_t njobs;
	char *hits;		/* a flag per file */
	struct klp_error *errs; /* per job */
};

/*
 * True when a recorded path is the file that is looked for. The same few spellings come
 * again and again: places remembers the answers.
 */
static bool is_file(const struct scan *scan, struct klp_map *places, const char *path, size_t len)
{
	static char yes[] = "yes", no[] = "no";
	struct klp_arena *arena = places->arena;
	char *known = klp_map_getn(places, path, len);
	const char *rel, *root;

	if (!known) {
		path = klp_strndup(arena, path, len);
		rel = klp_tree_relative(arena, scan->tree, path, &root);
		known = rel && !strcmp(rel, scan->file) ? yes : no;
		klp_map_putn(places, path, len, known);
	}
	return known == yes;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* A hit of the file's base name in a .cmd file: the end of a word that names the file. */
static bool match_cmd(const struct scan *scan, struct klp_map *places, const char *data,
		      const char *end, const char *hit)
{
	const char *stop = hit + scan->needle_len, *start = hit;

	if (stop < end && !is_space(*stop))
		return false;
	if (hit > data && hit[-1] != '/' && !is_space(hit[-1]))
		return false;
	while (start > data && !is_space(start[-1]))
		start--;
	return is_file(scan, places, start, (size_t)(stop - start));
}

static bool is_name(const struct scan *scan, const struct klp_ipa_slice *name)
{
	return name->len >= scan->needle_len &&
	       !memcmp(name->p, scan->function, scan->needle_len) &&
	       (name->len == scan->needle_len || name->p[scan->needle_len] == '.');
}

/* A hit of the function's name in a dump: one of the nodes of its line, of that file. */
static bool match_dump(const struct scan *scan, struct klp_map *places, const char *data,
		       const char *end, const char *hit)
{
	const char *start = memrchr(data, '\n', (size_t)(hit - data));
	const char *stop = memchr(hit, '\n', (size_t)(end - hit));
	struct klp_ipa_record rec;

	start = start ? start + 1 : data;
	stop = stop ? stop : end;
	/* The names begin a field, perhaps behind the '*' of an asm label. */
	if (hit > start && hit[-1] != ';' && hit[-1] != '*')
		return false;
	if (!klp_ipa_record(start, (size_t)(stop - start), &rec))
		return false;
	return (is_name(scan, &rec.from.name) &&
		is_file(scan, places, rec.from.path.p, rec.from.path.len)) ||
	       (!rec.removal && is_name(scan, &rec.to.name) &&
		is_file(scan, places, rec.to.path.p, rec.to.path.len));
}

static int scan_file(const struct scan *scan, struct klp_filebuf *reader, struct klp_map *places,
		     size_t i, struct klp_error *err)
{
	const char *path = klp_path_join(places->arena, scan->dir, scan->files->v[i]);
	const char *p, *end;

	if (klp_filebuf_load(reader, path, KLP_MAX_TEXT, err) < 0)
		return err->code;
	if (!reader->len)
		return 0;
	end = reader->data + reader->len;
	for (p = reader->data; (p = memmem(p, (size_t)(end - p), scan->needle, scan->needle_len));
	     p++)
		if (scan->match(scan, places, reader->data, end, p)) {
			scan->hits[i] = 1;
			break;
		}
	return 0;
}

static void scan_job(void *ctx, size_t job)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	KLP_CLEANUP_FILEBUF struct klp_filebuf reader = {};
	struct scan *scan = ctx;
	struct klp_map places;

	klp_map_init(&places, arena);
	for (size_t i = job; i < scan->files->n; i += scan->njobs)
		if (scan_file(scan, &reader, &places, i, &scan->errs[job]) < 0)
			break;
}

static int scan_all(struct klp_arena *arena, struct scan *scan, unsigned int jobs,
		    struct klp_error *err)
{
	scan->njobs = jobs < 1 ? 1 : jobs > MAX_JOBS ? MAX_JOBS : jobs;
	scan->needle_len = strlen(scan->needle);
	scan->hits = klp_alloc(arena, scan->files->n);
	scan->errs = klp_alloc_array(arena, scan->njobs, sizeof(*scan->errs));
	klp_parallel(scan->njobs, jobs, scan_job, scan);
	for (size_t i = 0; i < scan->njobs; i++)
		if (scan->errs[i].code) {
			*err = scan->errs[i];
			return err->code;
		}
	return 0;
}

/* Adds the unit of an object unless it isn't C code of the running kernel. */
static int add_unit(struct klp_arena *arena, struct klp_tree *tree, const char *object,
		    struct klp_units *units, struct klp_error *err)
{
	KLP_CLEANUP_MAPPED struct klp_mapped map = {};
	const char *cmd = klp_path_join(arena, tree->build, klp_tree__cmd_of(arena, object));
	struct klp_unit *unit;
	size_t n;

	if (klp_mapped_open(cmd, &map, err) < 0)
		return err->code;
	/* a module of several files, or vmlinux.o, is linked from objects of their own */
	if (!map.data || !memmem(map.data, map.len, " -c ", 4) ||
	    (!memmem(map.data, map.len, " -DMODULE ", 10) && !klp_tree_linked(arena, tree, object)))
		return 0;
	if (klp_tree_unit(tree, object, &unit, err) < 0)
		return err->code;
	n = strlen(unit->source);
	if (n > 2 && !strcmp(unit->source + n - 2, ".c"))
		klp_vec_push(arena, units, unit);
	return 0;
}

static int compare_units(const void *a, const void *b)
{
	const struct klp_unit *const *x = a, *const *y = b;

	return strcmp((*x)->object, (*y)->object);
}

static void give(struct klp_units *units, struct klp_units *ret)
{
	if (units->n)
		qsort(units->v, units->n, sizeof(*units->v), compare_units);
	*ret = *units;
}

int klp_tree_units_of(struct klp_arena *arena, struct klp_tree *tree, const char *file,
		      unsigned int jobs, struct klp_units *ret, struct klp_error *err)
{
	struct scan scan = {
		.tree = tree,
		.dir = tree->build,
		.files = &tree->cmds,
		.needle = klp_path_base(file),
		.file = file,
		.match = match_cmd,
	};
	struct klp_units *known = klp_map_get(&tree->files, file);
	struct klp_units units = {};

	if (known) {
		*ret = *known;
		return 0;
	}
	if (!*scan.needle)
		return klp_error_set(err, KLP_EUSAGE, "'%s' is no file", file);
	if (scan_all(arena, &scan, jobs, err) < 0)
		return err->code;
	for (size_t i = 0; i < tree->cmds.n; i++) {
		const char *object = klp_tree_object_of(arena, tree->cmds.v[i]);

		if (scan.hits[i] && object && add_unit(tree->arena, tree, object, &units, err) < 0)
			return err->code;
	}
	give(&units, ret);
	known = klp_new(tree->arena, struct klp_units);
	*known = *ret;
	klp_map_put(&tree->files, klp_strdup(tree->arena, file), known);
	return 0;
}

bool klp_tree__is_orphan(struct klp_arena *arena, const struct klp_tree *tree, const char *object)
{
	return !klp_file_exists(
		       klp_path_join(arena, tree->build, klp_tree__cmd_of(arena, object))) &&
	       !klp_file_exists(klp_path_join(arena, tree->build, object));
}

/* The same from dumps that have been parsed already. */
static int scan_graph(struct klp_arena *arena, struct scan *scan, struct klp_error *err)
{
	struct klp_graph *graph = scan->tree->graph;
	struct klp_graph_hits hits = {};
	struct klp_map places;

	klp_map_init(&places, arena);
	scan->hits = klp_alloc(arena, scan->files->n);
	if (klp_graph_find(arena, graph, scan->function, &hits, err) < 0)
		return err->code;
	for (size_t i = 0; i < hits.n; i++) {
		const char *path = hits.v[i].node->path;

		if (is_file(scan, &places, path, strlen(path)))
			scan->hits[hits.v[i].unit - graph->v] = 1;
	}
	return 0;
}

int klp_tree_carriers(struct klp_arena *arena, struct klp_tree *tree, const char *function,
		      const char *file, unsigned int jobs, struct klp_units *ret,
		      struct klp_error *err)
{
	struct scan scan = {
		.tree = tree,
		.dir = tree->ipa_dumps,
		.files = &tree->dumps,
		.needle = function,
		.function = function,
		.file = file,
		.match = match_dump,
	};
	struct klp_units units = {};

	if (!*function)
		return klp_error_set(err, KLP_EUSAGE, "no function given");
	if ((tree->graph ? scan_graph(arena, &scan, err) : scan_all(arena, &scan, jobs, err)) < 0)
		return err->code;
	for (size_t i = 0; i < tree->dumps.n; i++) {
		const char *object = klp_tree__object_of_dump(arena, tree->dumps.v[i]);

		if (!scan.hits[i] || klp_tree__is_orphan(arena, tree, object))
			continue;
		if (add_unit(arena, tree, object, &units, err) < 0)
			return err->code;
	}
	give(&units, ret);
	return 0;
}

int klp_tree_units_in(struct klp_arena *arena, struct klp_tree *tree,
		      const struct klp_strs *objects, struct klp_units *ret, struct klp_error *err)
{
	struct klp_units units = {};

	for (size_t i = 0; i < objects->n; i++)
		if (!klp_tree__is_orphan(arena, tree, objects->v[i]) &&
		    add_unit(arena, tree, objects->v[i], &units, err) < 0)
			return err->code;
	give(&units, ret);
	return 0;
}
