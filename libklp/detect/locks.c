// SPDX-License-Identifier: GPL-2.0-or-later
#include "detect/locks.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/map.h"

#define MAX_CALL     80	  /* characters of a call that a message shows */
#define MAX_COMPARED 4096 /* characters of a call that are looked at: none is so long */

/* The name begins with "atomic", "atomic64" or "atomic_long", and adds or subtracts. */
static bool is_counting(const char *name, size_t len)
{
	static const char *const parts[] = { "inc", "dec", "add", "sub" };

	if (len < 6 || strncmp(name, "atomic", 6))
		return false;
	for (size_t i = 6; i + 4 <= len; i++)
		for (size_t k = 0; name[i] == '_' && k < sizeof(parts) / sizeof(*parts); k++)
			if (!strncmp(name + i + 1, parts[k], 3) &&
			    (i + 4 == len || name[i + 4] == '_'))
				return true;
	return false;
}

/* mutex_lock, _raw_spin_unlock_irqrestore, down_read, kref_put: by the parts of the name. */
static bool is_locking(const char *name, size_t len)
{
	static const char *const parts[] = { "lock",	 "unlock",   "trylock",	 "refcount",
					     "kref",	 "rdlock",   "wrlock",	 "seqlock",
					     "seqbegin", "seqretry", "seqcount", "semaphore" };
	bool down = len > 5 && (!strncmp(name, "down_", 5) || !strncmp(name, "up_", 3));

	for (size_t from = 0, to; from < len; from = to + 1) {
		for (to = from; to < len && name[to] != '_'; to++)
			;
		for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
			if (to - from == strlen(parts[i]) &&
			    !strncmp(name + from, parts[i], to - from))
				return true;
		if (down && ((to - from == 4 && !strncmp(name + from, "read", 4)) ||
			     (to - from == 5 && !strncmp(name + from, "write", 5))))
			return true;
	}
	return (len == 4 && !strncmp(name, "down", 4)) || (len == 2 && !strncmp(name, "up", 2));
}

static bool locks_or_counts(const char *name, size_t len)
{
	return is_locking(name, len) || is_counting(name, len);
}

/* Adds `step` for each call of a locking function. */
static void count(const struct klp_view *view, const struct klp_cdecl *d, intptr_t step,
		  struct klp_map *ret)
{
	for (uint32_t i = d->body; d->body && i + 1 < d->first + d->n; i++) {
		const struct klp_ctok *tok = &view->toks.v.v[i];
		void **slot;

		if (tok->kind != KLP_TOK_IDENT || !klp_tok_is(tok + 1, "(") ||
		    !locks_or_counts(tok->p, tok->len))
			continue;
		slot = klp_map_slotn(ret, tok->p, tok->len);
		*slot = (void *)((intptr_t)*slot + step);
	}
}

static const char *times(struct klp_arena *arena, intptr_t n)
{
	return n == 1 ? "once" : n == 2 ? "twice" : klp_sprintf(arena, "%ld times", (long)n);
}

/* The call at a token, to its closing bracket: "mutex_lock(&a->lock)". */
static const char *spell(struct klp_arena *arena, const struct klp_view *view,
			 const struct klp_cdecl *d, uint32_t at)
{
	struct klp_buf out;
	int depth = 0;

	klp_buf_init(&out, arena);
	for (uint32_t i = at; i < d->first + d->n; i++) {
		const struct klp_ctok *tok = &view->toks.v.v[i];
		bool words = i > at && tok->kind == KLP_TOK_IDENT && tok[-1].kind == KLP_TOK_IDENT;

		klp_buf_addf(&out, "%s%.*s", words ? " " : "", (int)tok->len, tok->p);
		depth += klp_tok_is(tok, "(") ? 1 : klp_tok_is(tok, ")") ? -1 : 0;
		if ((!depth && i > at) || out.len > MAX_COMPARED)
			break;
	}
	return out.p;
}

/* The calls of locking functions, in their order. */
static struct klp_strs sequence(struct klp_arena *arena, const struct klp_view *view,
				const struct klp_cdecl *d)
{
	struct klp_strs calls = {};

	for (uint32_t i = d->body; d->body && i + 1 < d->first + d->n; i++) {
		const struct klp_ctok *tok = &view->toks.v.v[i];

		if (tok->kind == KLP_TOK_IDENT && klp_tok_is(tok + 1, "(") &&
		    locks_or_counts(tok->p, tok->len))
			klp_vec_push(arena, &calls, spell(arena, view, d, i));
	}
	return calls;
}

/* As many calls of each: are they on the same locks, and in the same order? */
static const char *other_locks(struct klp_arena *arena, const struct klp_strs *old,
			       const struct klp_strs *new)
{
	for (size_t i = 0; i < old->n && i < new->n; i++)
		if (strcmp(old->v[i], new->v[i]))
			return klp_sprintf(arena, "%.*s where %.*s was", MAX_CALL, new->v[i],
					   MAX_CALL, old->v[i]);
	return NULL;
}

const char *klp_detect__locks(struct klp_arena *arena, const struct klp_view *before,
			      const struct klp_cdecl *old, const struct klp_view *after,
			      const struct klp_cdecl *new)
{
	struct klp_map calls;
	struct klp_buf out;

	klp_map_init(&calls, arena);
	count(before, old, -1, &calls);
	count(after, new, 1, &calls);
	klp_buf_init(&out, arena);
	for (size_t i = 0; i < calls.n; i++) {
		intptr_t n = (intptr_t)calls.entries[i].value;

		if (n)
			klp_buf_addf(&out, "%s%.*s() %s %s", out.len ? ", " : "",
				     (int)calls.entries[i].len, calls.entries[i].key,
				     times(arena, n > 0 ? n : -n), n > 0 ? "more" : "less");
	}
	if (!out.len) {
		struct klp_strs was = sequence(arena, before, old);
		struct klp_strs is = sequence(arena, after, new);

		return other_locks(arena, &was, &is);
	}
	return out.p;
}
