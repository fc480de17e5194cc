// SPDX-License-Identifier: GPL-2.0-or-later
#include "parsers/cdecl.h"

#include <string.h>

struct splitter {
	struct klp_arena *arena;
	const struct klp_ctoks *toks;
	const struct klp_ctok *v;
	uint32_t n, i;
	struct klp_error *err;
};

/* Keywords that take a bracketed operand and declare nothing by themselves. */
static bool takes_parens(const struct klp_ctok *tok)
{
	static const char *const words[] = {
		"__attribute__", "__attribute", "__asm__",     "asm",		"__asm",
		"typeof",	 "__typeof__",	"__typeof",    "_Alignas",	"__alignas",
		"__declspec",	 "_Atomic",	"__auto_type", "typeof_unqual", "__typeof_unqual__",
	};

	if (tok->kind != KLP_TOK_IDENT)
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (klp_tok_is(tok, words[i]))
			return true;
	return false;
}

/* Words before a '(' that are part of a type: the '(' opens a declarator, not parameters. */
static bool type_word(const struct klp_ctok *tok)
{
	static const char *const words[] = {
		"void",		"char",	      "short",	       "int",	   "long",	 "float",
		"double",	"signed",     "unsigned",      "_Bool",	   "const",	 "volatile",
		"restrict",	"__restrict", "__restrict__",  "static",   "extern",	 "inline",
		"__inline",	"__inline__", "_Noreturn",     "register", "__signed__", "__const",
		"__volatile__", "__int128",   "_Thread_local", "__thread",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (klp_tok_is(tok, words[i]))
			return true;
	return false;
}

static bool is_punct(const struct klp_ctok *tok, char c)
{
	return tok->kind == KLP_TOK_PUNCT && tok->len == 1 && tok->p[0] == c;
}

/* clang, which reads every unit too, stops at 256 (-fbracket-depth). */
#define MAX_DEPTH 1024

static char closing(char open)
{
	return open == '(' ? ')' : open == '[' ? ']' : '}';
}

/* i stands on an opening bracket; the index behind the matching closing one, 0 on failure. */
static uint32_t match(const struct splitter *s, uint32_t i)
{
	char want[MAX_DEPTH];
	int depth = 0;

	for (; i < s->n; i++) {
		const struct klp_ctok *tok = &s->v[i];

		if (tok->kind != KLP_TOK_PUNCT || tok->len != 1)
			continue;
		if (strchr("([{", tok->p[0])) {
			if (depth == MAX_DEPTH)
				return 0;
			want[depth++] = closing(tok->p[0]);
		} else if (strchr(")]}", tok->p[0])) {
			if (tok->p[0] != want[--depth])
				return 0;
			if (!depth)
				return i + 1;
		}
	}
	return 0;
}

static int unbalanced(struct splitter *s, uint32_t at)
{
	const struct klp_ctok *tok = &s->v[at < s->n ? at : s->n - 1];

	klp_error_set(s->err, KLP_EINPUT, "a bracket is not closed");
	klp_error_at(s->err, s->toks->files.v[tok->file], tok->line, 0);
	return klp_error_hint(s->err, "does this source compile? look for the bracket from that "
				      "line on");
}

static const char *text_of(struct splitter *s, const struct klp_ctok *tok)
{
	return klp_strndup(s->arena, tok->p, tok->len);
}

/* The name in `(*name)(...)`, `(*name[4])(...)`, `(name)`, `(*name(int))(int)`. */
static const char *inner_name(struct splitter *s, uint32_t open, uint32_t end)
{
	for (uint32_t i = open + 1; i < end; i++) {
		if (takes_parens(&s->v[i]) && i + 1 < end && is_punct(&s->v[i + 1], '(')) {
			i = match(s, i + 1) - 1;
			continue;
		}
		if (s->v[i].kind == KLP_TOK_IDENT && !type_word(&s->v[i]))
			return text_of(s, &s->v[i]);
	}
	return "";
}

static uint64_t hash_tokens(const struct klp_ctok *v, uint32_t n)
{
	uint64_t h = 14695981039346656037ull;

	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t j = 0; j < v[i].len; j++)
			h = (h ^ (unsigned char)v[i].p[j]) * 1099511628211ull;
		h = (h ^ 0xff) * 1099511628211ull;
	}
	return h;
}

