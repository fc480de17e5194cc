// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The definitions of static locals in the preprocessed text: there macros are what they
 * stand for, and functions of headers are seen as well.
 */
#include "extract/private.h"

#include <string.h>

/* Where one declarator of a statement stands in it. */
struct declarator {
	uint32_t name; /* token; 0: it declares something else */
	bool initialiser;
};

/* The name: on its own, or in `(*name)`. Not a tag, nor in a type or an array's bounds. */
static bool is_name(const struct klp_ctok *v, uint32_t i, const char *name, int parens, int others)
{
	if (v[i].kind != KLP_TOK_IDENT || !klp_tok_is(&v[i], name) || others ||
	    klp_tok_is(&v[i - 1], "struct") || klp_tok_is(&v[i - 1], "union") ||
	    klp_tok_is(&v[i - 1], "enum"))
		return false;
	return !parens || klp_tok_is(&v[i - 1], "*");
}

/* One statement from its `static` on; what is behind it. */
static uint32_t statement(struct extraction *x, const struct klp_ctok *v, uint32_t i, uint32_t end,
			  const char *name, struct local_texts *ret)
{
	struct declarator d = {};
	int parens = 0, others = 0;

	for (i++; i < end; i++) {
		const struct klp_ctok *tok = &v[i];

		if (klp_tok_opens(tok))
			*(klp_tok_is(tok, "(") ? &parens : &others) += 1;
		if (klp_tok_closes(tok))
			*(klp_tok_is(tok, ")") ? &parens : &others) -= 1;
		if (parens < 0 || others < 0)
			return i;
		if (!d.name && !d.initialiser && is_name(v, i, name, parens, others))
			d.name = i;
		if (parens || others)
			continue;
		d.initialiser = d.initialiser || klp_tok_is(tok, "=");
		if (!klp_tok_is(tok, ",") && !klp_tok_is(tok, ";"))
			continue;
		if (d.name)
			klp_vec_push(x->arena, ret, (struct local_text){ v + d.name, i - d.name });
		if (klp_tok_is(tok, ";"))
			return i;
		d = (struct declarator){};
	}
	return i;
}

void klp_extract__local_texts(struct extraction *x, const struct klp_view *view,
			      const struct klp_cdecl *d, const char *name, struct local_texts *ret)
{
	const struct klp_ctok *v = view->toks.v.v;
	uint32_t end = d->first + d->n;

	for (uint32_t i = d->body; i < end; i++)
		if (klp_tok_is(&v[i], "static"))
			i = statement(x, v, i, end, name, ret);
}

static bool same_tokens(const struct klp_ctok *a, size_t na, const struct klp_ctok *b, size_t nb)
{
	if (na != nb)
		return false;
	for (size_t i = 0; i < na; i++)
		if (a[i].len != b[i].len || memcmp(a[i].p, b[i].p, a[i].len) != 0)
			return false;
	return true;
}

/* The text of a function's n-th variable of that name, out of as many as libclang saw. */
static bool text_of(struct extraction *x, const struct original_local *l, struct local_text *ret)
{
	const struct klp_cdecl *d = klp_map_get(&l->view->functions, l->function->name);
	const struct klp_tu_locals *locals = &l->function->locals;
	struct local_texts texts = {};
	size_t same = 0, nth = 0;

	if (!d)
		return false;
	klp_extract__local_texts(x, l->view, d, l->local->name, &texts);
	for (size_t i = 0; i < locals->n; i++) {
		if (strcmp(locals->v[i].name, l->local->name) != 0)
			continue;
		if (&locals->v[i] < l->local)
			nth++;
		same++;
	}
	if (same != texts.n)
		return false;
	*ret = texts.v[nth];
	return true;
}

static int source_tokens(struct extraction *x, const struct original_local *l,
			 struct klp_ctoks *ret)
{
	const struct klp_tu_file *f = &l->view->tu.files.v[l->local->file];

	return klp_ctok_source(x->arena, f->name, f->text + l->local->from,
			       l->local->to - l->local->from, false, ret, x->err);
}

int klp_extract__local_same_text(struct extraction *x, const struct original_local *a,
				 const struct original_local *b)
{
	struct local_text p, q;
	struct klp_ctoks r = {}, s = {};

	if (text_of(x, a, &p) && text_of(x, b, &q))
		return same_tokens(p.v, p.n, q.v, q.n);
	/* the two readings differ: the source's own words, macros as they stand */
	if (source_tokens(x, a, &r) < 0 || source_tokens(x, b, &s) < 0)
		return x->err->code;
	return same_tokens(r.v.v, r.v.n, s.v.v, s.v.n);
}
