// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Types and macros by the words of the text: one too many costs a line, one missing a build.
 */
#include "extract/fixed.h"

#include <stdio.h>
#include <string.h>

/*
 * `static struct foo { ... } bar;` is one item: when only struct foo is wanted, bar must not
 * be defined a second time.
 */
static int need_types(struct extraction *x, size_t i, const char *by)
{
	struct item *item = &x->items.v[i];
	bool variable = false;

	for (size_t j = 0; j < item->decls.n; j++)
		variable = variable || item->decls.v[j]->kind == KLP_TU_VARIABLE ||
			   item->decls.v[j]->kind == KLP_TU_FUNCTION;
	if (!variable)
		return klp_extract__need(x, i, ROLE_COPY, by);
	if (item->types)
		return 0;
	item->types = true;
	for (size_t j = 0; j < item->decls.n; j++) {
		const struct klp_tu_decl *d = item->decls.v[j];

		if (d->kind == KLP_TU_TYPE &&
		    klp_extract__scan_words(x, x->view->tu.files.v[d->file].text + d->from,
					    d->to - d->from, by) < 0)
			return x->err->code;
	}
	return 0;
}

static int need_all(struct extraction *x, const struct klp_map *map, const struct klp_ctok *tok,
		    const char *by)
{
	const struct klp_index *index = klp_map_getn(map, tok->p, tok->len);

	for (size_t i = 0; index && i < index->n; i++) {
		int rc = map == &x->types ? need_types(x, index->v[i], by)
					  : klp_extract__need(x, index->v[i], ROLE_COPY, by);

		if (rc < 0)
			return rc;
	}
	return 0;
}

/* toks[j] is the first "##" of `a ## x`, `x ## b`, or `a ## x ## b`. */
static void add_paste(struct extraction *x, const struct klp_ctoks *toks, size_t j)
{
	const struct klp_ctok *v = toks->v.v;
	const struct klp_ctok *a = &v[j - 1], *b = &v[j + 1];

	if (a->kind == KLP_TOK_IDENT)
		klp_strs_add(x->arena, &x->prefixes, klp_strndup(x->arena, a->p, a->len));
	if (b->kind == KLP_TOK_IDENT)
		klp_strs_add(x->arena, &x->suffixes, klp_strndup(x->arena, b->p, b->len));
	if (a->kind == KLP_TOK_IDENT && j + 3 < toks->v.n && klp_tok_is(&v[j + 2], "##") &&
	    v[j + 3].kind == KLP_TOK_IDENT)
		klp_vec_push(x->arena, &x->around,
			     (struct around){
				     klp_strndup(x->arena, a->p, a->len),
				     klp_strndup(x->arena, v[j + 3].p, v[j + 3].len),
			     });
}

/*
 * What the file's macros paste to a word: `x##_ops` makes foo_ops of foo. Functions define macros,
 * too.
 */
int klp_extract__collect_pastes(struct extraction *x)
{
	for (size_t i = 0; i < x->items.n; i++) {
		const struct item *item = &x->items.v[i];
		struct klp_ctoks toks = {};

		if (!memmem(klp_extract__item_text(x, item), item->to - item->from, "##", 2))
			continue;
		if (klp_ctok_source(x->arena, x->unit->source, klp_extract__item_text(x, item),
				    item->to - item->from, true, &toks, x->err) < 0)
			return x->err->code;
		for (size_t j = 1; j + 1 < toks.v.n; j++)
			if (klp_tok_is(&toks.v.v[j], "##"))
				add_paste(x, &toks, j);
	}
	return 0;
}

static int need_word(struct extraction *x, const struct klp_ctok *tok, const char *by)
{
	if (need_all(x, &x->macros, tok, by) < 0 || klp_extract__fixed_word(x, tok, by) < 0)
		return x->err->code;
	return need_all(x, &x->types, tok, by);
}

static int need_made(struct extraction *x, const char *before, const struct klp_ctok *tok,
		     const char *after, const char *by)
{
	struct klp_ctok pasted = *tok;
	char name[256];
	int n = snprintf(name, sizeof(name), "%s%.*s%s", before, (int)tok->len, tok->p, after);

	pasted.p = name;
	pasted.len = (uint32_t)n;
	return (size_t)n < sizeof(name) ? need_word(x, &pasted, by) : 0;
}

/* The macros and types whose names a macro could paste together from a word of the text. */
static int need_pasted(struct extraction *x, const struct klp_ctok *tok, const char *by)
{
	for (size_t i = 0; i < x->prefixes.n; i++)
		if (need_made(x, x->prefixes.v[i], tok, "", by) < 0)
			return x->err->code;
	for (size_t i = 0; i < x->suffixes.n; i++)
		if (need_made(x, "", tok, x->suffixes.v[i], by) < 0)
			return x->err->code;
	for (size_t i = 0; i < x->around.n; i++)
		if (need_made(x, x->around.v[i].before, tok, x->around.v[i].after, by) < 0)
			return x->err->code;
	return 0;
}

int klp_extract__scan_words(struct extraction *x, const char *text, size_t len, const char *by)
{
	struct klp_ctoks toks = {};

	if (klp_ctok_source(x->arena, x->unit->source, text, len, true, &toks, x->err) < 0)
		return x->err->code;
	for (size_t i = 0; i < toks.v.n; i++) {
		const struct klp_ctok *tok = &toks.v.v[i];

		if (tok->kind == KLP_TOK_IDENT &&
		    (need_word(x, tok, by) < 0 || need_pasted(x, tok, by) < 0))
			return x->err->code;
	}
	return 0;
}