/* The section named in an attribute among the tokens, as its string token, or NULL. */
static const struct klp_ctok *section_of(const struct klp_ctok *v, uint32_t n)
{
	for (uint32_t i = 0; i + 2 < n; i++)
		if (v[i].kind == KLP_TOK_IDENT &&
		    (klp_tok_is(&v[i], "section") || klp_tok_is(&v[i], "__section__")) &&
		    is_punct(&v[i + 1], '(') && v[i + 2].kind == KLP_TOK_STRING)
			return &v[i + 2];
	return NULL;
}

static bool begins(const struct klp_ctok *tok, const char *s)
{
	size_t n = strlen(s);

	return tok && tok->len >= n && !memcmp(tok->p, s, n);
}

/* What is known of the declaration that is being read. */
struct state {
	uint32_t first;
	uint32_t at;	  /* behind the pragmas that stand before it */
	const char *name; /* of the first declarator, NULL until found */
	const char *tag;  /* of a struct, union or enum */
	bool type_body, is_typedef, is_extern_asm, is_assert, initialiser, params;
	const struct klp_ctok *last_ident;
};

/* struct, union or enum at i: passes over the tag and the members. */
static int read_tag(struct splitter *s, struct state *st)
{
	uint32_t i = s->i + 1;

	while (i + 1 < s->n && takes_parens(&s->v[i]) && is_punct(&s->v[i + 1], '(')) {
		i = match(s, i + 1);
		if (!i)
			return unbalanced(s, s->i);
	}
	st->tag = "";
	if (i < s->n && s->v[i].kind == KLP_TOK_IDENT)
		st->tag = text_of(s, &s->v[i++]);
	if (i < s->n && is_punct(&s->v[i], '{')) {
		st->type_body = true;
		i = match(s, i);
		if (!i)
			return unbalanced(s, s->i);
	}
	st->last_ident = NULL;
	s->i = i;
	return 0;
}

static void finish(struct splitter *s, struct state *st, uint32_t body, uint32_t end,
		   struct klp_cdecls *ret)
{
	const struct klp_ctok *section;
	struct klp_cdecl d = {
		.first = st->first,
		.at = st->at < end ? st->at : st->first,
		.n = end - st->first,
		.body = body,
	};

	if (!st->name && st->last_ident)
		st->name = text_of(s, st->last_ident);
	if (body)
		d.kind = KLP_CDECL_FUNCTION;
	else if (st->is_extern_asm)
		d.kind = KLP_CDECL_ASM;
	else if (st->is_assert)
		d.kind = KLP_CDECL_ASSERT;
	else if (st->is_typedef)
		d.kind = KLP_CDECL_TYPEDEF;
	else if (st->params && !st->initialiser)
		d.kind = KLP_CDECL_PROTOTYPE;
	else if (st->name)
		d.kind = KLP_CDECL_VARIABLE;
	else
		d.kind = st->type_body ? KLP_CDECL_TYPE : KLP_CDECL_EMPTY;
	d.name = d.kind == KLP_CDECL_TYPE || d.kind == KLP_CDECL_EMPTY ? st->tag : st->name;
	if (!d.name || d.kind == KLP_CDECL_ASM || d.kind == KLP_CDECL_ASSERT)
		d.name = "";
	d.hash = hash_tokens(s->v + d.first, d.n);
	section = section_of(s->v + d.first, body ? body - d.first : d.n);
	d.section = section != NULL;
	d.init = begins(section, "\".init") || begins(section, "\".exit");
	d.plain_data = begins(section, "\".data") || begins(section, "\".bss") ||
		       begins(section, "\".rodata");
	klp_vec_push(s->arena, ret, d);
}

/* `(name)` alone, as in `int (abs)(int)`: no pointer, so what follows are its parameters. */
static bool is_plain(const struct splitter *s, uint32_t open, uint32_t end)
{
	for (uint32_t i = open + 1; i < end; i++)
		if (is_punct(&s->v[i], '*'))
			return false;
	return true;
}

