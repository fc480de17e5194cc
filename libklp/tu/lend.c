// SPDX-License-Identifier: GPL-2.0-or-later
#include "tu/lend.h"

#include <string.h>

#include "base/file.h"

static bool same_token(const struct klp_ctok *a, const struct klp_ctok *b)
{
	return a->kind == b->kind && a->len == b->len && !memcmp(a->p, b->p, a->len);
}

struct body {
	const struct klp_ctok *v;
	uint32_t n;
};

static struct body body_of(const struct klp_view *view, const struct klp_cdecl *d)
{
	return (struct body){ &view->toks.v.v[d->body], d->first + d->n - d->body };
}

/* The next "static" from *i on, and the length of its declaration; NULL when there is none. */
static const struct klp_ctok *next_static(const struct body *body, uint32_t *i, uint32_t *ret_n)
{
	uint32_t start;

	while (*i < body->n && !klp_tok_is(&body->v[*i], "static"))
		++*i;
	start = *i;
	while (*i < body->n && !klp_tok_is(&body->v[*i], ";"))
		*i = klp_tok_opens(&body->v[*i]) ? klp_tok_behind(body->v, body->n, *i) : *i + 1;
	*ret_n = *i - start;
	return start < body->n ? &body->v[start] : NULL;
}

/* A declaration could mean something else there though it reads the same. */
static bool has_types(const struct body *body)
{
	static const char *const words[] = {
		"typedef",     "typeof", "__typeof__", "__typeof",
		"__auto_type", "sizeof", "_Alignof",   "__alignof__",
	};

	for (uint32_t i = 0; i < body->n; i++) {
		const struct klp_ctok *tok = &body->v[i];
		bool tag = klp_tok_is(tok, "struct") || klp_tok_is(tok, "union") ||
			   klp_tok_is(tok, "enum");
		uint32_t at = i + 1;

		if (tag && at < body->n && body->v[at].kind == KLP_TOK_IDENT)
			at++;
		if (tag && at < body->n && klp_tok_is(&body->v[at], "{"))
			return true;
		for (size_t w = 0; w < sizeof(words) / sizeof(*words); w++)
			if (klp_tok_is(tok, words[w]))
				return true;
	}
	return false;
}

/* Variables that outlive a call are declarations like those outside: the same, in one order. */
static bool same_statics(const struct body *x, const struct body *y)
{
	uint32_t i = 0, k = 0, n, m;

	for (bool any = false;; any = true) {
		const struct klp_ctok *a = next_static(x, &i, &n), *b = next_static(y, &k, &m);

		if (!a && !b)
			return !any || (!has_types(x) && !has_types(y));
		if (!a || !b || n != m)
			return false;
		for (uint32_t at = 0; at < n; at++)
			if (!same_token(&a[at], &b[at]))
				return false;
	}
}

static bool same_but_body(const struct klp_view *a, const struct klp_cdecl *x,
			  const struct klp_view *b, const struct klp_cdecl *y)
{
	struct body one, other;

	if (x->kind != y->kind || strcmp(x->name, y->name) != 0)
		return false;
	if (x->hash == y->hash && x->n == y->n)
		return true;
	if (x->kind != KLP_CDECL_FUNCTION || !x->body || !y->body ||
	    x->body - x->first != y->body - y->first)
		return false;
	one = body_of(a, x);
	other = body_of(b, y);
	if (!same_statics(&one, &other))
		return false;
	for (uint32_t i = 0; x->first + i < x->body; i++)
		if (!same_token(&a->toks.v.v[x->first + i], &b->toks.v.v[y->first + i]))
			return false;
	return true;
}

/* Of what the fix touches, the unit reads its own file alone. */
static bool reads_only_itself(struct klp_arena *arena, const struct klp_view *view)
{
	for (size_t i = 0; view->overlay && i < view->toks.files.n; i++) {
		const char *path = klp_path_join(arena, view->unit->cwd, view->toks.files.v[i]);
		const char *below = klp_path_below(klp_path_clean(arena, path), view->overlay->dir);

		if (below && strcmp(below, view->unit->source) != 0)
			return false;
	}
	return true;
}

bool klp_view__may_lend(struct klp_arena *arena, const struct klp_view *after,
			const struct klp_view *before)
{
	if (after->cdecls.n != before->cdecls.n || !reads_only_itself(arena, after) ||
	    !reads_only_itself(arena, before))
		return false;
	for (size_t i = 0; i < after->cdecls.n; i++)
		if (!same_but_body(after, &after->cdecls.v[i], before, &before->cdecls.v[i]))
			return false;
	return true;
}
