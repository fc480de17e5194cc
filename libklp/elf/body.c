// SPDX-License-Identifier: GPL-2.0-or-later
#include "elf/body.h"

#include <stdlib.h>
#include <string.h>

/* No function comes near this; what says so is a damaged symbol table. */
#define MAX_SIZE ((uint64_t)1 << 20)
/* Functions that never return call another, as far as anybody wants to know. */
#define MAX_DEPTH 4
/* Bytes of functions that are called: those of a damaged file may call a large one at every byte.
 */
#define MAX_CALLED ((uint64_t)8 << 20)

/*
 * The task is gone behind these: kernel/exit.c, kernel/kthread.c, kernel/sched/core.c. Whoever
 * merely comes to one of them is not stayed in, though do_task_dead() itself ends in a loop.
 */
static const char *const ends[] = {
	"do_task_dead",
	"do_exit",
	"do_group_exit",
	"make_task_dead",
	"kthread_exit",
	"kthread_complete_and_exit",
	"__module_put_and_kthread_exit",
	"complete_and_exit",	 /* before 5.17 */
	"__module_put_and_exit", /* before 5.17 */
};

/*
 * The system is at an end behind these, or what a module calls in vmlinux doesn't come back; of
 * all others their code is asked.
 */
static const char *const stops[] = {
	"panic",	   "__stack_chk_fail", "fortify_panic",
	"__fortify_panic", "usercopy_abort",   "__ubsan_handle_builtin_unreachable",
};

enum call { RETURNS, STOPS, ENDS, STAYS };

static bool is_one_of(const struct klp_sym *sym, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(sym->name, names[i]))
			return true;
	return false;
}
#define IS_ONE_OF(sym, names) is_one_of(sym, names, sizeof(names) / sizeof((names)[0]))

static const struct klp_body_part *part_at(const struct klp_body *body,
					   const struct klp_place *place)
{
	for (size_t i = 0; i < body->parts.n; i++) {
		const struct klp_body_part *part = &body->parts.v[i];

		if (!place->sym && part->shndx == place->shndx && place->value >= part->value &&
		    place->value - part->value < part->size)
			return part;
	}
	return NULL;
}

/* Whether a place is in the function. One of its parts that is new is put to the others. */
static bool belongs(struct klp_arena *arena, struct klp_body *body, const struct klp_place *place)
{
	struct klp_sym *owner;

	if (part_at(body, place))
		return true;
	if (place->sym || !place->shndx)
		return false;
	owner = klp_symtab_covering(body->code->symtab, place->shndx, place->value);
	if (!owner || owner->type != STT_FUNC || !owner->size ||
	    klp_symtab_parent(body->code->symtab, owner)->place != body->function->place)
		return false;
	klp_vec_push(arena, &body->parts,
		     (struct klp_body_part){ owner->shndx, owner->value, owner->size });
	return true;
}

static bool leads_out(struct klp_arena *arena, struct klp_body *body, const struct klp_insn *insn)
{
	switch (insn->flow) {
	case KLP_FLOW_RETURN:
	case KLP_FLOW_INDIRECT:
		return true;
	case KLP_FLOW_JUMP:
	case KLP_FLOW_BRANCH:
		return !belongs(arena, body, &insn->to);
	default:
		return false;
	}
}

/* Behind the last call or trap there is nothing: it doesn't come back. */
static bool falls_off(const struct klp_body *body, const struct klp_body_part *part)
{
	size_t n = part->n;

	while (n && body->insns.v[part->first + n - 1].flow == KLP_FLOW_NOP)
		n--;
	return !n || body->insns.v[part->first + n - 1].flow == KLP_FLOW_ON ||
	       body->insns.v[part->first + n - 1].flow == KLP_FLOW_BRANCH;
}

int klp_body__read(struct klp_arena *arena, const struct klp_code *code,
		   const struct klp_sym *function, struct klp_body *ret, struct klp_error *err)
{
	struct klp_body body = { .code = code, .function = function };
	bool bad;

	klp_vec_push(arena, &body.parts,
		     (struct klp_body_part){ function->shndx, function->value, function->size });
	for (size_t i = 0; i < body.parts.n && !body.unknown; i++) {
		struct klp_body_part part = body.parts.v[i];

		if (part.size > MAX_SIZE) {
			body.unknown = "has the size of no function";
			break;
		}
		part.first = body.insns.n;
		if (klp_code__read(arena, code, part.shndx, part.value, part.value + part.size,
				   &body.insns, &bad, err) < 0)
			return err->code;
		if (bad)
			body.unknown = "has instructions that aren't known";
		part.n = body.insns.n - part.first;
		body.parts.v[i] = part;
		for (size_t k = 0; k < part.n; k++)
			body.leaves |= leads_out(arena, &body, &body.insns.v[part.first + k]);
		body.leaves |= falls_off(&body, &part);
	}
	*ret = body;
	return 0;
}

