// SPDX-License-Identifier: GPL-2.0-or-later
#include "ask/ask.h"

#include <stdlib.h>
#include <string.h>

#include "ask/private.h"
#include "elf/inlined.h"
#include "elf/symtab.h"
#include "tree/graph.h"
#include "tree/lto.h"

/* One function: where it is defined, and the units that have code of it. */
struct place {
	const char *file; /* relative to the source */
	unsigned int line;
	bool is_clone; /* the line is that of a clone so far */
	struct klp_strs objects;
	struct klp_units units; /* that make them */
};
KLP_VEC(places, struct place);

struct query {
	struct klp_arena *arena;
	struct klp_tree *tree;
	const struct klp_ask_book *book;
	struct klp_findings *findings;
	struct klp_error *err;
	const char *function, *file; /* file: NULL when any will do */
	const char *link_dump; /* a dump of link-time optimisation that has the function, or NULL */
	struct places links; /* where such dumps have it: without objects, which they don't tell */
	struct places places;
};

static struct place *place_at(struct query *q, struct places *places, const char *file)
{
	struct place *place;

	for (size_t i = 0; i < places->n; i++)
		if (!strcmp(places->v[i].file, file))
			return &places->v[i];
	place = klp_vec_add(q->arena, places);
	memset(place, 0, sizeof(*place));
	place->file = file;
	return place;
}

/*
 * A line that only tells of a removal may be about a function that is merely declared: it is at
 * the declaration's place then.
 */
static bool has_body(const struct klp_graph_hit *hit)
{
	const struct klp_ipa_dump *dump = &hit->unit->dump;
	uint32_t node = (uint32_t)(hit->node - dump->nodes.v);

	for (size_t i = 0; i < dump->edges.n; i++)
		if (dump->edges.v[i].from == node || dump->edges.v[i].to == node)
			return true;
	return false;
}

static int places_of_dumps(struct query *q)
{
	struct klp_graph_hits hits = {};

	if (klp_graph_find(q->arena, q->tree->graph, q->function, &hits, q->err) < 0)
		return q->err->code;
	for (size_t i = 0; i < hits.n; i++) {
		const struct klp_ipa_node *node = hits.v[i].node;
		bool is_clone = strcmp(node->name, q->function);
		bool link = klp_is_link_dump(hits.v[i].unit->dump.name);
		const char *file, *root;
		struct place *place;

		if (!has_body(&hits.v[i]))
			continue;
		file = klp_tree_relative(q->arena, q->tree, node->path, &root);
		place = place_at(q, link ? &q->links : &q->places, file ? file : node->path);
		if (!place->line || (place->is_clone && !is_clone)) {
			place->line = node->line;
			place->is_clone = is_clone;
		}
		if (link)
			q->link_dump = hits.v[i].unit->dump.name;
		else
			klp_strs_add(q->arena, &place->objects, hits.v[i].unit->object);
	}
	return 0;
}

/*
 * The unit handed something of that name to a link with optimisation. That it is a variable, the
 * link's output tells; else it is a function, though nothing may be left of it.
 */
static int place_of_lto_unit(struct query *q, struct klp_unit *unit)
{
	const struct klp_lto *lto = NULL;
	struct klp_symtab symtab = {};
	struct place *place = NULL;
	const struct klp_sym *sym;

	for (size_t i = 0; !place && i < q->links.n; i++) {
		const struct place *link = &q->links.v[i];

		if (!klp_unit_reads(q->arena, q->tree, unit, link->file))
			continue;
		place = place_at(q, &q->places, link->file);
		if (!place->line)
			place->line = link->line;
	}
	if (!place && klp_tree_lto_of(q->tree, unit, q->book->jobs, &lto, q->findings, q->err) < 0)
		return q->err->code;
	if (!place && lto && klp_symtab_load(q->arena, lto->path, &symtab, q->err) < 0)
		return q->err->code;
	sym = lto && !place ? klp_symtab_get(&symtab, q->function) : NULL;
	if (!place && (!sym || sym->type != STT_OBJECT))
		place = place_at(q, &q->places, unit->source);
	if (place)
		klp_strs_add(q->arena, &place->objects, unit->object);
	return 0;
}

