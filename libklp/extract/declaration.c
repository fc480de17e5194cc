// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The declaration of a function or variable that stays in the running kernel, or comes later.
 */
#include "extract/private.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"

/* Words of a definition that a declaration of another object's symbol must not have. */
static bool drops_from_declaration(const struct klp_ctok *tok)
{
	static const char *const words[] = {
		"static",	   "inline",   "__inline", "__inline__",
		"__always_inline", "noinline", "extern",   "noinline_for_stack",
		"__init",	   "__exit",   "__weak",   "__used",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (klp_tok_is(tok, words[i]))
			return true;
	return false;
}

/* True when no blank belongs between two tokens of a declaration, of which next is behind. */
static bool tight(const struct klp_ctok *prev, const struct klp_ctok *tok,
		  const struct klp_ctok *next)
{
	if (klp_tok_is(tok, ",") || klp_tok_is(tok, ")") || klp_tok_is(tok, ";") ||
	    klp_tok_is(tok, "[") || klp_tok_is(tok, "]"))
		return true;
	if (klp_tok_is(prev, "(") || klp_tok_is(prev, "["))
		return true;
	if (klp_tok_is(prev, "*"))
		return tok->kind == KLP_TOK_IDENT || klp_tok_is(tok, "*") || klp_tok_is(tok, "(");
	/* `f(int)` and `(*f)(int)`, but `int (*f)` */
	return klp_tok_is(tok, "(") &&
	       (klp_tok_is(prev, ")") ||
		(prev->kind == KLP_TOK_IDENT && !(next && klp_tok_is(next, "*"))));
}

/* Lines of a declaration that we lay out break at the next comma behind this column. */
#define WRAP_COLUMN 72

/* Every word of it is one of the type: there is no attribute, which a pointer may not have. */
static bool is_of_type(const struct klp_ctok *tok, const char *type)
{
	for (const char *p = type; (p = memmem(p, strlen(p), tok->p, tok->len)); p++) {
		bool begins = p == type || (!isalnum((unsigned char)p[-1]) && p[-1] != '_');

		if (begins && !isalnum((unsigned char)p[tok->len]) && p[tok->len] != '_')
			return true;
	}
	return false;
}

static bool has_attributes(const struct klp_ctoks *toks, const char *text, uint32_t name,
			   const char *type)
{
	int depth = 0;

	for (size_t i = 0; i < toks->v.n; i++) {
		const struct klp_ctok *tok = &toks->v.v[i];

		depth += klp_tok_is(tok, "(");
		depth -= klp_tok_is(tok, ")");
		if (!depth && tok->kind == KLP_TOK_IDENT && (uint32_t)(tok->p - text) != name &&
		    !drops_from_declaration(tok) && !is_of_type(tok, type))
			return true;
	}
	return false;
}

/* The signature of a function, its name replaced. NULL when it has directives, or is an alias. */
static char *signature(struct extraction *x, const struct item *item, const struct klp_tu_decl *d,
		       const char *name)
{
	const char *text = klp_extract__item_text(x, item);
	uint32_t end = d->body_at != KLP_NOWHERE ? d->body_at : item->to;
	struct klp_ctoks toks = {};
	struct klp_error ignored = {};
	const struct klp_ctok *prev = NULL;
	struct klp_buf out;

	/* a body that isn't there to be seen: a macro makes more than the name of it */
	if (d->definition && d->body_at == KLP_NOWHERE)
		return NULL;
	if (d->name_at == KLP_NOWHERE || memchr(text, '#', end - item->from) ||
	    klp_ctok_source(x->arena, x->unit->source, text, end - item->from, false, &toks,
			    &ignored) < 0)
		return NULL;
	if (name[0] == '(' && has_attributes(&toks, text, d->name_at - item->from, d->type))
		return NULL;
	klp_buf_init(&out, x->arena);
	for (size_t i = 0; i < toks.v.n; i++) {
		const struct klp_ctok *tok = &toks.v.v[i];
		size_t start = out.len;

		if (klp_tok_is(tok, "alias") || klp_tok_is(tok, "__alias__"))
			return NULL;
		if (drops_from_declaration(tok) || klp_tok_is(tok, ";"))
			continue;
		while (start && out.p[start - 1] != '\n')
			start--;
		if (prev && klp_tok_is(prev, ",") && out.len - start > WRAP_COLUMN)
			klp_buf_add(&out, "\n\t\t");
		else if (prev && !tight(prev, tok, i + 1 < toks.v.n ? tok + 1 : NULL))
			klp_buf_add(&out, " ");
		if (item->from + (uint32_t)(tok->p - text) == d->name_at)
			klp_buf_add(&out, name);
		else
			klp_buf_addn(&out, tok->p, tok->len);
		prev = tok;
	}
	return out.p;
}

bool klp_extract__is_percpu(const struct extraction *x, const char *name)
{
	for (size_t i = 0; i < x->view->cdecls.n; i++) {
		const struct klp_cdecl *d = &x->view->cdecls.v[i];

		if (d->kind != KLP_CDECL_VARIABLE || !d->section || strcmp(d->name, name))
			continue;
		for (uint32_t j = 0; j < d->n; j++) {
			const struct klp_ctok *tok = &x->view->toks.v.v[d->first + j];

			if (tok->kind == KLP_TOK_STRING && tok->len > 14 &&
			    !memcmp(tok->p, "\".data..percpu", 14))
				return true;
		}
	}
	return false;
}

bool klp_extract__includes_within(const struct extraction *x, const struct item *item)
{
	const char *p = klp_extract__item_text(x, item), *end = p + (item->to - item->from);

	while ((p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		p += 1 + strspn(p + 1, " \t");
		if (p >= end || *p != '#')
			continue;
		p += 1 + strspn(p + 1, " \t");
		if (!strncmp(p, "include", 7))
			return true;
	}
	return false;
}

const char *klp_extract__type_tag(struct extraction *x, const struct item *item)
{
	const char *variable = NULL;
	bool unnamed = false;

	for (size_t i = 0; i < item->decls.n; i++) {
		const struct klp_tu_decl *d = item->decls.v[i];

		unnamed = unnamed || (d->kind == KLP_TU_TYPE && d->definition && !d->name[0]);
		if (!variable && d->kind == KLP_TU_VARIABLE)
			variable = d->name;
	}
	return unnamed && variable && item->types && item->role == ROLE_EXTERN
		       ? klp_sprintf(x->arena, "klpe_%s_type", variable)
		       : NULL;
}

/* The tokens of a variable's definition, laid out as one writes a type with members. */
static char *expanded(struct extraction *x, const struct klp_cdecl *d)
{
	const struct klp_ctok *v = &x->view->toks.v.v[d->at];
	uint32_t n = d->n - (d->at - d->first);
	int depth = 0;
	struct klp_buf out;

	klp_buf_init(&out, x->arena);
	for (uint32_t i = 0; i < n; i++) {
		bool line =
			i && depth && (klp_tok_is(&v[i - 1], "{") || klp_tok_is(&v[i - 1], ";"));

		depth -= klp_tok_is(&v[i], "}");
		if (line)
			klp_buf_add(&out, "\n");
		for (int tab = 0; line && tab < depth; tab++)
			klp_buf_add(&out, "\t");
		if (i && !line && !tight(&v[i - 1], &v[i], i + 1 < n ? &v[i + 1] : NULL))
			klp_buf_add(&out, " ");
		klp_buf_addn(&out, v[i].p, v[i].len);
		depth += klp_tok_is(&v[i], "{");
	}
	return out.p;
}

/*
 * Where a variable's type is spelled, when it has no name: in its text, or, when a macro makes the
 * definition, behind the preprocessor.
 */
static const char *type_text(struct extraction *x, const struct entity *e, const struct item *item,
			     size_t *len)
{
	const char *text = item ? klp_extract__item_text(x, item) : NULL;
	struct type_text found;

	*len = item ? item->to - item->from : 0;
	if (!e->decl->anonymous_type || (item && klp_extract__find_type(x, text, *len, &found)))
		return text;
	for (size_t i = 0; i < x->view->cdecls.n; i++) {
		const struct klp_cdecl *d = &x->view->cdecls.v[i];

		if (d->kind != KLP_CDECL_VARIABLE || strcmp(d->name, e->name))
			continue;
		text = expanded(x, d);
		*len = strlen(text);
		break;
	}
	return text;
}

char *klp_extract__declaration(struct extraction *x, const struct entity *e, const char *link)
{
	const struct item *item = e->item != SIZE_MAX ? &x->items.v[e->item] : NULL;
	const char *tag = item ? klp_extract__type_tag(x, item) : NULL;
	const char *spelled;
	char *text = NULL;
	size_t len;

	if (e->declared_by_type)
		return klp_sprintf(x->arena, "typeof(%s) %s", e->name, link);
	if (e->decl->kind == KLP_TU_FUNCTION) {
		const struct klp_index *index = klp_map_get(&x->values, e->name);
		const struct klp_tu_decl *d = NULL;

		if (!item)
			item = &x->items.v[index->v[0]];
		for (size_t i = 0; i < item->decls.n; i++)
			if (!strcmp(item->decls.v[i]->name, e->name))
				d = item->decls.v[i];
		text = d ? signature(x, item, d, link) : NULL;
		return text ? text : klp_sprintf(x->arena, "typeof(%s) %s", e->decl->type, link);
	}
	spelled = type_text(x, e, item, &len);
	return klp_extract__declarator(
		x, tag ? klp_extract__with_tag(x, e->decl->type, tag) : e->decl->type, spelled, len,
		link);
}
