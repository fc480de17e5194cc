// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Variables that aren't const, and that nobody writes: gcc makes constants of them, and no symbol
 * is left. A copy holds what they held. Read off the preprocessed tokens of the whole unit: each
 * use must be one that only reads, whatever the types are; what can't be told counts as a write.
 */
#include "extract/private.h"

#include <string.h>

struct scan {
	const struct klp_ctok *v;
	uint32_t from, end; /* tokens */
	const char *name;
	bool array;
};

static bool is(const struct scan *s, uint32_t i, const char *word)
{
	return i >= s->from && i < s->end && klp_tok_is(&s->v[i], word);
}

static bool is_among(const struct scan *s, uint32_t i, const char *const *words)
{
	for (; *words; words++)
		if (is(s, i, *words))
			return true;
	return false;
}

/* Behind it an operator has two sides. Not `)`, which may end a cast. */
static bool ends_operand(const struct scan *s, uint32_t i)
{
	static const char *const keywords[] = { "return", "case", "else", "do", "goto", NULL };
	const struct klp_ctok *tok = &s->v[i];

	if (tok->kind == KLP_TOK_IDENT)
		return !is_among(s, i, keywords);
	return tok->kind == KLP_TOK_NUMBER || tok->kind == KLP_TOK_CHAR || is(s, i, "]");
}

static bool is_unevaluated(const struct scan *s, uint32_t opening)
{
	static const char *const words[] = { "sizeof",	 "typeof",	"__typeof__", "__typeof",
					     "_Alignof", "__alignof__", NULL };

	return opening > s->from && is_among(s, opening - 1, words);
}

/*
 * 1: an operand of sizeof or typeof, which isn't evaluated; 0: evaluated; -1: an operand of asm,
 * whose brackets follow a string.
 */
static int surroundings(const struct scan *s, uint32_t at)
{
	int depth = 0;

	for (uint32_t i = at; i-- > s->from;) {
		if (klp_tok_closes(&s->v[i])) {
			depth++;
		} else if (klp_tok_opens(&s->v[i])) {
			if (depth-- > 0)
				continue;
			depth = 0;
			if (is_unevaluated(s, i))
				return 1;
			if (i > s->from && s->v[i - 1].kind == KLP_TOK_STRING)
				return -1;
		}
	}
	return 0;
}

/* `=`, `+=`, `<<=`, `++`; not `==`, `<=`, `!=`. Operators are one character each. */
static bool is_assigned(const struct scan *s, uint32_t i)
{
	static const char *const compound[] = { "+", "-", "*", "/", "%", "&", "|", "^", NULL };

	if (is(s, i, "="))
		return !is(s, i + 1, "=");
	if (is_among(s, i, compound) && is(s, i + 1, "="))
		return true;
	if ((is(s, i, "<") && is(s, i + 1, "<")) || (is(s, i, ">") && is(s, i + 1, ">")))
		return is(s, i + 2, "=");
	return (is(s, i, "+") && is(s, i + 1, "+")) || (is(s, i, "-") && is(s, i + 1, "-"));
}

static bool is_address(const struct scan *s, uint32_t i)
{
	uint32_t n = 0;

	while (i > s->from + n && is(s, i - 1 - n, "&"))
		n++;
	if (!n || i <= s->from + n)
		return n != 0;
	return ends_operand(s, i - 1 - n) ? n > 2 : n != 2 || !is(s, i - 1 - n, ")");
}

/* Brackets around it alone: `(name)`, not `f(name)`. */
static bool is_wrapped(const struct scan *s, uint32_t left, uint32_t right)
{
	return left > s->from + 1 && is(s, left - 1, "(") && is(s, right, ")") &&
	       !ends_operand(s, left - 2) && !is(s, left - 2, ")");
}

static bool only_reads(const struct scan *s, uint32_t at)
{
	uint32_t left = at, right = at + 1;
	bool subscripted = false;
	int where = surroundings(s, at);

	if (where)
		return where > 0;
	for (;;) {
		if (s->array && !subscripted && is(s, right, "[")) {
			right = klp_tok_behind(s->v, s->end, right);
			subscripted = true;
		} else if (is_wrapped(s, left, right)) {
			left--;
			right++;
		} else {
			break;
		}
	}
	if (s->array && (!subscripted || is(s, right, "[")))
		return false;
	if (left <= s->from || is(s, right, "."))
		return false;
	/* `(cast)(name)++` */
	if (is(s, left - 1, "(") && is(s, right, ")") && is_assigned(s, right + 1))
		return false;
	if ((is(s, left - 1, "+") && is(s, left - 2, "+")) ||
	    (is(s, left - 1, "-") && is(s, left - 2, "-")))
		return false;
	return !is_assigned(s, right) && !is_address(s, left);
}

static bool is_member(const struct scan *s, uint32_t i)
{
	return is(s, i - 1, "->") || is(s, i - 1, ".");
}

/* `int a = 1, *name = &a;` */
static bool is_further(const struct scan *s, uint32_t at)
{
	uint32_t i = at;
	int depth = 0;

	while (i > s->from && (is(s, i - 1, "*") || is(s, i - 1, "const")))
		i--;
	if (i == s->from || !is(s, i - 1, ","))
		return false;
	for (; i-- > s->from;) {
		depth += klp_tok_closes(&s->v[i]);
		depth -= klp_tok_opens(&s->v[i]);
	}
	return depth == 0;
}

static bool is_declarator(const struct local_texts *texts, const struct klp_ctok *tok)
{
	for (size_t i = 0; i < texts->n; i++)
		if (texts->v[i].v == tok)
			return true;
	return false;
}

static bool reads_in(struct extraction *x, const struct klp_view *view, const struct klp_cdecl *d,
		     const char *name, bool array, bool local)
{
	struct scan s = { view->toks.v.v, d->first, d->first + d->n, name, array };
	bool declares = d->kind == KLP_CDECL_VARIABLE && !strcmp(d->name, name);
	struct local_texts texts = {};

	if (local)
		klp_extract__local_texts(x, view, d, name, &texts);
	for (uint32_t i = s.from; i < s.end; i++) {
		if (!is(&s, i, name) || (i > s.from && is_member(&s, i)))
			continue;
		if (declares || is_declarator(&texts, &s.v[i]) ||
		    (d->kind == KLP_CDECL_VARIABLE && is_further(&s, i)))
			declares = false;
		else if (!only_reads(&s, i))
			return false;
	}
	return true;
}

static bool unwritten_in(struct extraction *x, const struct klp_view *view, const char *name,
			 bool array, const char *function)
{
	const struct klp_cdecl *d = function ? klp_map_get(&view->functions, function) : NULL;

	if (function)
		return d && reads_in(x, view, d, name, array, true);
	for (size_t i = 0; i < view->cdecls.n; i++)
		if (!reads_in(x, view, &view->cdecls.v[i], name, array, false))
			return false;
	return true;
}

bool klp_extract__is_unwritten(struct extraction *x, const char *name, const char *type,
			       const char *function)
{
	/* an array of structures would need a look at their members */
	bool array = strchr(type, '[') != NULL;

	if (strstr(type, "vector_size"))
		return false;
	return unwritten_in(x, x->view, name, array, function) &&
	       (!x->view->before || unwritten_in(x, x->view->before, name, array, function));
}
