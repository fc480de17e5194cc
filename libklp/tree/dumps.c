// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether dumps can be believed: those of one unit, and all of them. */
#include <string.h>

#include "base/file.h"
#include "base/proc.h"
#include "tree/graph.h"
#include "tree/private.h"

void klp_tree_check_dump(struct klp_arena *arena, const struct klp_tree *tree,
			 const struct klp_unit *unit, struct klp_findings *findings)
{
	const int64_t slack = (int64_t)KLP_DUMP_SLACK_S * 1000000000;
	struct klp_finding *f;

	if (!unit->dump) {
		f = klp_finding_add(arena, findings, KLP_ERROR, "KLP-NO-DUMP",
				    "there is no IPA dump of '%s'", unit->object);
		f->hint = "where its functions were inlined can't be known; build the kernel with "
			  "'make KCFLAGS=-fdump-ipa-clones' (a Makefile may drop KCFLAGS for this "
			  "object)";
	} else if (klp_file_mtime(unit->dump) + slack < klp_file_mtime(unit->object_path)) {
		f = klp_finding_add(arena, findings, KLP_ERROR, "KLP-STALE-DUMP",
				    "the IPA dump of '%s' is older than the object", unit->object);
		f->hint = klp_sprintf(arena,
				      "it tells of an earlier compilation; remove '%s' and "
				      "build with 'make KCFLAGS=-fdump-ipa-clones', or give the "
				      "dumps of this build with --ipa-dumps",
				      unit->object);
	} else {
		return;
	}
	f->file = unit->source;
	(void)tree;
}

/* ---- dumps that aren't whole --------------------------------------------------------------- */

#define MAX_JOBS 64

struct look {
	const struct klp_tree *tree;
	size_t njobs;
	char *bad;		/* a flag for each dump */
	struct klp_error *errs; /* for each job */
};

/* Cheap: each line begins as a record does, and ends. A hundred megabytes are looked at. */
static bool looks_whole(const char *data, size_t len)
{
	static const char record[] = "Callgraph ";
	const char *end = data + len;

	if (memchr(data, '\0', len))
		return false;
	for (const char *p = data, *nl; p < end; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		if (!nl || nl - p > KLP_IPA_MAX_LINE)
			return false;
		if (nl != p && strncmp(p, record, sizeof(record) - 1))
			return false;
	}
	return true;
}

static void look_job(void *ctx, size_t job)
{
	KLP_CLEANUP_FILEBUF struct klp_filebuf reader = {};
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct look *look = ctx;
	const struct klp_tree *tree = look->tree;

	for (size_t i = job; i < tree->dumps.n; i += look->njobs) {
		const char *path = klp_path_join(arena, tree->ipa_dumps, tree->dumps.v[i]);

		if (klp_filebuf_load(&reader, path, KLP_MAX_TEXT, &look->errs[job]) < 0)
			return;
		look->bad[i] = reader.len && !looks_whole(reader.data, reader.len);
	}
}

static int look_at_all(struct klp_arena *arena, struct look *look, unsigned int jobs,
		       struct klp_error *err)
{
	look->njobs = jobs < 1 ? 1 : jobs > MAX_JOBS ? MAX_JOBS : jobs;
	look->bad = klp_alloc(arena, look->tree->dumps.n);
	look->errs = klp_alloc_array(arena, look->njobs, sizeof(*look->errs));
	klp_parallel(look->njobs, jobs, look_job, look);
	for (size_t i = 0; i < look->njobs; i++)
		if (look->errs[i].code) {
			*err = look->errs[i];
			return err->code;
		}
	return 0;
}

/* What is wrong with it, in the parser's words. */
static int take_bad(struct klp_arena *arena, const struct klp_tree *tree, const char *name,
		    struct klp_bad_dumps *ret, struct klp_error *err)
{
	const char *path = klp_path_join(arena, tree->ipa_dumps, name);
	struct klp_ipa_dump dump;
	struct klp_error why = {};
	char *text;
	size_t len;

	if (klp_file_read(arena, path, KLP_MAX_TEXT, &text, &len, err) < 0)
		return err->code;
	if (klp_ipa_parse(arena, name, text, len, &dump, &why) < 0)
		klp_vec_push(arena, ret,
			     (struct klp_bad_dump){ name, why.line, 1,
						    klp_sprintf(arena, "it is %s", why.text) });
	else if (dump.malformed)
		klp_vec_push(arena, ret,
			     (struct klp_bad_dump){ name, dump.malformed_line, dump.malformed,
						    dump.malformed_why });
	return 0;
}

static int bad_of_files(struct klp_arena *arena, const struct klp_tree *tree, unsigned int jobs,
			struct klp_bad_dumps *ret, struct klp_error *err)
{
	struct look look = { .tree = tree };

	if (look_at_all(arena, &look, jobs, err) < 0)
		return err->code;
	for (size_t i = 0; i < tree->dumps.n; i++)
		if (look.bad[i] && take_bad(arena, tree, tree->dumps.v[i], ret, err) < 0)
			return err->code;
	return 0;
}

static void bad_of_graph(struct klp_arena *arena, const struct klp_graph *graph,
			 struct klp_bad_dumps *ret)
{
	for (size_t i = 0; i < graph->n; i++) {
		const struct klp_ipa_dump *dump = &graph->v[i].dump;

		if (dump->malformed)
			klp_vec_push(arena, ret,
				     (struct klp_bad_dump){ dump->name, dump->malformed_line,
							    dump->malformed, dump->malformed_why });
	}
}

int klp_tree_bad_dumps(struct klp_arena *arena, const struct klp_tree *tree, unsigned int jobs,
		       struct klp_bad_dumps *ret, struct klp_error *err)
{
	struct klp_bad_dumps all = {};

	*ret = all;
	if (tree->index)
		return 0;
	if (tree->graph)
		bad_of_graph(arena, tree->graph, &all);
	else if (bad_of_files(arena, tree, jobs, &all, err) < 0)
		return err->code;
	for (size_t i = 0; i < all.n; i++)
		if (!klp_tree__is_orphan(arena, tree,
					 klp_tree__object_of_dump(arena, all.v[i].name)))
			klp_vec_push(arena, ret, all.v[i]);
	return 0;
}

void klp_bad_dump_say(struct klp_arena *arena, const struct klp_bad_dump *bad,
		      struct klp_findings *findings)
{
	struct klp_finding *f;

	for (size_t i = 0; i < findings->n; i++)
		if (!strcmp(findings->v[i].code, "KLP-BAD-DUMP") &&
		    !strcmp(findings->v[i].file, bad->name))
			return;
	f = klp_finding_add(arena, findings, KLP_ERROR, "KLP-BAD-DUMP",
			    "line %u of the IPA dump '%s' can't be read: %s%s", bad->line,
			    bad->name, bad->why,
			    bad->n > 1 ? klp_sprintf(arena, " (and so %u more)", bad->n - 1) : "");
	f->file = bad->name;
	f->line = bad->line;
	f->hint =
		"what such a line says about inlining would be missed; remove the object and make "
		"it again with -fdump-ipa-clones";
}
