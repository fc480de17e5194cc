// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which symbol a static local is. The compiler numbers them in an order of its own: `count.1`
 * and `count.3` may be anybody's `count`. What is known: a variable is referred to by code that
 * contains its function, each symbol is one function's, and a symbol has the size and the kind
 * of section that its definition asks for. What follows from that is taken; nothing else is.
 */
#include "extract/private.h"

#include <string.h>

#include "base/file.h"
#include "parsers/ipa.h"
#include "tree/graph.h"

/* ---- the object's references and the compiler's dump ------------------------------------- */

static int open_dump(struct extraction *x)
{
	const struct klp_graph_unit *known = NULL;
	size_t len;
	char *text;

	if (x->have_dump)
		return 0;
	if (x->tree->graph && klp_graph_unit(x->tree->graph, x->unit->object, &known, x->err) < 0)
		return x->err->code;
	if (known)
		x->dump = known->dump;
	else if (x->unit->dump &&
		 (klp_file_read(x->arena, x->unit->dump, KLP_MAX_TEXT, &text, &len, x->err) < 0 ||
		  klp_ipa_parse(x->arena, x->unit->dump, text, len, &x->dump, x->err) < 0))
		return x->err->code;
	x->have_dump = true;
	return 0;
}

static int open_references(struct extraction *x, const struct klp_symtab *symtab,
			   struct references *ret)
{
	if (open_dump(x) < 0 || klp_refs_load(x->arena, symtab, &ret->refs, x->err) < 0)
		return x->err->code;
	klp_map_init(&ret->holders, x->arena);
	ret->symtab = symtab;
	return 0;
}

/* The object that runs: where it lies is known, so that reading it costs nothing. */
static int open_shipped(struct extraction *x)
{
	return x->shipped.symtab ? 0 : open_references(x, x->object, &x->shipped);
}

/* Compiled again with a section for each variable: see elf/refs.h on what that makes exact. */
static int open_sectioned(struct extraction *x)
{
	struct klp_symtab *symtab;
	char *object;

	if (x->sectioned.symtab)
		return 0;
	symtab = klp_new(x->arena, struct klp_symtab);
	if (klp_cc_sectioned(x->arena, x->unit, x->opts->workdir, &object, x->err) < 0 ||
	    klp_symtab_load(x->arena, object, symtab, x->err) < 0)
		return x->err->code;
	return open_references(x, symtab, &x->sectioned);
}

/*
 * The functions whose code may contain that of `function`: itself, its clones, and whatever
 * the dump says that it was inlined into. Lines of the dump are events in the order of time.
 */
static struct klp_map *holders(struct extraction *x, struct references *in, const char *function)
{
	struct klp_map *map = klp_map_get(&in->holders, function);
	size_t n = strlen(function);

	if (map)
		return map;
	map = klp_new(x->arena, struct klp_map);
	klp_map_init(map, x->arena);
	klp_map_put(&in->holders, function, map);
	klp_map_put(map, function, map);
	for (size_t i = 1; i < in->symtab->n; i++) {
		const char *name = in->symtab->v[i].name;

		if (in->symtab->v[i].type == STT_FUNC && klp_ipa_base_len(name) == n &&
		    !memcmp(name, function, n))
			klp_map_put(map, name, map);
	}
	for (size_t i = 0; i < x->dump.edges.n; i++) {
		const struct klp_ipa_edge *edge = &x->dump.edges.v[i];

		if (klp_map_get(map, x->dump.nodes.v[edge->from].name))
			klp_map_put(map, x->dump.nodes.v[edge->to].name, map);
	}
	return map;
}

/* ---- owners and symbols ------------------------------------------------------------------ */

/* A definition of a static local of the name in question. */
struct owner {
	const char *function;
	const struct klp_tu_local *local; /* NULL in a header's function */
	const struct klp_sym *symbol;	  /* NULL until it is known */
};

struct candidate {
	const struct klp_sym *symbol;
	bool owned;
};

struct matching {
	KLP_VEC(, struct owner) owners;
	KLP_VEC(, struct candidate) candidates;
	bool *possible; /* [owner * candidates.n + candidate] */
};