/* A '(' at the top level of a declaration. */
static int read_paren(struct splitter *s, struct state *st)
{
	uint32_t end = match(s, s->i);
	const struct klp_ctok *prev = s->i > st->first ? &s->v[s->i - 1] : NULL;
	bool pointer = s->i + 1 < s->n && is_punct(&s->v[s->i + 1], '*');

	if (!end)
		return unbalanced(s, s->i);
	if (!st->name && !st->initialiser) {
		if (prev && prev->kind == KLP_TOK_IDENT && !type_word(prev) && !pointer) {
			st->name = text_of(s, prev);
			st->params = true;
		} else {
			st->name = inner_name(s, s->i, end);
			st->params =
				end < s->n && is_punct(&s->v[end], '(') && is_plain(s, s->i, end);
			/* `void (*f(int))(int) {`: a function when its own name has parameters */
			for (uint32_t i = s->i + 1; i + 1 < end; i++)
				if (s->v[i].kind == KLP_TOK_IDENT &&
				    klp_tok_is(&s->v[i], st->name) && is_punct(&s->v[i + 1], '('))
					st->params = true;
		}
	}
	s->i = end;
	return 0;
}

static bool is_tag_word(const struct klp_ctok *tok)
{
	return klp_tok_is(tok, "struct") || klp_tok_is(tok, "union") || klp_tok_is(tok, "enum");
}

/* One token (or bracketed group) of a declaration. Returns 1 when the declaration ended. */
static int step(struct splitter *s, struct state *st, struct klp_cdecls *ret)
{
	const struct klp_ctok *tok = &s->v[s->i];
	uint32_t end;

	if (tok->kind == KLP_TOK_IDENT) {
		bool first = s->i == st->at;

		if (is_tag_word(tok) && !st->initialiser)
			return read_tag(s, st);
		if (first && (klp_tok_is(tok, "asm") || klp_tok_is(tok, "__asm") ||
			      klp_tok_is(tok, "__asm__")))
			st->is_extern_asm = true;
		if (first && klp_tok_is(tok, "_Static_assert"))
			st->is_assert = true;
		if (klp_tok_is(tok, "typedef"))
			st->is_typedef = true;
		if (takes_parens(tok) && s->i + 1 < s->n && is_punct(&s->v[s->i + 1], '(')) {
			end = match(s, s->i + 1);
			if (!end)
				return unbalanced(s, s->i);
			s->i = end;
			return 0;
		}
		if (!type_word(tok) && !st->initialiser && !klp_tok_is(tok, "typedef") &&
		    !klp_tok_is(tok, "__extension__"))
			st->last_ident = tok;
		s->i++;
		return 0;
	}
	if (tok->kind == KLP_TOK_PRAGMA && s->i == st->at)
		st->at++;
	if (tok->kind != KLP_TOK_PUNCT || tok->len != 1) {
		s->i++;
		return 0;
	}
	switch (tok->p[0]) {
	case '(':
		return read_paren(s, st);
	case ';':
		s->i++;
		finish(s, st, 0, s->i, ret);
		return 1;
	case '=':
	case ',':
		if (!st->name && st->last_ident)
			st->name = text_of(s, st->last_ident);
		st->initialiser = st->initialiser || tok->p[0] == '=';
		s->i++;
		return 0;
	case '[':
	case '{':
		end = match(s, s->i);
		if (!end)
			return unbalanced(s, s->i);
		if (tok->p[0] == '{' && !st->initialiser && st->params) {
			uint32_t body = s->i;

			s->i = end;
			finish(s, st, body, end, ret);
			return 1;
		}
		if (!st->name && st->last_ident)
			st->name = text_of(s, st->last_ident);
		s->i = end;
		return 0;
	case ')':
	case ']':
	case '}':
		return unbalanced(s, s->i);
	default:
		s->i++;
		return 0;
	}
}

int klp_cdecl_split(struct klp_arena *arena, const struct klp_ctoks *toks, struct klp_cdecls *ret,
		    struct klp_error *err)
{
	struct splitter s = {
		.arena = arena,
		.toks = toks,
		.v = toks->v.v,
		.n = (uint32_t)toks->v.n,
		.err = err,
	};
	struct klp_cdecls out = {};

	while (s.i < s.n) {
		struct state st = { .first = s.i, .at = s.i };
		int rc = 0;

		if (is_punct(&s.v[s.i], ';')) {
			s.i++;
			continue;
		}
		while (s.i < s.n && rc == 0)
			rc = step(&s, &st, &out);
		if (rc < 0)
			return err->code;
		if (rc == 0 && s.i > st.first)
			finish(&s, &st, 0, s.i, &out);
	}
	*ret = out;
	return 0;
}
