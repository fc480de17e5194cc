// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Declarations made from types as libclang spells them.
 */
#include "extract/private.h"

#include <ctype.h>
#include <string.h>

/* Behind the '*' and its qualifiers. */
static const char *skip_qualifiers(const char *p)
{
	for (;;) {
		if (*p == '*' || *p == ' ')
			p++;
		else if (!strncmp(p, "const", 5))
			p += 5;
		else if (!strncmp(p, "volatile", 8))
			p += 8;
		else
			return p;
	}
}

/* Where the name goes in a type that is a pointer to a function or an array: "(*" HERE ")". */
static const char *name_place(const char *type)
{
	for (const char *p = strstr(type, "(*"); p; p = strstr(p + 1, "(*")) {
		const char *at = skip_qualifiers(p + 2);

		if (*at == ')' || *at == '[')
			return at;
	}
	return NULL;
}

/*
 * C declarators go around the name: "int (*)(void)" and foo is `int (*foo)(void)`, "char[4]"
 * is `char foo[4]`. A function type, or anything odd, goes through typeof.
 */
static char *named(struct klp_arena *arena, const char *type, const char *name)
{
	const char *at = name_place(type), *bracket = strchr(type, '[');

	if (at)
		return klp_sprintf(arena, "%.*s%s%s%s", (int)(at - type), type,
				   isalpha((unsigned char)at[-1]) ? " " : "", name, at);
	if (strchr(type, '('))
		return klp_sprintf(arena, "typeof(%s) %s", type, name);
	if (bracket) {
		at = bracket;
		while (at > type && at[-1] == ' ')
			at--;
		return klp_sprintf(arena, "%.*s%s%s%s", (int)(at - type), type,
				   at[-1] == '*' ? "" : " ", name, bracket);
	}
	return klp_sprintf(arena, "%s%s%s", type, type[strlen(type) - 1] == '*' ? "" : " ", name);
}

/*
 * What stands between the '}' of a type and its first declarator: its attributes. What the
 * name is shows by what follows it, or, when attributes of its own do, by being one of the file's
 * or by how it begins.
 */
static size_t attributes_end(const struct extraction *x, const struct klp_ctoks *toks, size_t i)
{
	const struct klp_ctok *v = toks->v.v;

	for (int depth = 0; i + 1 < toks->v.n; i++) {
		depth += klp_tok_is(&v[i], "(");
		depth -= klp_tok_is(&v[i], ")");
		if (depth)
			continue;
		if (v[i].kind != KLP_TOK_IDENT && !klp_tok_is(&v[i], ")"))
			return i;
		if (v[i].kind == KLP_TOK_IDENT &&
		    (v[i].len < 2 || memcmp(v[i].p, "__", 2) ||
		     klp_map_getn(&x->values, v[i].p, v[i].len) ||
		     (v[i + 1].kind == KLP_TOK_PUNCT && strchr(";=,[", v[i + 1].p[0]))))
			return i;
	}
	return i;
}

static bool is_keyword(const struct klp_ctok *tok)
{
	return klp_tok_is(tok, "struct") || klp_tok_is(tok, "union") || klp_tok_is(tok, "enum");
}

bool klp_extract__find_type(struct extraction *x, const char *text, size_t len,
			    struct type_text *ret)
{
	struct klp_ctoks toks = {};
	struct klp_error ignored = {};
	const struct klp_ctok *v;
	size_t i = 0, open;
	int depth = 0;

	if (!text ||
	    klp_ctok_source(x->arena, x->unit->source, text, len, false, &toks, &ignored) < 0)
		return false;
	v = toks.v.v;
	while (i < toks.v.n && !is_keyword(&v[i]))
		i++;
	if (i == toks.v.n)
		return false;
	ret->from = v[i].p;
	ret->body = v[i].p + v[i].len;
	for (i++; i < toks.v.n && !klp_tok_is(&v[i], "{"); i++) {
		depth += klp_tok_is(&v[i], "(");
		depth -= klp_tok_is(&v[i], ")");
		/* a type that is defined elsewhere */
		if (!depth && v[i].kind == KLP_TOK_PUNCT && strchr("=,;*[", v[i].p[0]))
			return false;
	}
	open = i;
	ret->tagged = v[i - 1].kind == KLP_TOK_IDENT && !is_keyword(&v[i - 1]);
	for (; i < toks.v.n; i++) {
		depth += klp_tok_is(&v[i], "{");
		if (klp_tok_is(&v[i], "}") && --depth == 0)
			break;
	}
	if (open == toks.v.n || i == toks.v.n)
		return false;
	i = attributes_end(x, &toks, i + 1) - 1;
	ret->to = v[i].p + v[i].len;
	return true;
}

char *klp_extract__defined_type(struct extraction *x, const char *text, size_t len)
{
	struct type_text t;

	if (!klp_extract__find_type(x, text, len, &t) || !t.tagged)
		return NULL;
	return klp_strndup(x->arena, t.from, (size_t)(t.to - t.from));
}

/* "{ ... }" with the attributes around it, of a type without a name. */
static char *type_body(struct extraction *x, const char *text, size_t len)
{
	struct type_text t;

	if (!klp_extract__find_type(x, text, len, &t))
		return NULL;
	while (isspace((unsigned char)*t.body))
		t.body++;
	return klp_strndup(x->arena, t.body, (size_t)(t.to - t.body));
}

/* The end of "(unnamed struct at PATH:LINE:COLUMN)", which libclang writes for a type's name. */
static const char *unnamed_end(const char *p)
{
	while ((p = strchr(p, ':'))) {
		size_t line = strspn(p + 1, "0123456789"), column;

		if (line && p[1 + line] == ':') {
			column = strspn(p + 2 + line, "0123456789");
			if (column && p[2 + line + column] == ')')
				return p + 3 + line + column;
		}
		p++;
	}
	return NULL;
}

/* Where libclang's description of a type without a name stands in a type; NULL: it has one. */
static const char *unnamed_at(const char *type)
{
	const char *p = strstr(type, "(unnamed");

	return p ? p : strstr(type, "(anonymous");
}

bool klp_extract__is_unnamed(const char *type)
{
	return unnamed_at(type) != NULL;
}

const char *klp_extract__with_tag(struct extraction *x, const char *type, const char *tag)
{
	const char *at = unnamed_at(type), *end = at ? unnamed_end(at) : NULL;

	return end ? klp_sprintf(x->arena, "%.*s%s%s", (int)(at - type), type, tag, end) : type;
}

char *klp_extract__tagged_type(struct extraction *x, const char *text, size_t len, const char *tag)
{
	struct type_text t;

	if (!klp_extract__find_type(x, text, len, &t) || t.tagged)
		return NULL;
	return klp_sprintf(x->arena, "%.*s %s%.*s", (int)(t.body - t.from), t.from, tag,
			   (int)(t.to - t.body), t.body);
}

/* The word in the place of a type's body while the declarator is made. */
#define BODY "\001"

char *klp_extract__declarator(struct extraction *x, const char *type, const char *text, size_t len,
			      const char *name)
{
	const char *unnamed = unnamed_at(type), *end;
	char *body, *whole, *at;

	end = unnamed ? unnamed_end(unnamed) : NULL;
	body = end ? type_body(x, text, len) : NULL;
	if (!body)
		return named(x->arena, type, name);
	type = klp_sprintf(x->arena, "%.*s" BODY "%s", (int)(unnamed - type), type, end);
	whole = named(x->arena, type, name);
	at = strstr(whole, BODY);
	return klp_sprintf(x->arena, "%.*s%s%s", (int)(at - whole), whole, body, at + strlen(BODY));
}