/* Every function of the unit that defines a static local of that name, headers' ones too. */
static void find_owners(struct extraction *x, const char *name, struct matching *m)
{
	const struct klp_view *view = klp_extract__original_view(x);

	for (size_t i = 0; i < view->cdecls.n; i++) {
		const struct klp_cdecl *c = &view->cdecls.v[i];
		const struct klp_tu_decl *d;
		struct local_texts texts = {};

		if (c->kind != KLP_CDECL_FUNCTION)
			continue;
		d = klp_tu_find(&view->tu, c->name);
		for (size_t j = 0; d && d->definition && j < d->locals.n; j++)
			if (!strcmp(d->locals.v[j].name, name))
				klp_vec_push(x->arena, &m->owners,
					     (struct owner){ d->name, &d->locals.v[j], NULL });
		if (d && d->definition)
			continue;
		klp_extract__local_texts(x, view, c, name, &texts);
		for (size_t j = 0; j < texts.n; j++)
			klp_vec_push(x->arena, &m->owners, (struct owner){ c->name, NULL, NULL });
	}
}

bool klp_extract__is_numbered(const char *symbol, const char *name)
{
	size_t n = strlen(name);

	return !strncmp(symbol, name, n) && symbol[n] == '.' && symbol[n + 1] &&
	       !symbol[n + 1 + strspn(symbol + n + 1, "0123456789")];
}

static void find_candidates(struct extraction *x, const struct klp_symtab *symtab,
			    const char *name, struct matching *m)
{
	for (size_t i = 1; i < symtab->n; i++)
		if (symtab->v[i].type == STT_OBJECT && klp_sym_defined(&symtab->v[i]) &&
		    klp_extract__is_numbered(symtab->v[i].name, name))
			klp_vec_push(x->arena, &m->candidates,
				     (struct candidate){ &symtab->v[i], false });
}

/* ".data", or ".data.count.3" by -fdata-sections; not one that an attribute asks for. */
static bool in_plain(const struct klp_sym *sym, const char *section)
{
	size_t n = strlen(section);

	return !strncmp(sym->section, section, n) &&
	       (!sym->section[n] ||
		(sym->section[n] == '.' && !strcmp(sym->section + n + 1, sym->name)));
}

static bool is_record(const char *type)
{
	return !strncmp(type, "struct ", 7) || !strncmp(type, "union ", 6);
}

/*
 * False when the symbol can't be what that definition makes. What nobody writes may be put
 * among the constants, whatever it was declared as; a record that ends in an array without
 * bounds may be larger than its type.
 */
static bool fits(const struct klp_tu_local *l, const struct klp_sym *sym)
{
	uint64_t size = (uint64_t)l->size;

	if (l->sized && sym->size != size &&
	    !(l->initialised && sym->size > size && is_record(l->canonical)))
		return false;
	if (l->is_const && !strstr(l->canonical, "volatile") &&
	    (in_plain(sym, ".data") || in_plain(sym, ".bss")))
		return false;
	if (!l->initialised && in_plain(sym, ".data"))
		return false;
	return !l->nonzero || !in_plain(sym, ".bss");
}

static bool is_used_in(const struct klp_refs *refs, const struct klp_map *functions,
		       const struct klp_sym *sym)
{
	for (size_t i = 0; i < refs->n; i++) {
		const struct klp_ref *r = &refs->v[i];

		if (r->to == sym && r->from && r->from->type == STT_FUNC &&
		    klp_map_get(functions, r->from->name))
			return true;
	}
	return false;
}

static void find_possible(struct extraction *x, struct references *in, struct matching *m)
{
	m->possible = klp_alloc_array(x->arena, m->owners.n * m->candidates.n + 1, sizeof(bool));
	for (size_t i = 0; i < m->owners.n; i++) {
		const struct owner *o = &m->owners.v[i];
		const struct klp_map *functions = holders(x, in, o->function);

		for (size_t j = 0; j < m->candidates.n; j++) {
			const struct klp_sym *sym = m->candidates.v[j].symbol;

			m->possible[i * m->candidates.n + j] =
				(!o->local || fits(o->local, sym)) &&
				is_used_in(&in->refs, functions, sym);
		}
	}
}

