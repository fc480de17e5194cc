/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * C tokens, of two kinds of text: a source file as a person wrote it (comments, directives
 * and line splices are passed over) and the output of a preprocessor (its line markers say
 * where each token comes from). Used by detect to compare declarations and by extract to
 * find names in a text. Untrusted input.
 */
#ifndef KLP_PARSERS_CTOKEN_H
#define KLP_PARSERS_CTOKEN_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "base/vec.h"

enum klp_ctok_kind {
	KLP_TOK_IDENT, /* keywords too */
	KLP_TOK_NUMBER,
	KLP_TOK_STRING,
	KLP_TOK_CHAR,
	KLP_TOK_PUNCT,	/* one character each but for ## -> ...; a quote that isn't closed */
	KLP_TOK_PRAGMA, /* a whole #pragma line of preprocessed text */
};

struct klp_ctok {
	const char *p; /* into the text: not terminated */
	uint32_t len;
	uint32_t line; /* presumed line, by the markers; the physical one in a source */
	uint32_t file; /* index into files; 0 in a source */
	enum klp_ctok_kind kind;
};
KLP_VEC(klp_ctok_vec, struct klp_ctok);

struct klp_ctoks {
	struct klp_ctok_vec v;
	struct klp_strs files; /* as the markers spell them; [0] is the name given */
};

/* The output of `cc -E`. name stands for the text in errors and until the first marker. */
int klp_ctok_preprocessed(struct klp_arena *arena, const char *name, const char *text, size_t len,
			  struct klp_ctoks *ret, struct klp_error *err);

/*
 * A source text. Directive lines are passed over whole unless with_directives is set; then
 * their words come as tokens like any other (what a macro's body mentions).
 */
int klp_ctok_source(struct klp_arena *arena, const char *name, const char *text, size_t len,
		    bool with_directives, struct klp_ctoks *ret, struct klp_error *err);

/* A file's name, as it stands in the quotes of a line marker: '"' and '\\' stand behind a '\\'. */
char *klp_tok_marker_name(struct klp_arena *arena, const char *p, size_t n);

static inline bool klp_tok_is(const struct klp_ctok *tok, const char *s)
{
	size_t n = strlen(s);

	return tok->len == n && !memcmp(tok->p, s, n);
}

static inline bool klp_tok_is_any(const struct klp_ctok *tok, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (klp_tok_is(tok, words[i]))
			return true;
	return false;
}

/* A bracket of any kind. */
static inline bool klp_tok_opens(const struct klp_ctok *tok)
{
	return klp_tok_is(tok, "(") || klp_tok_is(tok, "[") || klp_tok_is(tok, "{");
}

static inline bool klp_tok_closes(const struct klp_ctok *tok)
{
	return klp_tok_is(tok, ")") || klp_tok_is(tok, "]") || klp_tok_is(tok, "}");
}

/* The token behind the bracket that closes the one at i; n when none does. Kinds aren't told apart.
 */
static inline uint32_t klp_tok_behind(const struct klp_ctok *v, uint32_t n, uint32_t i)
{
	uint32_t depth = 0;

	for (; i < n; i++) {
		depth += klp_tok_opens(&v[i]);
		if (klp_tok_closes(&v[i]) && !--depth)
			return i + 1;
	}
	return n;
}

#endif
