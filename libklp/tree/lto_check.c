// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether what a link and its units have left is whole, of one build, and readable. */
#include <stdarg.h>
#include <string.h>

#include "base/file.h"
#include "tree/graph.h"
#include "tree/lto_private.h"

/*
 * The last part is compiled, assembled and linked behind its dump, and objtool may work on all of
 * it: minutes, for a kernel.
 */
#define LINK_SLACK_NS ((int64_t)900 * 1000000000)

struct klp_finding *klp_tree__lto_finding(struct klp_tree *tree, struct klp_findings *findings,
					  const char *code, const char *file, const char *fmt, ...)
{
	struct klp_finding *f;
	const char *message;
	va_list ap;

	va_start(ap, fmt);
	message = klp_vsprintf(tree->arena, fmt, ap);
	va_end(ap);
	for (size_t i = 0; i < findings->n; i++)
		if (!strcmp(findings->v[i].code, code) && !strcmp(findings->v[i].message, message))
			return &findings->v[i];
	f = klp_finding_add(tree->arena, findings, KLP_ERROR, code, "%s", message);
	f->file = file;
	return f;
}

struct check {
	struct klp_tree *tree;
	struct klp_lto *lto;
	struct klp_findings *findings;
	bool good;
};

static struct klp_finding *bad(struct check *c, const char *code, const char *file,
			       const char *message)
{
	c->good = false;
	return klp_tree__lto_finding(c->tree, c->findings, code, file, "%s", message);
}

