// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Units that were compiled for link-time optimisation. Their code is what the link made: its
 * symbols say what was emitted, its relocations who calls whom. Which unit a symbol is from is
 * known
 *
 *	- from a dump of the link, when it is a name that the link made up,
 *	- when one unit alone handed a function of that name to the link,
 *	- from debug information,
 *	- of a header's function, when every unit that has one of that name reads the header.
 *
 * Else it isn't, and that is said: statics of one name are renamed foo.lto_priv.0, foo.lto_priv.1
 *in an order of the link's own.
 */
#include <string.h>

#include "base/file.h"
#include "closure/private.h"
#include "elf/inlined.h"
#include "tree/lto.h"

struct klp_lto_work {
	const struct klp_lto *lto;
	struct klp_map owners;	/* function -> objects (klp_strs) that handed it to the link */
	struct klp_map handed;	/* the same as they spelled it: "foo.part.0" */
	struct klp_map symbols; /* function -> its symbols (klp_syms), clones too */
	struct klp_map sources; /* file -> the object that was compiled from it */
	struct klp_map lines;	/* "name file" of what a line of the link puts into something */
	bool placed_loaded;
	struct klp_map placed; /* symbol -> struct klp_placed, from the debug information */
};
KLP_VEC(syms, const struct klp_sym *);

/* ---- what was linked ----------------------------------------------------------------------- */

static int read_object(struct klp_work *work, struct klp_lto_work *l,
		       const struct klp_lto_object *object, struct klp_filebuf *reader)
{
	const char *path = klp_path_join(work->arena, work->tree->build, object->object);
	struct klp_strs names = {};

	if (klp_lto_functions(work->arena, path, reader, &names, work->err) < 0)
		return work->err->code;
	klp_map_put(&l->sources, object->source, (void *)object->object);
	for (size_t i = 0; i < names.n; i++) {
		void **slot = klp_map_slotn(&l->owners, names.v[i], klp_ipa_base_len(names.v[i]));
		struct klp_strs *owners = *slot;

		klp_map_put(&l->handed, names.v[i], l);
		if (!owners)
			*slot = owners = klp_new(work->arena, struct klp_strs);
		/* its own clones come one after the other */
		if (!owners->n || owners->v[owners->n - 1] != object->object)
			klp_vec_push(work->arena, owners, object->object);
	}
	return 0;
}

/* What is not the link's own comes from a file with a name: assembly, a unit without -flto. */
static bool is_foreign(const struct klp_sym *sym)
{
	return sym->file && *sym->file && strcmp(sym->file, "<artificial>") != 0;
}

static void sort_symbols(struct klp_work *work, struct klp_lto_work *l)
{
	for (size_t i = 0; i < work->symtab.n; i++) {
		const struct klp_sym *sym = &work->symtab.v[i];
		struct syms *list;
		void **slot;

		if (sym->type != STT_FUNC || !klp_sym_defined(sym) || is_foreign(sym) ||
		    strstr(sym->name, ".cold"))
			continue;
		slot = klp_map_slotn(&l->symbols, sym->name, klp_ipa_base_len(sym->name));
		list = *slot;
		if (!list)
			*slot = list = klp_new(work->arena, struct syms);
		klp_vec_push(work->arena, list, sym);
	}
}

/* -flinker-output=rel leaves the code to yet another link. */
static bool has_code(const struct klp_work *work)
{
	return !klp_symtab_get(&work->symtab, "__gnu_lto_slim") &&
	       !klp_symtab_get(&work->symtab, "__gnu_lto_v1");
}

static void sort_lines(struct klp_work *work, struct klp_lto_work *l)
{
	const struct klp_lto_graph *graph = &l->lto->graph;

	for (size_t i = graph->link; i < graph->dump.edges.n; i++) {
		const struct klp_ipa_node *from = &graph->dump.nodes.v[graph->dump.edges.v[i].from];

		klp_map_put(&l->lines, klp_sprintf(work->arena, "%s %s", from->name, from->path),
			    l);
	}
}

