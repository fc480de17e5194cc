// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Names that are more than references: __func__ prints the function's, a macro that makes a
 * string of its argument, like lock initialisers and assertions, prints the argument's, one
 * that pastes makes other names of it, and one may name a member by it, too. Such a name must stay
 * as it is in the text; an asm label then gives it the symbol that it stands for.
 */
#include "extract/private.h"

#include <ctype.h>
#include <string.h>

static bool is_word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static bool has_word(const struct klp_ctok *string, const char *word)
{
	size_t len = strlen(word);
	const char *end = string->p + string->len, *p = string->p;

	while ((p = memmem(p, (size_t)(end - p), word, len)) != NULL) {
		if (!is_word_char(p[-1]) && !is_word_char(p[len]))
			return true;
		p += len;
	}
	return false;
}

/* "foo_ops" and "__param_foo" are made of foo. */
static bool is_pasted_of(const struct klp_ctok *ident, const char *word)
{
	size_t len = strlen(word);
	const char *end = ident->p + ident->len - len;

	if (ident->len <= len)
		return false;
	return (!memcmp(ident->p, word, len) && ident->p[len] == '_') ||
	       (!memcmp(end, word, len) && end[-1] == '_');
}

static bool has_token(const struct klp_ctoks *toks, const struct klp_ctok *tok)
{
	for (size_t i = 0; i < toks->v.n; i++)
		if (toks->v.v[i].kind == tok->kind && toks->v.v[i].len == tok->len &&
		    !memcmp(toks->v.v[i].p, tok->p, tok->len))
			return true;
	return false;
}

/* How often the word is a member's name: p->word, s.word, { .word = 1 }. */
static size_t count_members(const struct klp_ctok *v, size_t n, const char *word)
{
	size_t count = 0;

	for (size_t i = 1; i < n; i++)
		count += klp_tok_is(&v[i], word) &&
			 (klp_tok_is(&v[i - 1], ".") || klp_tok_is(&v[i - 1], "->"));
	return count;
}

/*
 * A token behind the preprocessor is made of the word, and none such stands in the file; or a
 * macro that is given a variable takes a member of that name as well.
 */
static bool says(struct extraction *x, const struct item *item, const char *function,
		 const char *word)
{
	const struct klp_cdecl *d = klp_map_get(&x->view->functions, function);
	size_t members = d ? count_members(&x->view->toks.v.v[d->first], d->n, word) : 0;
	struct klp_ctoks written = {};
	struct klp_error ignored = {};

	if (members) {
		if (klp_ctok_source(x->arena, x->unit->source, klp_extract__item_text(x, item),
				    item->to - item->from, true, &written, &ignored) < 0)
			return false;
		if (count_members(written.v.v, written.v.n, word) < members)
			return true;
	}
	for (uint32_t i = 0; d && i < d->n; i++) {
		const struct klp_ctok *tok = &x->view->toks.v.v[d->first + i];

		if (!(tok->kind == KLP_TOK_STRING && has_word(tok, word)) &&
		    !(tok->kind == KLP_TOK_IDENT && is_pasted_of(tok, word)))
			continue;
		if (!written.v.n &&
		    klp_ctok_source(x->arena, x->unit->source, klp_extract__item_text(x, item),
				    item->to - item->from, true, &written, &ignored) < 0)
			return false;
		if (!has_token(&written, tok))
			return true;
	}
	return false;
}

bool klp_extract__says_itself(const struct extraction *x, const char *function)
{
	static const char *const words[] = { "__func__", "__FUNCTION__", "__PRETTY_FUNCTION__" };
	const struct klp_cdecl *d = klp_map_get(&x->view->functions, function);

	for (size_t i = 0; d && i < sizeof(words) / sizeof(*words); i++)
		if (klp_extract__mentions(x, d, words[i]))
			return true;
	return false;
}

/* The function or macro's use that a use of an entity stands in. */
static const char *function_of(const struct item *item)
{
	for (size_t i = 0; i < item->decls.n; i++)
		if (item->decls.v[i]->kind == KLP_TU_FUNCTION && item->decls.v[i]->definition)
			return item->decls.v[i]->name;
	return NULL;
}

/*
 * To C, `extern int foo` is the same variable in every block. With an asm label it gets the
 * first one's symbol everywhere, and no compiler says a word.
 */
bool klp_extract__can_label(const struct extraction *x, const struct entity *e)
{
	if (!e->local)
		return true;
	for (size_t i = 0; i < x->order.n; i++)
		if (x->order.v[i] != e && !strcmp(x->order.v[i]->name, e->name))
			return false;
	for (size_t i = 0; i < x->view->cdecls.n; i++)
		if (!strcmp(x->view->cdecls.v[i].name, e->name))
			return false;
	return true;
}

void klp_extract__keep_said_names(struct extraction *x)
{
	for (size_t i = 0; i < x->uses.n; i++) {
		const struct use *u = &x->uses.v[i];
		const struct item *item = &x->items.v[u->item];
		const char *function = function_of(item);
		struct entity *e = u->entity;
		bool renamed = (e->kind == ENTITY_PATCHED && !e->keeps_name) ||
			       (e->kind == ENTITY_EXTERN && !e->label);

		if (!renamed || !function || u->offset == KLP_NOWHERE ||
		    !says(x, item, function, e->name))
			continue;
		if (e->kind == ENTITY_EXTERN && x->opts->pointers &&
		    !klp_extract__define_word(x, u))
			klp_extract__no_pointer(x, u, "a macro makes a string or a name of it");
		else if (e->kind == ENTITY_EXTERN && x->opts->pointers)
			continue;
		else if (e->kind == ENTITY_EXTERN)
			e->label = klp_extract__can_label(x, e);
		else
			klp_extract__keep_name(x, e);
	}
}