static char *say(const struct check *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static char *say(const struct check *c, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = klp_vsprintf(c->tree->arena, fmt, ap);
	va_end(ap);
	return text;
}

static void check_there(struct check *c)
{
	static const char hint[] = "link again, with -fdump-ipa-clones, and keep all of "
				   "OUT.wpa.000i.ipa-clones and OUT.ltransN.ltrans.000i.ipa-clones";
	const struct klp_lto *lto = c->lto;
	const char *output = lto->output;

	if (!klp_file_exists(lto->path))
		bad(c, "KLP-LTO", output,
		    say(c, "'%s', which link-time optimisation made of the units, isn't there",
			output))
			->hint = "its symbol table says what became of the functions: give the "
				 "complete build directory";
	if (!lto->dumps.v[0])
		bad(c, "KLP-NO-DUMP", output,
		    say(c, "there is no IPA dump of what the link of '%s' decided (wpa)", output))
			->hint = hint;
	for (size_t i = 1; c->good && (i < lto->dumps.n || (!lto->one_stage && i < 2)); i++)
		if (i >= lto->dumps.n || !lto->dumps.v[i])
			bad(c, "KLP-NO-DUMP", output,
			    say(c, "there is no IPA dump of part %zu of the link of '%s' (ltrans)",
				i - 1, output))
				->hint = hint;
}

static int64_t mtime_of(const struct check *c, const char *dir, const char *name)
{
	return klp_file_mtime(klp_path_join(c->tree->arena, dir, name));
}

static void stale(struct check *c, const char *message)
{
	bad(c, "KLP-STALE-DUMP", c->lto->output, message)->hint =
		"they tell of another link than the one that made what runs: remove the output and "
		"its dumps, link again with -fdump-ipa-clones, and keep the times when files are "
		"copied";
}

/* A link reads its objects before it decides, and decides before it compiles a part. */
static void check_times(struct check *c)
{
	const struct klp_tree *tree = c->tree;
	const struct klp_lto *lto = c->lto;
	int64_t first = mtime_of(c, tree->ipa_dumps, lto->dumps.v[0]), last = first;
	int64_t made = klp_file_mtime(lto->path);

	for (size_t i = 0; i < lto->objects.n; i++)
		if (mtime_of(c, tree->build, lto->objects.v[i].object) > first) {
			stale(c, say(c, "'%s' is newer than the IPA dumps of the link of '%s'",
				     lto->objects.v[i].object, lto->output));
			break;
		}
	for (size_t i = 1; i < lto->dumps.n; i++) {
		int64_t mtime = mtime_of(c, tree->ipa_dumps, lto->dumps.v[i]);

		last = mtime > last ? mtime : last;
		if (mtime < first)
			stale(c, say(c,
				     "the IPA dump '%s' is older than '%s': it is of an earlier "
				     "link",
				     lto->dumps.v[i], lto->dumps.v[0]));
	}
	if (made < last)
		stale(c,
		      say(c, "the IPA dumps of the link of '%s' are newer than it", lto->output));
	if (made > last + LINK_SLACK_NS)
		stale(c,
		      say(c, "the IPA dumps of the link of '%s' are older than it", lto->output));
}

/*
 * What was inlined early stands in the dumps of the units. A unit as a whole is read when it has
 * something to say: its list of dependencies is long.
 */
static int check_units(struct check *c, struct klp_error *err)
{
	const int64_t slack = (int64_t)KLP_DUMP_SLACK_S * 1000000000;
	struct klp_tree *tree = c->tree;

	for (size_t i = 0; i < c->lto->objects.n; i++) {
		const struct klp_lto_object *object = &c->lto->objects.v[i];
		struct klp_unit *unit;

		if (object->dump && mtime_of(c, tree->ipa_dumps, object->dump) + slack >=
					    mtime_of(c, tree->build, object->object))
			continue;
		if (klp_tree_unit(tree, object->object, &unit, err) < 0)
			return err->code;
		klp_tree_check_dump(tree->arena, tree, unit, c->findings);
		c->good = false;
	}
	return 0;
}

static void check_readable(struct check *c)
{
	const struct klp_graph *graph = c->tree->graph;
	struct klp_map ours;

	klp_map_init(&ours, c->tree->arena);
	for (size_t i = 0; i < c->lto->objects.n; i++)
		klp_map_put(&ours, c->lto->objects.v[i].object, c);
	for (size_t i = 0; i < graph->n; i++) {
		const struct klp_ipa_dump *dump = &graph->v[i].dump;
		const struct klp_bad_dump what = { dump->name, dump->malformed_line,
						   dump->malformed, dump->malformed_why };

		if (!dump->malformed || (!klp_map_get(&ours, graph->v[i].object) &&
					 !klp_strs_has(&c->lto->dumps, dump->name)))
			continue;
		klp_bad_dump_say(c->tree->arena, &what, c->findings);
		c->good = false;
	}
}

static bool is_c(const char *path)
{
	size_t n = strlen(path);

	return n > 2 && !strcmp(path + n - 2, ".c");
}

/*
 * A link that ran in another directory spells its files in another way, and nothing would be
 * joined: among the C files of its lines must be one that was compiled.
 */
static void check_paths(struct check *c)
{
	const struct klp_lto_graph *graph = &c->lto->graph;
	const char *other = NULL;
	struct klp_map sources;

	klp_map_init(&sources, c->tree->arena);
	for (size_t i = 0; i < c->lto->objects.n; i++)
		klp_map_put(&sources, c->lto->objects.v[i].source, c);
	for (size_t i = graph->link; i < graph->dump.edges.n; i++) {
		const char *path = graph->dump.nodes.v[graph->dump.edges.v[i].to].path;

		if (klp_map_get(&sources, path))
			return;
		other = is_c(path) ? path : other;
	}
	if (other)
		bad(c, "KLP-LTO", c->lto->output,
		    say(c,
			"the IPA dumps of the link of '%s' name files that none of its units was "
			"compiled from ('%s')",
			c->lto->output, other))
			->hint =
			"link in the directory in which the units were compiled, as Kbuild "
			"does, so that the dumps of both name their files alike";
}

int klp_tree__lto_check(struct klp_tree *tree, struct klp_lto *lto, unsigned int jobs,
			struct klp_findings *findings, struct klp_error *err)
{
	struct check c = { tree, lto, findings, true };

	if (lto->checked)
		return 0;
	check_there(&c);
	if (c.good)
		check_times(&c);
	if (check_units(&c, err) < 0)
		return err->code;
	if (c.good && klp_graph_load(tree->arena, tree, jobs, err) < 0)
		return err->code;
	if (c.good)
		check_readable(&c);
	if (c.good) {
		klp_tree__lto_join(tree, lto);
		check_paths(&c);
	}
	lto->checked = true;
	lto->usable = c.good;
	return 0;
}
