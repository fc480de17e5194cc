// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From the dump: whose code contains the changed function. The lines are events in time and are
 * gone through once, in their order: a copy holds what its original held when it was taken. (In
 * Linux 6.1, vfs_rmdir() took in dont_mount() after it had been split, so vfs_rmdir.part.0
 * doesn't hold that.) Nothing is missed by that, because gcc notes each thing that it later puts
 * into such a copy as put into the function around it: inlined_to in gcc/ipa-inline-transform.c
 * clone_inlined_nodes().
 *
 * Nodes of one name count as one, whatever their order number: gcc numbers inlined bodies anew,
 * so that a copy of a copy is noted under another number than what went into the first. (With
 * link-time optimisation the dumps of several units are joined; there a node is a function of a
 * file.)
 */
#include "closure/private.h"

#include <string.h>

#define NO_NODE UINT32_MAX

struct reached {
	const char *name;
	uint32_t node; /* with link-time optimisation; a symbol that has none: NO_NODE */
	struct klp_cause cause;
};
KLP_VEC(reached_vec, struct reached);

struct walk {
	struct klp_work *work;
	struct reached_vec list; /* in the order of discovery */
	struct klp_map seen;
};

static void add(struct walk *walk, const char *name, const struct klp_cause *cause)
{
	struct reached reached = { name, NO_NODE, *cause };

	if (klp_map_get(&walk->seen, name))
		return;
	klp_map_put(&walk->seen, name, walk);
	klp_vec_push(walk->work->arena, &walk->list, reached);
}

static bool is_clone_of(const char *symbol, const char *function)
{
	size_t n = strlen(function);

	return klp_ipa_base_len(symbol) == n && !memcmp(symbol, function, n) && symbol[n];
}

/* Where a clone of the changed function comes from, for the picture of the way. */
static void note_clone(struct klp_work *work, const char *function, const char *clone)
{
	const struct klp_ipa_dump *dump = &work->dump;
	struct klp_cause cause = {
		.kind = strstr(clone, ".part.") ? KLP_REASON_PART : KLP_REASON_CLONE,
		.of = function,
		.evidence = klp_sprintf(work->arena, "%s: symbol %s", work->unit->object, clone),
	};

	if (strstr(clone, ".cold"))
		return;
	for (size_t i = 0; i < dump->edges.n; i++) {
		const struct klp_ipa_edge *edge = &dump->edges.v[i];

		/* "(null)" makes a copy of the same name, to be inlined into itself */
		if (edge->kind != KLP_IPA_CLONE || strcmp(dump->nodes.v[edge->to].name, clone) ||
		    !strcmp(dump->nodes.v[edge->from].name, clone))
			continue;
		cause.of = dump->nodes.v[edge->from].name;
		cause.evidence =
			klp_sprintf(work->arena, "%s:%u: %s cloned (%s) to %s", work->dump_name,
				    edge->line, cause.of, edge->how, clone);
		break;
	}
	/* foo.part.0 became foo.part.0.isra.0 */
	if (klp_closure__step(work, clone, &cause) && is_clone_of(cause.of, function))
		note_clone(work, function, cause.of);
}

/* The function, and the clones of it that were emitted though no line tells of them. */
static void add_roots(struct walk *walk, const struct klp_change *change,
		      const struct klp_cause *cause)
{
	const struct klp_symtab *symtab = &walk->work->symtab;

	add(walk, change->function, cause);
	for (size_t i = 0; i < symtab->n; i++)
		if (symtab->v[i].type == STT_FUNC && klp_sym_defined(&symtab->v[i]) &&
		    is_clone_of(symtab->v[i].name, change->function)) {
			add(walk, symtab->v[i].name, cause);
			note_clone(walk->work, change->function, symtab->v[i].name);
		}
}

/* For each node the first one of its name; joined ones are one for each function. */
static void unite_names(struct klp_work *work)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	const struct klp_ipa_nodes *nodes = &work->dump.nodes;
	struct klp_map first;

	if (work->same)
		return;
	klp_map_init(&first, scratch);
	work->same = klp_alloc_array(work->arena, nodes->n, sizeof(*work->same));
	for (size_t i = 0; i < nodes->n; i++) {
		const char *name = nodes->v[i].name;
		void **slot;

		work->same[i] = (uint32_t)i;
		if (work->lto)
			continue;
		slot = klp_map_slotn(&first, name, strlen(name));
		if (!*slot)
			*slot = (void *)&nodes->v[i];
		work->same[i] = (uint32_t)((const struct klp_ipa_node *)*slot - nodes->v);
	}
}

