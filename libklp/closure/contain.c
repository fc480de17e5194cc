// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From the dump: whose code contains the changed function. The lines are events in time, but
 * they are followed here without regard to their order: a copy that was inlined before its
 * original took something in is named too, which is safe. Nodes of one name (recursion makes
 * several) count as one.
 */
#include "closure/private.h"

#include <string.h>

struct reached {
	const char *name;
	struct klp_cause cause;
};
KLP_VEC(reached_vec, struct reached);

struct walk {
	struct klp_work *work;
	struct reached_vec list; /* in the order of discovery; it is the queue as well */
	struct klp_map seen;
};

static void add(struct walk *walk, const char *name, const struct klp_cause *cause)
{
	struct reached reached = { name, *cause };

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

/* The function, and the clones of it that were emitted though no line tells of them. */
static void add_roots(struct walk *walk, const struct klp_change *change)
{
	const struct klp_symtab *symtab = &walk->work->symtab;
	struct klp_cause cause = {
		.kind = KLP_REASON_CHANGED,
		.of = change->function,
		.evidence = klp_sprintf(walk->work->arena, "%s:%u: %s is changed by the fix",
					change->file, change->line, change->function),
		.change = change,
	};

	add(walk, change->function, &cause);
	for (size_t i = 0; i < symtab->n; i++)
		if (symtab->v[i].type == STT_FUNC && klp_sym_defined(&symtab->v[i]) &&
		    is_clone_of(symtab->v[i].name, change->function))
			add(walk, symtab->v[i].name, &cause);
}

static void follow(struct walk *walk, const char *name)
{
	const struct klp_work *work = walk->work;
	const struct klp_ipa_dump *dump = &work->dump;

	for (size_t i = 0; i < dump->edges.n; i++) {
		const struct klp_ipa_edge *edge = &dump->edges.v[i];
		const char *to = dump->nodes.v[edge->to].name;
		struct klp_cause cause = { .kind = KLP_REASON_INLINED, .of = name };

		if (strcmp(dump->nodes.v[edge->from].name, name) || klp_map_get(&walk->seen, to))
			continue;
		cause.evidence =
			edge->kind == KLP_IPA_INLINE
				? klp_sprintf(work->arena, "%s:%u: %s inlining to %s",
					      work->dump_name, edge->line, name, to)
				: klp_sprintf(work->arena, "%s:%u: %s cloned (%s) to %s",
					      work->dump_name, edge->line, name, edge->how, to);
		add(walk, to, &cause);
	}
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

	work->change = change;
	work->any_code = false;
	work->first = NULL;
	klp_map_init(&walk.seen, work->arena);
	add_roots(&walk, change);
	for (size_t i = 0; i < walk.list.n; i++)
		follow(&walk, walk.list.v[i].name);
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