int klp_closure__open_lto(struct klp_work *work)
{
	KLP_CLEANUP_FILEBUF struct klp_filebuf reader = {};
	struct klp_lto_work *l = klp_new(work->arena, struct klp_lto_work);

	if (klp_tree_lto_of(work->tree, work->unit, work->opts->jobs, &l->lto, work->findings,
			    work->err) < 0)
		return work->err->code;
	if (!l->lto)
		return 0;
	if (klp_symtab_load(work->arena, l->lto->path, &work->symtab, work->err) < 0)
		return work->err->code;
	if (!has_code(work)) {
		klp_closure__finding(
			work, KLP_ERROR, "KLP-LTO", NULL,
			klp_sprintf(work->arena,
				    "'%s' holds no machine code: it is to be linked "
				    "with link-time optimisation once more",
				    l->lto->output),
			"the dumps of the last link are needed; keep those, and its output");
		return 0;
	}
	klp_map_init(&l->owners, work->arena);
	klp_map_init(&l->handed, work->arena);
	klp_map_init(&l->symbols, work->arena);
	klp_map_init(&l->sources, work->arena);
	klp_map_init(&l->placed, work->arena);
	klp_map_init(&l->lines, work->arena);
	for (size_t i = 0; i < l->lto->objects.n; i++)
		if (read_object(work, l, &l->lto->objects.v[i], &reader) < 0)
			return work->err->code;
	sort_symbols(work, l);
	sort_lines(work, l);
	work->lto = l;
	work->dump = l->lto->graph.dump;
	work->dump_name = l->lto->output;
	work->usable = true;
	return 0;
}

/* ---- which function a symbol is ------------------------------------------------------------ */

struct identity {
	const char *file;      /* of the source; NULL when unknown */
	unsigned int line;     /* 0 when unknown */
	struct klp_unit *unit; /* NULL: several, of a header's function, or unknown */
};

static const struct klp_strs *owners_of(const struct klp_work *work, const char *symbol)
{
	static const struct klp_strs none;
	const struct klp_strs *owners =
		klp_map_getn(&work->lto->owners, symbol, klp_ipa_base_len(symbol));

	return owners ? owners : &none;
}

/* NULL when its command can't be read, which then is a unit that nobody asked about. */
static struct klp_unit *unit_at(const struct klp_work *work, const char *object)
{
	struct klp_error ignored = {};
	struct klp_unit *unit;

	if (!object || klp_tree_unit(work->tree, object, &unit, &ignored) < 0)
		return NULL;
	unit->lto_output = work->lto->lto->path;
	return unit;
}

static bool reads(const struct klp_work *work, const char *object, const char *file)
{
	const char *compiled = klp_map_get(&work->lto->sources, file);
	const struct klp_unit *unit;

	if (compiled && !strcmp(compiled, object))
		return true;
	unit = unit_at(work, object);
	return unit && klp_unit_reads(work->arena, work->tree, unit, file);
}

/* Nobody could name one of several symbols of one name. */
static bool is_unique(const struct klp_work *work, const char *symbol)
{
	const struct klp_sym *first = klp_symtab_function(&work->symtab, symbol);

	for (const struct klp_sym *s = first ? first->same : NULL; s; s = s->same)
		if (klp_sym_defined(s))
			return false;
	return first != NULL;
}

static const struct klp_placed *placed_of(const struct klp_work *work, const char *symbol)
{
	struct klp_lto_work *l = work->lto;
	struct klp_placed_vec list = {};
	struct klp_error ignored = {};

	if (!l->placed_loaded &&
	    klp_placed_load(work->arena, l->lto->path, &work->symtab, &list, &ignored) == 0)
		for (size_t i = 0; i < list.n; i++)
			if (list.v[i].file)
				klp_map_put(&l->placed, list.v[i].symbol, &list.v[i]);
	l->placed_loaded = true;
	return klp_map_get(&l->placed, symbol);
}

/* By the dumps, which name symbol and file, or by the debug information. */
static bool is_told(const struct klp_work *work, const char *symbol, struct identity *ret)
{
	const struct klp_lto_graph *graph = &work->lto->lto->graph;
	uintptr_t node = (uintptr_t)klp_map_get(&graph->symbols, symbol);
	const struct klp_placed *placed;
	const char *rel, *root;

	if (node && !klp_map_get(&graph->several, symbol)) {
		ret->file = graph->dump.nodes.v[node - 1].path;
		ret->line = graph->dump.nodes.v[node - 1].line;
		return true;
	}
	if (owners_of(work, symbol)->n == 1)
		return false; /* it needn't be looked for */
	placed = placed_of(work, symbol);
	if (!placed)
		return false;
	rel = klp_tree_relative(work->arena, work->tree, placed->file, &root);
	ret->file = rel ? rel : placed->file;
	ret->line = placed->line;
	return true;
}