/* An object defines the function, or its debug information says that it was inlined there. */
static int place_of_unit(struct query *q, struct klp_unit *unit)
{
	struct klp_inlined_vec inlined = {};
	const char *file = unit->source, *root;
	unsigned int line = 0;
	struct place *place;
	bool any;

	if (unit->lto)
		return place_of_lto_unit(q, unit);
	if (!unit->dump &&
	    klp_inlined_load(q->arena, unit->object_path, NULL, &inlined, &any, q->err) < 0)
		return q->err->code;
	for (size_t i = 0; i < inlined.n; i++) {
		const struct klp_inlined *p = &inlined.v[i];

		if (strcmp(p->function, q->function) || !p->file)
			continue;
		file = klp_tree_relative(q->arena, q->tree, p->file, &root);
		file = file ? file : p->file;
		line = p->line;
	}
	place = place_at(q, &q->places, file);
	if (!place->line)
		place->line = line;
	klp_strs_add(q->arena, &place->objects, unit->object);
	return 0;
}

/* The objects know functions that were neither inlined nor cloned. */
static int places_of_objects(struct query *q)
{
	struct klp_strs objects = {}, names = {};
	struct klp_units units = {};

	if (klp_ask__defining(q->arena, q->book, q->function, &objects, q->err) < 0)
		return q->err->code;
	for (size_t i = 0; i < objects.n; i++) {
		bool known = false;

		for (size_t k = 0; k < q->places.n; k++)
			known = known || klp_strs_has(&q->places.v[k].objects, objects.v[i]);
		if (!known)
			klp_vec_push(q->arena, &names, objects.v[i]);
	}
	if (klp_tree_units_in(q->arena, q->tree, &names, &units, q->err) < 0)
		return q->err->code;
	for (size_t i = 0; i < units.n; i++)
		if (place_of_unit(q, units.v[i]) < 0)
			return q->err->code;
	return 0;
}

static bool is_header(const char *file)
{
	size_t n = strlen(file);

	return n > 2 && !strcmp(file + n - 2, ".h");
}

/* "namei.c" and "fs/namei.c" mean fs/namei.c; "amei.c" does not. */
static bool names_file(const struct query *q, const char *file)
{
	size_t n = strlen(file), m = strlen(q->file);

	return n >= m && !strcmp(file + n - m, q->file) && (n == m || file[n - m - 1] == '/');
}

/*
 * By the file that it stands in, or by that of the unit: kernel/sched/rt.c is included by
 * build_policy.c. A header's function is in many units, and none of them names it.
 */
static bool is_meant(const struct query *q, const struct place *place)
{
	if (!q->file || names_file(q, place->file))
		return true;
	for (size_t i = 0; !is_header(place->file) && i < place->units.n; i++)
		if (names_file(q, place->units.v[i]->source))
			return true;
	return false;
}

static const char *list(struct klp_arena *arena, const struct klp_strs *names)
{
	char *text = klp_strdup(arena, "");

	for (size_t i = 0; i < names->n; i++)
		text = klp_sprintf(arena, "%s%s%s", text, i ? ", " : "", names->v[i]);
	return text;
}

/* As many as a line can bear; a name like "show" has hundreds. */
#define MAX_PLACES 20

static const char *list_places(struct query *q)
{
	struct klp_strs names = {};

	for (size_t i = 0; i < q->places.n && i < MAX_PLACES; i++)
		klp_vec_push(q->arena, &names,
			     klp_sprintf(q->arena, "%s@%s", q->function, q->places.v[i].file));
	if (q->places.n > MAX_PLACES)
		klp_vec_push(q->arena, &names,
			     klp_sprintf(q->arena, "and %zu more", q->places.n - MAX_PLACES));
	return list(q->arena, &names);
}

/* Where it is mentioned may be a line that can't be read. */
static int say_bad_dumps(struct query *q)
{
	struct klp_bad_dumps bad;

	if (klp_tree_bad_dumps(q->arena, q->tree, q->book->jobs, &bad, q->err) < 0)
		return q->err->code;
	for (size_t i = 0; i < bad.n; i++)
		klp_bad_dump_say(q->arena, &bad.v[i], q->findings);
	return 0;
}

