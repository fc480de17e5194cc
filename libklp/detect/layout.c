// SPDX-License-Identifier: GPL-2.0-or-later
#include "detect/layout.h"

#include <string.h>

KLP_VEC(words, const struct klp_ctok *);

struct text {
	struct klp_arena *arena;
	const struct klp_ctok *tok;
	uint32_t n;
	struct words out;
};

static bool is(const struct text *t, uint32_t i, const char *s)
{
	return i < t->n && klp_tok_is(&t->tok[i], s);
}

/* The next token of this depth: a bracket counts with all that is in it. */
static uint32_t behind(const struct text *t, uint32_t i)
{
	return klp_tok_opens(&t->tok[i]) ? klp_tok_behind(t->tok, t->n, i) : i + 1;
}

/* The ';' of the member that begins at i. */
static uint32_t end_of_member(const struct text *t, uint32_t i, uint32_t to)
{
	while (i < to && !is(t, i, ";"))
		i = behind(t, i);
	return i < to ? i : to;
}

/* `struct { } name`: of no size. */
static bool is_empty(const struct text *t, uint32_t from, uint32_t to)
{
	return to - from == 4 && is(t, from, "struct") && is(t, from + 1, "{") &&
	       is(t, from + 2, "}") && t->tok[from + 3].kind == KLP_TOK_IDENT;
}

/* One member of one name, without bits or attributes. */
static bool is_plain(const struct text *t, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to;) {
		if (is(t, i, ",") || is(t, i, ":") || is(t, i, "__attribute__"))
			return false;
		i = behind(t, i);
	}
	return to > from && !is(t, to - 1, "}");
}

/*
 * The only member with a size of an unnamed struct within another type: what it is aligned to,
 * the struct is, and it lies where that does.
 */
static bool only_member(const struct text *t, uint32_t at, uint32_t end, uint32_t *from,
			uint32_t *to)
{
	uint32_t found = 0;

	for (uint32_t i = at + 2; i + 1 < end;) {
		uint32_t semicolon = end_of_member(t, i, end - 1);

		if (!is_empty(t, i, semicolon)) {
			*from = i;
			*to = semicolon;
			found++;
		}
		i = semicolon + 1;
	}
	return found == 1 && is_plain(t, *from, *to);
}

static void add(struct text *t, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to;) {
		uint32_t end = is(t, i, "struct") && is(t, i + 1, "{") ? behind(t, i + 1) : i;
		uint32_t inner = 0, inner_end = 0;

		if (end > i && is(t, end, ";") && only_member(t, i, end, &inner, &inner_end)) {
			add(t, inner, inner_end);
			i = end;
			continue;
		}
		klp_vec_push(t->arena, &t->out, &t->tok[i]);
		i += is(t, i, "[") && is(t, i + 1, "0") && is(t, i + 2, "]") ? 2 : 1;
	}
}

static struct words normal(struct klp_arena *arena, const struct klp_view *view,
			   const struct klp_cdecl *d)
{
	struct text t = { .arena = arena, .tok = &view->toks.v.v[d->first], .n = d->n };

	add(&t, 0, t.n);
	return t.out;
}

bool klp_detect__same_layout(struct klp_arena *arena, const struct klp_view *before,
			     const struct klp_cdecl *old, const struct klp_view *after,
			     const struct klp_cdecl *new)
{
	struct words a = normal(arena, before, old), b = normal(arena, after, new);

	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (a.v[i]->len != b.v[i]->len || memcmp(a.v[i]->p, b.v[i]->p, a.v[i]->len))
			return false;
	return true;
}