/* Its name may be that of other functions, too. */
static void add_node(struct walk *walk, uint32_t node, const struct klp_cause *cause)
{
	struct reached reached = { walk->work->dump.nodes.v[node].name, node, *cause };

	klp_vec_push(walk->work->arena, &walk->list, reached);
}

static void follow(struct walk *walk, const struct klp_ipa_edge *edge)
{
	struct klp_work *work = walk->work;
	const struct klp_ipa_node *nodes = work->dump.nodes.v;
	const char *from = nodes[edge->from].name, *to = nodes[edge->to].name;
	struct klp_cause cause = { .kind = KLP_REASON_INLINED, .of = from };

	if (work->dwarf_only)
		cause.evidence =
			klp_sprintf(work->arena, "%s: debug information: %s inlined into %s",
				    work->unit->object, from, to);
	else if (edge->kind == KLP_IPA_INLINE)
		cause.evidence =
			klp_sprintf(work->arena, "%s:%u: %s inlining to %s",
				    klp_closure__dump_of(work, edge), edge->line, from, to);
	else
		cause.evidence = klp_sprintf(work->arena, "%s:%u: %s cloned (%s) to %s",
					     klp_closure__dump_of(work, edge), edge->line, from,
					     edge->how, to);
	if (!work->lto) {
		klp_closure__step(work, to, &cause);
		add(walk, to, &cause);
		return;
	}
	cause.of_unit = klp_closure__node_unit(work, &nodes[edge->from]);
	klp_closure__step_to(work, to, klp_closure__node_unit(work, &nodes[edge->to]), &cause);
	add_node(walk, edge->to, &cause);
}

/* holds: of the first node of each name, whether the function contains the changed code. */
static void follow_all(struct walk *walk, bool *holds)
{
	const struct klp_work *work = walk->work;
	const struct klp_ipa_dump *dump = &work->dump;

	for (size_t i = 0; i < walk->list.n; i++)
		if (walk->list.v[i].node != NO_NODE)
			holds[walk->list.v[i].node] = true;
	for (size_t i = 0; i < dump->nodes.n; i++)
		if (klp_map_get(&walk->seen, dump->nodes.v[i].name))
			holds[work->same[i]] = true;
	for (size_t i = 0; i < dump->edges.n; i++) {
		const struct klp_ipa_edge *edge = &dump->edges.v[i];

		if (!holds[work->same[edge->from]] || holds[work->same[edge->to]])
			continue;
		holds[work->same[edge->to]] = true;
		follow(walk, edge);
	}
}

/* ---- link-time optimisation ---------------------------------------------------------------- */

static void add_nodes_of(struct walk *walk, const struct klp_change *change,
			 const struct klp_cause *cause)
{
	const struct klp_ipa_nodes *nodes = &walk->work->dump.nodes;

	for (size_t i = 0; i < nodes->n; i++)
		if (!strcmp(nodes->v[i].name, change->function) &&
		    !strcmp(nodes->v[i].path, change->file))
			add_node(walk, (uint32_t)i, cause);
}

/* The symbols of what was reached, each for its first reason. */
struct found {
	struct klp_strs symbols;
	KLP_VEC(, struct klp_cause) causes;
};

static void take_symbols(struct walk *walk, struct found *found, const struct klp_strs *symbols,
			 const struct klp_cause *cause)
{
	struct klp_arena *arena = walk->work->arena;

	for (size_t i = 0; i < symbols->n; i++) {
		if (klp_map_get(&walk->seen, symbols->v[i]))
			continue;
		klp_map_put(&walk->seen, symbols->v[i], walk);
		klp_vec_push(arena, &found->symbols, symbols->v[i]);
		klp_vec_push(arena, &found->causes, *cause);
	}
}

