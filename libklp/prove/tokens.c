// SPDX-License-Identifier: GPL-2.0-or-later
#include "prove/private.h"

/* The tokens of one function, from its name on. */
struct text {
	struct klp_ctok_vec v;
};

static bool is_word(const struct klp_ctok *tok, const char *word)
{
	return tok->kind == KLP_TOK_IDENT && klp_tok_is(tok, word);
}

/* What the original calls the word; NULL when it is no name of the livepatch's own. */
static const char *original_word(const struct klp_prove_names *names, const struct klp_ctok *tok)
{
	return tok->kind == KLP_TOK_IDENT ? klp_map_getn(&names->words, tok->p, tok->len) : NULL;
}

/* The length of the statement that begins at `at`, with its ';'. */
static size_t statement(const struct klp_ctok_vec *v, size_t at)
{
	unsigned int depth = 0;

	for (size_t i = at; i < v->n; i++) {
		char c = v->v[i].kind == KLP_TOK_PUNCT && v->v[i].len == 1 ? *v->v[i].p : 0;

		if (c == '(' || c == '[' || c == '{')
			depth++;
		else if ((c == ')' || c == ']' || c == '}') && depth)
			depth--;
		else if (c == ';' && !depth)
			return i + 1 - at;
	}
	return v->n - at;
}

/* `(*klpe_foo)`, which stands for foo. */
static bool is_pointer(const struct klp_ctok *v, size_t n, const struct klp_prove_names *names)
{
	return n >= 4 && klp_tok_is(&v[0], "(") && klp_tok_is(&v[1], "*") &&
	       v[2].kind == KLP_TOK_IDENT && klp_tok_is(&v[3], ")") &&
	       klp_map_getn(&names->pointers, v[2].p, v[2].len);
}

/*
 * Behind the specifiers: a patched function needn't be static, or inline, any more. names: what a
 * copy calls things; NULL for the original.
 */
static struct text text_of(struct klp_arena *arena, const struct klp_ctoks *toks,
			   const struct klp_cdecl *d, const struct klp_prove_names *names)
{
	struct text text = {};
	bool name = false;

	for (size_t i = d->at; i < d->first + d->n; i++) {
		const struct klp_ctok *tok = &toks->v.v[i];

		name = name || is_word(tok, d->name);
		if (name && names && is_pointer(tok, d->first + d->n - i, names)) {
			klp_vec_push(arena, &text.v, tok[2]);
			i += 3;
		} else if (name) {
			klp_vec_push(arena, &text.v, *tok);
		}
	}
	return text;
}

static void cut(struct text *text, size_t at, size_t n)
{
	memmove(text->v.v + at, text->v.v + at + n, (text->v.n - at - n) * sizeof(*text->v.v));
	text->v.n -= n;
}

static bool is_type(const struct klp_ctok *tok)
{
	return is_word(tok, "struct") || is_word(tok, "union") || is_word(tok, "enum");
}

/* The link name that an asm label gives, without its quotes: another token otherwise. */
static struct klp_ctok label_word(const struct klp_ctok *tok)
{
	struct klp_ctok word = *tok;

	if (tok->kind == KLP_TOK_STRING && tok->len > 2) {
		word.kind = KLP_TOK_IDENT;
		word.p++;
		word.len -= 2;
	}
	return word;
}

/* A declaration of the kernel's symbol; what it declares is noted, used or not. */
static bool is_declaration(struct klp_arena *arena, const struct text *text, size_t at,
			   const struct klp_prove_names *names, struct klp_strs *ret_shared)
{
	bool ours = false;

	if (at >= text->v.n || !is_word(&text->v.v[at], "extern"))
		return false;
	for (size_t i = at; i < at + statement(&text->v, at); i++) {
		const struct klp_ctok word = label_word(&text->v.v[i]);
		const char *name = original_word(names, &word);

		if (name)
			klp_strs_add(arena, ret_shared, name);
		ours = ours || name;
	}
	return ours;
}

/*
 * A static local that is the kernel's: its definition has become declarations under a link
 * name, behind the type when that was defined there, too. They go.
 */
static void cut_declarations(struct klp_arena *arena, struct text *copy,
			     const struct klp_prove_names *names, struct klp_strs *ret_shared)
{
	for (size_t i = 0; i < copy->v.n; i++) {
		size_t n = statement(&copy->v, i);

		if (is_declaration(arena, copy, i, names, ret_shared) ||
		    (is_type(&copy->v.v[i]) &&
		     is_declaration(arena, copy, i + n, names, ret_shared)))
			cut(copy, i--, n);
	}
}

/* A declarator's name is followed by what no type's is. */
static bool is_declared(const struct text *text, size_t i)
{
	const struct klp_ctok *next = &text->v.v[i + 1];

	return i + 1 < text->v.n &&
	       (next->kind == KLP_TOK_PUNCT ? *next->p != '*' : is_word(next, "__attribute__"));
}

static bool declares(const struct text *text, size_t at, size_t n, const struct klp_strs *names)
{
	for (size_t i = at; i < at + n; i++)
		for (size_t k = 0; k < names->n; k++)
			if (is_word(&text->v.v[i], names->v[k]) && is_declared(text, i))
				return true;
	return false;
}

static void cut_definitions(struct text *original, const struct klp_strs *shared)
{
	for (size_t i = 0; i < original->v.n; i++) {
		size_t n = statement(&original->v, i);

		if (is_word(&original->v.v[i], "static") && declares(original, i, n, shared))
			cut(original, i--, n);
	}
}

static bool same_token(const struct klp_ctok *original, const struct klp_ctok *copy,
		       const struct klp_prove_names *names)
{
	const char *name = original_word(names, copy);

	if (original->kind != copy->kind)
		return false;
	if (original->len == copy->len && !memcmp(original->p, copy->p, copy->len))
		return true;
	return name && klp_tok_is(original, name);
}

static bool same_text(struct klp_arena *arena, struct text original, struct text copy,
		      const struct klp_prove_names *names)
{
	struct klp_strs shared = {};

	cut_declarations(arena, &copy, names, &shared);
	cut_definitions(&original, &shared);
	for (size_t i = 0; i < original.v.n && i < copy.v.n; i++)
		if (!same_token(&original.v.v[i], &copy.v.v[i], names))
			return false;
	return original.v.n == copy.v.n;
}

/* Both are the same place of a text that is there once: of headers (cc/head.h). */
static bool is_shared(const struct klp_ctoks *a, const struct klp_cdecl *x,
		      const struct klp_ctoks *b, const struct klp_cdecl *y)
{
	return a->v.v[x->first].p == b->v.v[y->first].p && x->n == y->n;
}

void klp_prove__tokens(struct klp_arena *arena, const struct klp_prove_tokens *text,
		       const struct klp_view *view, const struct klp_prove_names *names,
		       const struct klp_strs *stale, struct klp_strs *ret_differ)
{
	for (size_t i = 0; i < text->decls.n; i++) {
		const struct klp_cdecl *copy = &text->decls.v[i], *original;
		const char *name = klp_map_get(&names->words, copy->name);

		if (copy->kind != KLP_CDECL_FUNCTION || (stale && klp_strs_has(stale, copy->name)))
			continue;
		name = name ? name : copy->name;
		original = klp_map_get(&view->functions, name);
		if (!original || is_shared(&view->toks, original, &text->toks, copy))
			continue;
		if (!same_text(arena, text_of(arena, &view->toks, original, NULL),
			       text_of(arena, &text->toks, copy, names), names))
			klp_vec_push(arena, ret_differ, name);
	}
}