enum answer { NO, YES, UNKNOWN };

static enum answer is_of_file(const struct klp_work *work, const char *symbol, const char *file)
{
	const struct klp_strs *owners = owners_of(work, symbol);
	struct identity told = {};
	size_t n = 0;

	if (!is_unique(work, symbol))
		return UNKNOWN;
	if (is_told(work, symbol, &told))
		return !strcmp(told.file, file);
	for (size_t i = 0; i < owners->n; i++)
		n += reads(work, owners->v[i], file);
	return !n ? NO : n == owners->n ? YES : UNKNOWN;
}

/* The first node of a function that stands in a file of each of its owners. */
static bool place_by_owners(const struct klp_work *work, const char *symbol, struct identity *ret)
{
	const char *plain = klp_ipa_plain_name(work->arena, symbol);
	const struct klp_strs *owners = owners_of(work, symbol);

	for (size_t i = 0; owners->n && i < work->dump.nodes.n; i++) {
		const struct klp_ipa_node *node = &work->dump.nodes.v[i];
		size_t n = 0;

		if (strcmp(node->name, plain))
			continue;
		while (n < owners->n && reads(work, owners->v[n], node->path))
			n++;
		if (n < owners->n)
			continue;
		ret->file = node->path;
		ret->line = node->line;
		return true;
	}
	if (owners->n != 1)
		return false;
	/* or a header, which no dump mentions */
	ret->file = unit_at(work, owners->v[0]) ? unit_at(work, owners->v[0])->source : NULL;
	return ret->file;
}

static bool identify(const struct klp_work *work, const char *symbol, struct identity *ret)
{
	const struct klp_strs *owners = owners_of(work, symbol);

	*ret = (struct identity){};
	if (!is_unique(work, symbol) ||
	    (!is_told(work, symbol, ret) && !place_by_owners(work, symbol, ret)))
		return false;
	if (owners->n == 1)
		ret->unit = unit_at(work, owners->v[0]);
	if (!ret->unit)
		ret->unit = unit_at(work, klp_map_get(&work->lto->sources, ret->file));
	for (size_t i = 0; !ret->unit && i < owners->n; i++)
		if (reads(work, owners->v[i], ret->file))
			ret->unit = unit_at(work, owners->v[i]);
	return ret->unit != NULL;
}

static void say_unknown(struct klp_work *work, const char *symbol, const char *file)
{
	size_t n = owners_of(work, symbol)->n;
	const char *why =
		is_unique(work, symbol)
			? klp_sprintf(work->arena, "%zu of the units linked have a '%.*s'", n,
				      (int)klp_ipa_base_len(symbol), symbol)
			: "several symbols have that name";

	klp_closure__finding(
		work, KLP_ERROR, "KLP-LTO-SYMBOL", NULL,
		file ? klp_sprintf(work->arena,
				   "whether '%s' is a function of '%s' can't be told: %s", symbol,
				   file, why)
		     : klp_sprintf(work->arena, "which unit '%s' is of can't be told: %s", symbol,
				   why),
		"the dumps don't tell; debug information in the link's output would (compile and "
		"link with -g)");
}

struct klp_unit *klp_closure__unit_of(struct klp_work *work, const char *symbol)
{
	struct identity id;

	if (!work->lto)
		return work->unit;
	if (identify(work, symbol, &id))
		return id.unit;
	say_unknown(work, symbol, NULL);
	return work->unit;
}

bool klp_closure__lto_place(const struct klp_work *work, const char *symbol, const char **ret_file,
			    unsigned int *ret_line)
{
	struct identity id;

	if (!identify(work, symbol, &id))
		return false;
	*ret_file = id.file;
	*ret_line = id.line;
	return true;
}

bool klp_closure__same(struct klp_work *work, const struct klp_sym *a, const struct klp_sym *b)
{
	size_t n = klp_ipa_base_len(a->name);
	struct identity x;

	return work->lto && n == klp_ipa_base_len(b->name) && !strncmp(a->name, b->name, n) &&
	       identify(work, a->name, &x) && is_of_file(work, b->name, x.file) == YES;
}