/* The ways through a function that never leaves. */
struct edge {
	size_t to, from;
};
KLP_VEC(edges, struct edge);

struct graph {
	struct klp_arena *arena;
	const struct klp_body *body;
	size_t n;
	size_t *jump;	     /* where an instruction jumps to; n for one that doesn't */
	bool *on;	     /* the next one may follow it */
	bool *ending;	     /* the end of the task can be reached from it */
	struct edges edges;  /* the jumps, by their ends */
	unsigned int depth;  /* of functions that were asked for this one */
	uint64_t *left;	     /* of MAX_CALLED */
	unsigned char *seen; /* by walk() */
};

/* The instruction that covers a place in the function. */
static size_t index_of(const struct klp_body *body, const struct klp_place *place)
{
	const struct klp_body_part *part = part_at(body, place);
	size_t low = part->first, high = part->first + part->n;

	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (body->insns.v[mid].at <= place->value)
			low = mid;
		else
			high = mid;
	}
	return low;
}

bool klp_body__again(struct klp_arena *arena, const struct klp_body *body, size_t insn)
{
	size_t n = body->insns.n, nwork = 0, *work = klp_alloc_array(arena, n + 1, sizeof(*work));
	bool *seen = klp_alloc_array(arena, n + 1, sizeof(*seen)); /* n: none behind a part's end */

	for (size_t i = 0; i < body->parts.n && !body->unknown; i++)
		if (insn + 1 == body->parts.v[i].first + body->parts.v[i].n)
			return false;
	work[nwork++] = insn + 1;
	while (nwork && !body->unknown) {
		size_t i = work[--nwork];
		const struct klp_insn *at = &body->insns.v[i];
		bool jumps = at->flow == KLP_FLOW_JUMP || at->flow == KLP_FLOW_BRANCH;
		size_t next[2] = { n, n };

		if (i == insn)
			return true;
		if (jumps && part_at(body, &at->to))
			next[0] = index_of(body, &at->to);
		if (at->flow == KLP_FLOW_ON || at->flow == KLP_FLOW_NOP ||
		    at->flow == KLP_FLOW_CALL || at->flow == KLP_FLOW_BRANCH)
			next[1] = i + 1;
		for (size_t k = 0; k < body->parts.n; k++)
			if (next[1] == body->parts.v[k].first + body->parts.v[k].n)
				next[1] = n;
		for (int k = 0; k < 2; k++) {
			if (next[k] == n || seen[next[k]])
				continue;
			seen[next[k]] = true;
			work[nwork++] = next[k];
		}
	}
	return false;
}

static int stays(struct klp_arena *arena, const struct klp_body *body, unsigned int depth,
		 uint64_t *left, bool *ret, struct klp_error *err);

/* What becomes of a task that makes a call. */
static int call_of(const struct graph *g, const struct klp_insn *insn, enum call *ret,
		   struct klp_error *err)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = NULL;
	const struct klp_sym *callee = klp_code__named(g->body->code, &insn->to);
	struct klp_body body;
	bool staying;

	*ret = RETURNS;
	if (!callee || callee == g->body->function)
		return 0;
	if (IS_ONE_OF(callee, ends)) {
		*ret = ENDS;
		return 0;
	}
	if (IS_ONE_OF(callee, stops)) {
		*ret = STOPS;
		return 0;
	}
	if (!klp_sym_defined(callee) || callee->type != STT_FUNC || !callee->size ||
	    g->depth >= MAX_DEPTH || callee->size > *g->left)
		return 0;
	*g->left -= callee->size;
	scratch = klp_arena_new();
	if (klp_body__read(scratch, g->body->code, callee, &body, err) < 0)
		return err->code;
	if (body.unknown || body.leaves)
		return 0;
	if (stays(scratch, &body, g->depth + 1, g->left, &staying, err) < 0)
		return err->code;
	*ret = staying ? STAYS : STOPS;
	return 0;
}

