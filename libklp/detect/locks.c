// SPDX-License-Identifier: GPL-2.0-or-later
#include "detect/locks.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/map.h"

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

/* Adds `step` for each call of a locking function. */
static void count(const struct klp_view *view, const struct klp_cdecl *d, intptr_t step,
		  struct klp_map *ret)
{
	for (uint32_t i = d->body; d->body && i + 1 < d->first + d->n; i++) {
		const struct klp_ctok *tok = &view->toks.v.v[i];
		void **slot;

		if (tok->kind != KLP_TOK_IDENT || !klp_tok_is(tok + 1, "(") ||
		    !is_locking(tok->p, tok->len))
			continue;
		slot = klp_map_slotn(ret, tok->p, tok->len);
		*slot = (void *)((intptr_t)*slot + step);
	}
}

static const char *times(struct klp_arena *arena, intptr_t n)
{
	return n == 1 ? "once" : n == 2 ? "twice" : klp_sprintf(arena, "%ld times", (long)n);
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
	return out.len ? out.p : NULL;
}