/* ---- what a function became ---------------------------------------------------------------- */

static bool is_alias_of_any(const struct klp_work *work, const struct klp_sym *sym,
			    const struct klp_strs *symbols)
{
	const struct klp_sym *other = NULL;

	while ((other = klp_symtab_alias(&work->symtab, sym, other)))
		if (klp_strs_has(symbols, other->name))
			return true;
	return false;
}

bool klp_closure__lto_symbols(struct klp_work *work, const char *function, const char *file,
			      bool clones, struct klp_strs *ret)
{
	const struct syms *syms =
		klp_map_getn(&work->lto->symbols, function, klp_ipa_base_len(function));
	bool told = true;

	for (size_t i = 0; syms && i < syms->n; i++) {
		const char *symbol = syms->v[i]->name;
		enum answer answer;

		if (!clones && strcmp(klp_ipa_plain_name(work->arena, symbol), function) != 0)
			continue;
		answer = is_of_file(work, symbol, file);
		if (answer == UNKNOWN) {
			say_unknown(work, symbol, file);
			work->any_code = true;
			told = false;
		}
		/* Copies of a header's function that the link made one of: redirected once. */
		if (answer == YES && !is_alias_of_any(work, syms->v[i], ret))
			klp_strs_add(work->arena, ret, symbol);
	}
	return told;
}

/* ---- equal functions ----------------------------------------------------------------------- */

/*
 * Before it inlines, the link makes one function of equal ones (-fipa-icf), of any files. What was
 * called by the other name is noted under the name that stayed.
 */
void klp_closure__lto_equals(struct klp_work *work, const char *symbol, struct klp_lto_nodes *ret)
{
	const struct klp_sym *sym = klp_symtab_function(&work->symtab, symbol), *other = NULL;

	while (sym && (other = klp_symtab_alias(&work->symtab, sym, other))) {
		const char *plain = klp_ipa_plain_name(work->arena, other->name);
		struct identity id;

		if (is_foreign(other) || klp_closure__same(work, sym, other))
			continue;
		if (!identify(work, other->name, &id)) {
			say_unknown(work, other->name, NULL);
			continue;
		}
		for (size_t i = 0; i < work->dump.nodes.n; i++)
			if (!strcmp(work->dump.nodes.v[i].name, plain) &&
			    !strcmp(work->dump.nodes.v[i].path, id.file))
				klp_vec_push(work->arena, ret, (uint32_t)i);
	}
}

/* Handed to the link, and nothing came of it: dropped, or one with another that has its name now.
 */
void klp_closure__lto_gone(struct klp_work *work, const char *name, const char *file)
{
	const struct klp_strs *owners = owners_of(work, name);
	bool ours = false;

	for (size_t i = 0; !ours && i < owners->n; i++)
		ours = reads(work, owners->v[i], file);
	if (!ours || !klp_map_get(&work->lto->handed, name) ||
	    klp_map_get(&work->lto->lines, klp_sprintf(work->arena, "%s %s", name, file)))
		return;
	work->any_code = true;
	klp_closure__finding(
		work, KLP_ERROR, "KLP-LTO-GONE", NULL,
		klp_sprintf(work->arena,
			    "the link of '%s' took '%s' of '%s', and left neither a symbol nor a "
			    "line of it",
			    work->dump_name, name, file),
		"either nothing uses it, and there is nothing to patch; or it was equal to another "
		"function, and what was made of it is noted under that one's name: see what calls "
		"it, or build with -fno-ipa-icf");
}

struct klp_unit *klp_closure__node_unit(struct klp_work *work, const struct klp_ipa_node *node)
{
	struct klp_unit *unit = unit_at(work, klp_map_get(&work->lto->sources, node->path));

	return unit ? unit : work->unit;
}

const char *klp_closure__dump_of(const struct klp_work *work, const struct klp_ipa_edge *edge)
{
	return work->lto ? klp_lto_dump_of(&work->lto->lto->graph, edge) : work->dump_name;
}

bool klp_closure__is_work_of(const struct klp_work *work, const struct klp_lto *lto)
{
	return work->lto && work->lto->lto == lto;
}