static int by_end(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	return x->from < y->from ? -1 : x->from > y->from;
}

enum { STAYING = 2 }; /* in graph.seen: a call that a task doesn't come back from */

static int make_graph(struct graph *g, struct klp_error *err)
{
	const struct klp_body *body = g->body;

	g->n = body->insns.n;
	g->jump = klp_alloc_array(g->arena, g->n, sizeof(*g->jump));
	g->on = klp_alloc_array(g->arena, g->n, sizeof(*g->on));
	g->ending = klp_alloc_array(g->arena, g->n, sizeof(*g->ending));
	g->seen = klp_alloc(g->arena, g->n);
	for (size_t i = 0; i < g->n; i++) {
		const struct klp_insn *insn = &body->insns.v[i];
		enum call call = RETURNS;

		if (insn->flow == KLP_FLOW_CALL && call_of(g, insn, &call, err) < 0)
			return err->code;
		g->ending[i] = call == ENDS;
		g->seen[i] = call == STAYS ? STAYING : 0;
		g->on[i] = call == RETURNS && insn->flow != KLP_FLOW_JUMP &&
			   insn->flow != KLP_FLOW_TRAP;
		g->jump[i] = g->n;
		if (insn->flow != KLP_FLOW_JUMP && insn->flow != KLP_FLOW_BRANCH)
			continue;
		g->jump[i] = index_of(body, &insn->to);
		klp_vec_push(g->arena, &g->edges, (struct edge){ g->jump[i], i });
	}
	for (size_t i = 0; i < body->parts.n; i++)
		g->on[body->parts.v[i].first + body->parts.v[i].n - 1] = false;
	if (g->edges.n)
		qsort(g->edges.v, g->edges.n, sizeof(*g->edges.v), by_end);
	return 0;
}

/* Back from each instruction that ends the task. */
static void mark_ending(struct graph *g)
{
	size_t *work = klp_alloc_array(g->arena, g->n, sizeof(*work)), nwork = 0;

	for (size_t i = 0; i < g->n; i++)
		if (g->ending[i])
			work[nwork++] = i;
	while (nwork) {
		size_t i = work[--nwork], low = 0, high = g->edges.n;

		if (i && g->on[i - 1] && !g->ending[i - 1]) {
			g->ending[i - 1] = true;
			work[nwork++] = i - 1;
		}
		while (low < high) {
			size_t mid = low + (high - low) / 2;

			if (g->edges.v[mid].to < i)
				low = mid + 1;
			else
				high = mid;
		}
		for (; low < g->edges.n && g->edges.v[low].to == i; low++) {
			size_t from = g->edges.v[low].from;

			if (g->ending[from])
				continue;
			g->ending[from] = true;
			work[nwork++] = from;
		}
	}
}

/* From the entry: a place without an end is reached a second time, or a call that stays. */
static bool walk(struct graph *g)
{
	enum { NEW, OPEN = 4, DONE };
	size_t *path = klp_alloc_array(g->arena, g->n, sizeof(*path)), depth = 0, next;
	unsigned char *tried = klp_alloc(g->arena, g->n), *seen = g->seen;

	path[depth++] = 0;
	while (depth) {
		size_t i = path[depth - 1];

		if (seen[i] == STAYING)
			return true;
		seen[i] = OPEN;
		if (tried[i] == 2) {
			seen[i] = DONE;
			depth--;
			continue;
		}
		next = tried[i]++ ? (g->on[i] ? i + 1 : g->n) : g->jump[i];
		if (next == g->n || seen[next] == DONE)
			continue;
		if (seen[next] != OPEN)
			path[depth++] = next;
		else if (!g->ending[next])
			return true;
	}
	return false;
}

static int stays(struct klp_arena *arena, const struct klp_body *body, unsigned int depth,
		 uint64_t *left, bool *ret, struct klp_error *err)
{
	struct graph g = { .arena = arena, .body = body, .depth = depth, .left = left };

	if (make_graph(&g, err) < 0)
		return err->code;
	mark_ending(&g);
	*ret = walk(&g);
	return 0;
}

int klp_body__stays(struct klp_arena *arena, const struct klp_body *body, bool *ret,
		    struct klp_error *err)
{
	uint64_t left = MAX_CALLED;

	*ret = false;
	if (IS_ONE_OF(body->function, ends) || IS_ONE_OF(body->function, stops))
		return 0;
	return stays(arena, body, 0, &left, ret, err);
}
