// SPDX-License-Identifier: GPL-2.0-or-later
#include "parsers/cenum.h"

#include <stdbool.h>
#include <stdlib.h>

/* The words that a value counts from, and how many steps it is behind them. */
struct counter {
	uint64_t words; /* 0: a plain number */
	uint64_t steps;
};

static uint64_t mix(uint64_t h, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)p[i]) * 1099511628211ull;
	return (h ^ 0xff) * 1099511628211ull;
}

/* `5`, `0x10`, `3U`; false for anything else. */
static bool plain_number(const struct klp_ctok *tok, uint64_t *ret)
{
	char text[32], *end;

	if (tok->kind != KLP_TOK_NUMBER || tok->len >= sizeof(text))
		return false;
	memcpy(text, tok->p, tok->len);
	text[tok->len] = '\0';
	*ret = strtoull(text, &end, 0);
	return end != text && end[strspn(end, "uUlL")] == '\0';
}

static struct counter count_from(const struct klp_ctok *v, size_t n)
{
	struct counter c = { .words = 14695981039346656037ull };
	uint64_t number;

	if (n == 1 && plain_number(v, &number))
		return (struct counter){ .steps = number };
	for (size_t i = 0; i < n; i++)
		c.words = mix(c.words, v[i].p, v[i].len);
	return c;
}

/* Behind the expression at i: the ',' or '}' at its level. */
static size_t expression_end(const struct klp_ctok *v, size_t n, size_t i)
{
	for (int depth = 0; i < n; i++) {
		if (v[i].kind != KLP_TOK_PUNCT || v[i].len != 1)
			continue;
		if (strchr("([{", v[i].p[0]))
			depth++;
		else if (!depth && strchr(",}", v[i].p[0]))
			return i;
		else if (strchr(")]}", v[i].p[0]))
			depth--;
	}
	return n;
}

/* A tag and attributes may stand between `enum` and its body. */
static size_t body_of(const struct klp_ctok *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t k = i + 1;
		int depth = 0;

		if (!klp_tok_is(&v[i], "enum"))
			continue;
		for (; k < n; k++) {
			depth += klp_tok_is(&v[k], "(");
			if (!depth && v[k].kind != KLP_TOK_IDENT)
				break;
			depth -= klp_tok_is(&v[k], ")");
		}
		if (k < n && klp_tok_is(&v[k], "{"))
			return k + 1;
	}
	return n;
}

void klp_enumerators(struct klp_arena *arena, const struct klp_ctok *v, size_t n,
		     struct klp_enumerators *ret)
{
	struct counter next = {};

	for (size_t i = body_of(v, n); i < n && v[i].kind == KLP_TOK_IDENT;) {
		struct klp_enumerator e = { .name = klp_strndup(arena, v[i].p, v[i].len),
					    .at = (uint32_t)i };

		/* attributes may stand behind the name */
		for (i++; i < n && !klp_tok_is(&v[i], "="); i++)
			if (expression_end(v, n, i) == i)
				break;
		if (i < n && klp_tok_is(&v[i], "=")) {
			size_t end = expression_end(v, n, i + 1);

			e.init = (uint32_t)i + 1;
			e.init_n = (uint32_t)(end - i - 1);
			next = count_from(v + e.init, e.init_n);
			i = end;
		}
		e.value = mix(next.words, (const char *)&next.steps, sizeof(next.steps));
		next.steps++;
		klp_vec_push(arena, ret, e);
		if (i < n && klp_tok_is(&v[i], ","))
			i++;
		else
			break;
	}
}