static int no_such_function(struct query *q)
{
	struct klp_strs similar = {};
	struct klp_finding *f;

	if (q->link_dump && !q->places.n) {
		f = klp_finding_add(q->arena, q->findings, KLP_ERROR, "KLP-LTO",
				    "'%s' was optimised across files when the kernel was linked, "
				    "as '%s' says, and no unit of the build has it",
				    q->function, q->link_dump);
		f->symbol = q->function;
		f->hint = "give the complete build directory: the objects that were linked, and "
			  "their .cmd files";
		return 0;
	}
	if (say_bad_dumps(q) < 0)
		return q->err->code;
	f = klp_finding_add(q->arena, q->findings, KLP_ERROR, "KLP-NO-FUNCTION",
			    "the build has no function '%s'%s%s%s", q->function,
			    q->file ? " in '" : "", q->file ? q->file : "", q->file ? "'" : "");
	f->symbol = q->function;
	if (q->places.n) {
		f->hint = klp_sprintf(q->arena, "there is: %s", list_places(q));
		return 0;
	}
	if (klp_ask__similar(q->arena, q->book, q->function, &similar, q->err) < 0)
		return q->err->code;
	if (similar.n)
		f->hint = klp_sprintf(q->arena, "similar: %s", list(q->arena, &similar));
	else
		f->hint = "a macro, a function of assembly code, or one that the configuration "
			  "leaves out is unknown to the compiler's dumps and the objects' symbol "
			  "tables";
	return 0;
}

static void ambiguous(struct query *q)
{
	struct klp_finding *f =
		klp_finding_add(q->arena, q->findings, KLP_ERROR, "KLP-WHICH-FUNCTION",
				"%zu functions of the build are called '%s'", q->places.n,
				q->function);

	f->symbol = q->function;
	f->hint = klp_sprintf(q->arena, "say which one: %s", list_places(q));
}

static void take(struct query *q, const struct place *place, struct klp_changes *ret)
{
	for (size_t i = 0; i < place->units.n; i++)
		klp_vec_push(q->arena, ret,
			     (struct klp_change){
				     .function = q->function,
				     .file = place->file,
				     .line = place->line,
				     .kind = is_header(place->file) ? KLP_HEADER : KLP_MODIFIED,
				     .unit = place->units.v[i],
			     });
}

static int compare_places(const void *a, const void *b)
{
	return strcmp(((const struct place *)a)->file, ((const struct place *)b)->file);
}

/* Host programs and the boot loader have functions, too: places without a unit don't count. */
static int drop_foreign(struct query *q)
{
	struct places kept = {};

	for (size_t i = 0; i < q->places.n; i++) {
		struct place *place = &q->places.v[i];

		if (klp_tree_units_in(q->arena, q->tree, &place->objects, &place->units, q->err) <
		    0)
			return q->err->code;
		if (place->units.n)
			klp_vec_push(q->arena, &kept, *place);
	}
	q->places = kept;
	if (kept.n)
		qsort(kept.v, kept.n, sizeof(*kept.v), compare_places);
	return 0;
}

static int answer(struct query *q, struct klp_changes *ret)
{
	struct places meant = {};

	if (places_of_dumps(q) < 0 || places_of_objects(q) < 0 || drop_foreign(q) < 0)
		return q->err->code;
	for (size_t i = 0; i < q->places.n; i++)
		if (is_meant(q, &q->places.v[i]))
			klp_vec_push(q->arena, &meant, q->places.v[i]);
	if (!meant.n)
		return no_such_function(q);
	if (meant.n > 1) {
		q->places = meant;
		ambiguous(q);
		return 0;
	}
	take(q, &meant.v[0], ret);
	return 0;
}

static int parse(struct query *q, const char *question)
{
	const char *at = strchr(question, '@');
	size_t len = at ? (size_t)(at - question) : strlen(question);

	q->function = klp_strndup(q->arena, question, len);
	q->file = at ? at + 1 : NULL;
	if (len && (!at || at[1]))
		return 0;
	klp_error_set(q->err, KLP_EUSAGE, "'%s' names no function", question);
	return klp_error_hint(q->err, "give FUNCTION, or FUNCTION@path/file.c when several have "
				      "that name");
}

int klp_ask(struct klp_arena *arena, struct klp_tree *tree, const struct klp_ask_opts *opts,
	    struct klp_changes *ret, struct klp_findings *findings, struct klp_error *err)
{
	struct klp_changes changes = {};
	struct klp_ask_book book;

	if (klp_ask__open(arena, tree, opts, &book, err) < 0)
		return err->code;
	for (size_t i = 0; i < opts->questions.n; i++) {
		struct query q = { .arena = arena,
				   .tree = tree,
				   .book = &book,
				   .findings = findings,
				   .err = err };

		if (parse(&q, opts->questions.v[i]) < 0 || answer(&q, &changes) < 0)
			return err->code;
	}
	*ret = changes;
	return 0;
}