static void emitted(struct walk *walk, size_t from, struct found *found)
{
	struct klp_work *work = walk->work;

	for (size_t i = from; i < walk->list.n; i++) {
		const struct reached reached = walk->list.v[i];
		const char *file = work->dump.nodes.v[reached.node].path;
		struct klp_strs symbols = {};

		if (klp_closure__lto_symbols(work, reached.name, file, false, &symbols) &&
		    !symbols.n)
			klp_closure__lto_gone(work, reached.name, file);
		take_symbols(walk, found, &symbols, &reached.cause);
	}
}

/* What is one with a symbol: its lines may mean the other one. True when there is anything new. */
static bool take_equals(struct klp_work *work, const struct found *found, size_t from, bool *holds)
{
	bool any = false;

	for (size_t i = from; i < found->symbols.n; i++) {
		struct klp_lto_nodes equals = {};

		klp_closure__lto_equals(work, found->symbols.v[i], &equals);
		for (size_t k = 0; k < equals.n; k++) {
			any = any || !holds[equals.v[k]];
			holds[equals.v[k]] = true;
		}
	}
	return any;
}

static void find_all(struct walk *walk, const struct klp_change *change,
		     const struct klp_cause *cause, struct found *found, struct klp_strs *own)
{
	struct klp_work *work = walk->work;
	bool *holds = klp_alloc(work->arena, work->dump.nodes.n);
	size_t reached = 0, symbols = 0;

	add_nodes_of(walk, change, cause);
	unite_names(work);
	if (klp_closure__lto_symbols(work, change->function, change->file, false, own) && !own->n)
		klp_closure__lto_gone(work, change->function, change->file);
	take_symbols(walk, found, own, cause);
	do {
		follow_all(walk, holds);
		emitted(walk, reached, found);
		reached = walk->list.n;
		if (!take_equals(work, found, symbols, holds))
			return;
		symbols = found->symbols.n;
	} while (true);
}

static int contain_lto(struct walk *walk, const struct klp_change *change,
		       const struct klp_cause *cause)
{
	struct klp_work *work = walk->work;
	struct klp_strs own = {}, all = {};
	struct found found = {};

	find_all(walk, change, cause, &found, &own);
	/* Clones that no line tells of. */
	klp_closure__lto_symbols(work, change->function, change->file, true, &all);
	take_symbols(walk, &found, &all, cause);
	for (size_t i = 0; i < found.symbols.n; i++)
		if (klp_closure__reach(work, found.symbols.v[i], &found.causes.v[i]) < 0)
			return work->err->code;
	if (work->any_code && !own.n)
		klp_closure__copy(work, change->function,
				  all.n ? KLP_COPY_SPECIALISED : KLP_COPY_NO_SYMBOL,
				  work->first ? work->first : change->function);
	return 0;
}

static bool has_clone_symbol(const struct klp_work *work, const char *function)
{
	for (size_t i = 0; i < work->symtab.n; i++) {
		const struct klp_sym *sym = &work->symtab.v[i];

		if (sym->type == STT_FUNC && klp_sym_defined(sym) &&
		    is_clone_of(sym->name, function) && !strstr(sym->name, ".cold"))
			return true;
	}
	return false;
}

int klp_closure__contain(struct klp_work *work, const struct klp_change *change)
{
	struct walk walk = { .work = work };
	const char *f = change->function;
	const bool named = change->kind == KLP_NAMED;
	const struct klp_cause cause = {
		.kind = named ? KLP_REASON_NAMED : KLP_REASON_CHANGED,
		.of = f,
		.evidence = klp_sprintf(work->arena, "%s:%u: %s is %s", change->file, change->line,
					f, named ? "asked for" : "changed by the fix"),
		.change = change,
	};

	work->change = change;
	work->any_code = false;
	work->first = NULL;
	klp_map_init(&walk.seen, work->arena);
	if (work->lto)
		return contain_lto(&walk, change, &cause);
	add_roots(&walk, change, &cause);
	unite_names(work);
	follow_all(&walk, klp_alloc(work->arena, work->dump.nodes.n));
	for (size_t i = 0; i < walk.list.n; i++)
		if (klp_closure__reach(work, walk.list.v[i].name, &walk.list.v[i].cause) < 0)
			return work->err->code;
	if (work->any_code && !klp_symtab_function(&work->symtab, f))
		klp_closure__copy(work, f,
				  has_clone_symbol(work, f) ? KLP_COPY_SPECIALISED
							    : KLP_COPY_NO_SYMBOL,
				  work->first ? work->first : f);
	return 0;
}