/* A symbol that can be only one definition's is that one's, which then has no other. */
static bool settle_one(struct matching *m)
{
	size_t n = m->candidates.n;

	for (size_t j = 0; j < n; j++) {
		size_t only = SIZE_MAX, count = 0;

		for (size_t i = 0; i < m->owners.n; i++)
			if (m->possible[i * n + j]) {
				only = i;
				count++;
			}
		if (m->candidates.v[j].owned || count != 1)
			continue;
		m->candidates.v[j].owned = true;
		m->owners.v[only].symbol = m->candidates.v[j].symbol;
		for (size_t k = 0; k < n; k++)
			m->possible[only * n + k] = k == j;
		return true;
	}
	return false;
}

/* ---- the answer -------------------------------------------------------------------------- */

static enum local_is answer_for(const struct matching *m, const struct original_local *l,
				const struct klp_sym **ret)
{
	for (size_t i = 0; i < m->owners.n; i++) {
		const struct owner *o = &m->owners.v[i];

		if (o->local != l->local)
			continue;
		*ret = o->symbol;
		for (size_t j = 0; !o->symbol && j < m->candidates.n; j++)
			if (m->possible[i * m->candidates.n + j])
				return LOCAL_AMBIGUOUS;
		return o->symbol ? LOCAL_FOUND : LOCAL_GONE;
	}
	return LOCAL_GONE;
}

/* What the probe says must be among what is possible. */
static bool is_candidate_of(const struct matching *m, const struct original_local *l,
			    const struct klp_sym *sym)
{
	for (size_t i = 0; i < m->owners.n; i++)
		for (size_t j = 0; m->owners.v[i].local == l->local && j < m->candidates.n; j++)
			if (m->candidates.v[j].symbol == sym &&
			    m->possible[i * m->candidates.n + j])
				return true;
	return false;
}

/* The object that runs was made by another command than ours: it must have the same symbol. */
static bool in_object(const struct extraction *x, const struct klp_sym *sym)
{
	const struct klp_sym *other = klp_symtab_get(x->object, sym->name);

	while (other &&
	       !(klp_sym_defined(other) && other->type == STT_OBJECT && other->size == sym->size))
		other = other->same;
	return other != NULL;
}

static void match(struct extraction *x, struct references *in, const char *name,
		  struct matching *ret)
{
	find_owners(x, name, ret);
	find_candidates(x, in->symtab, name, ret);
	find_possible(x, in, ret);
	while (settle_one(ret))
		;
}

int klp_extract__local_symbol(struct extraction *x, const struct original_local *l,
			      enum local_is *ret_is, struct klp_symref *ret)
{
	const struct klp_sym *sym = NULL;
	struct matching m = {};
	int rc;

	if (open_shipped(x) < 0)
		return x->err->code;
	match(x, &x->shipped, l->local->name, &m);
	*ret_is = answer_for(&m, l, &sym);
	/* One definition and one symbol, used where it should be: nothing to take it for. */
	if (*ret_is != LOCAL_FOUND || m.owners.n != 1 || m.candidates.n != 1) {
		m = (struct matching){};
		if (open_sectioned(x) < 0)
			return x->err->code;
		match(x, &x->sectioned, l->local->name, &m);
		*ret_is = answer_for(&m, l, &sym);
	}
	if (*ret_is == LOCAL_AMBIGUOUS) {
		if (klp_extract__probe_local(x, l, ret_is, &sym) < 0)
			return x->err->code;
		if (*ret_is == LOCAL_FOUND && !is_candidate_of(&m, l, sym))
			*ret_is = LOCAL_AMBIGUOUS;
	}
	if (*ret_is != LOCAL_FOUND)
		return 0;
	*ret_is = LOCAL_GONE;
	if (!in_object(x, sym))
		return 0;
	rc = klp_extract__resolve_own(x, sym->name, ret);
	if (rc > 0)
		*ret_is = LOCAL_FOUND;
	return rc < 0 ? rc : 0;
}
