// SPDX-License-Identifier: GPL-2.0-or-later
#include "parsers/chunk.h"

#include <string.h>

/* Conditionals and brackets nest no deeper in what a compiler takes (clang: 256 brackets). */
#define MAX_DEPTH 256

struct splitter {
	struct klp_arena *arena;
	struct klp_chunks *out;
	size_t line;	/* the next directive */
	uint32_t i;	/* the next token */
	uint32_t first; /* of the declaration under way */
	int depth;	/* of its brackets */
	bool params;	/* it had a `name(...)` at depth 0 */
	bool odd;
	uint32_t parent;	    /* of it: where it began */
	uint32_t opener[MAX_DEPTH]; /* #if, #else: chunks that are open */
	int saved[MAX_DEPTH];	    /* the bracket depth at each #if */
	int nesting;
	struct klp_error *err;
};

static const struct klp_ctok *token(const struct splitter *s, uint32_t i)
{
	return &s->out->toks.v.v[i];
}

static uint32_t offset_of(const struct splitter *s, const struct klp_ctok *tok)
{
	return (uint32_t)(tok->p - s->out->text);
}

static uint32_t count_lines(const char *text, uint32_t from, uint32_t to)
{
	uint32_t n = 0;

	for (; from < to; from++)
		n += text[from] == '\n';
	return n;
}

static uint64_t hash_tokens(const struct klp_ctok *v, uint32_t n)
{
	uint64_t h = 14695981039346656037ull;

	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t k = 0; k < v[i].len; k++)
			h = (h ^ (unsigned char)v[i].p[k]) * 1099511628211ull;
		h = (h ^ 0xff) * 1099511628211ull;
	}
	return h;
}

/* The conditional that is open; one within a declaration counts as what that stands in. */
static uint32_t innermost(const struct splitter *s)
{
	for (int i = s->nesting; i-- > 0;)
		if (s->opener[i] != KLP_CHUNK_NONE)
			return s->opener[i];
	return KLP_CHUNK_NONE;
}

static struct klp_chunk *add(struct splitter *s, enum klp_chunk_kind kind, uint32_t first,
			     uint32_t end, uint32_t from, uint32_t to, uint32_t line)
{
	struct klp_chunk *c = klp_vec_add(s->arena, &s->out->v);

	*c = (struct klp_chunk){
		.kind = kind,
		.from = from,
		.to = to,
		.line = line,
		.last_line = line + count_lines(s->out->text, from, to),
		.first = first,
		.n = end - first,
		.hash = hash_tokens(s->out->toks.v.v + first, end - first),
		.parent = innermost(s),
		.name = "",
	};
	return c;
}

/* ---- declarations ----------------------------------------------------------------------- */

/* DECLARE_THIS(...), DEFINE_THAT(...): what such a use declares is the macro's affair. */
static bool is_shouted(const struct klp_ctok *tok)
{
	bool letter = false;

	for (uint32_t i = 0; tok->kind == KLP_TOK_IDENT && i < tok->len; i++) {
		if (tok->p[i] >= 'a' && tok->p[i] <= 'z')
			return false;
		letter = letter || (tok->p[i] >= 'A' && tok->p[i] <= 'Z');
	}
	return letter;
}

void klp_chunk_tokens(struct klp_arena *arena, const struct klp_chunks *chunks,
		      const struct klp_chunk *chunk, struct klp_ctoks *ret)
{
	const struct klp_cpplines *lines = &chunks->lines;
	size_t lo = 0, hi = lines->n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (lines->v[mid].to <= chunk->from)
			lo = mid + 1;
		else
			hi = mid;
	}
	klp_vec_push(arena, &ret->files, chunks->toks.files.v[0]);
	for (uint32_t i = chunk->first; i < chunk->first + chunk->n; i++) {
		const struct klp_ctok *tok = &chunks->toks.v.v[i];
		uint32_t at = (uint32_t)(tok->p - chunks->text);

		while (lo < lines->n && lines->v[lo].to <= at)
			lo++;
		if (lo == lines->n || lines->v[lo].from > at)
			klp_vec_push(arena, &ret->v, *tok);
	}
}

/* A token that stands in an #else or #elif within the chunk that begins at `from`. */
static bool in_other_branch(const struct klp_cpplines *lines, uint32_t from, uint32_t at)
{
	int depth = 0, other = 0; /* other: 1 + the depth at which another branch began */

	for (size_t i = 0; i < lines->n && lines->v[i].from < at; i++) {
		if (lines->v[i].from < from)
			continue;
		if (lines->v[i].kind == KLP_CPP_IF) {
			depth++;
		} else if (lines->v[i].kind == KLP_CPP_ELSE && !other) {
			other = depth + 1;
		} else if (lines->v[i].kind == KLP_CPP_ENDIF) {
			other = other == depth + 1 ? 0 : other;
			depth -= depth > 0;
		}
	}
	return other;
}

/* One branch of each conditional within: of both, the brackets wouldn't match. */
static void drop_other_branches(struct splitter *s, const struct klp_chunk *c,
				struct klp_ctoks *toks)
{
	size_t n = 0;

	for (size_t i = 0; i < toks->v.n; i++)
		if (!in_other_branch(&s->out->lines, c->from, offset_of(s, &toks->v.v[i])))
			toks->v.v[n++] = toks->v.v[i];
	toks->v.n = n;
}

static bool has_condition(struct splitter *s, const struct klp_chunk *c)
{
	for (size_t i = 0; i < s->out->lines.n; i++)
		if (s->out->lines.v[i].kind == KLP_CPP_ELSE && s->out->lines.v[i].from > c->from &&
		    s->out->lines.v[i].from < c->to)
			return true;
	return false;
}

/* What it declares, by the same reading that preprocessed text gets. */
static void describe(struct splitter *s, struct klp_chunk *c)
{
	const struct klp_ctok *first = token(s, c->first);
	struct klp_error ignored = {};
	struct klp_cdecls decls = {};
	struct klp_ctoks toks = {};

	klp_chunk_tokens(s->arena, s->out, c, &toks);
	if (has_condition(s, c))
		drop_other_branches(s, c, &toks);
	c->odd = c->odd || klp_cdecl_split(s->arena, &toks, &decls, &ignored) < 0 || decls.n != 1;
	if (decls.n) {
		c->decl = decls.v[0].kind;
		c->name = decls.v[0].name;
	}
	c->odd = c->odd || (c->n > 1 && is_shouted(first) && klp_tok_is(first + 1, "(") &&
			    c->decl == KLP_CDECL_PROTOTYPE);
	for (uint32_t i = c->first; decls.n && decls.v[0].body && i < c->first + c->n; i++)
		if (token(s, i)->p == toks.v.v[decls.v[0].body].p)
			c->body = i;
}

/* The declaration that began at s->first ends before token `end`. */
static void end_decl(struct splitter *s, uint32_t end)
{
	const struct klp_ctok *a = token(s, s->first), *z = token(s, end - 1);
	struct klp_chunk *c;

	if (end > s->first && !(end == s->first + 1 && klp_tok_is(a, ";"))) {
		c = add(s, KLP_CHUNK_DECL, s->first, end, offset_of(s, a), offset_of(s, z) + z->len,
			a->line);
		c->odd = s->odd;
		c->parent = s->parent;
		describe(s, c);
	}
	s->first = end;
	s->depth = 0;
	s->params = s->odd = false;
}

static bool is_keyword(const struct klp_ctok *tok)
{
	static const char *const words[] = {
		"static",   "extern",  "struct", "union", "enum", "inline", "void",	 "const",
		"unsigned", "typedef", "int",	 "bool",  "long", "char",   "asmlinkage"
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (klp_tok_is(tok, words[i]))
			return true;
	return false;
}

/* `DECLARE_THIS(x)` with no ';', and something else on the next line. */
static bool ends_unmarked(const struct splitter *s, uint32_t i)
{
	return i > s->first && s->depth == 0 && is_shouted(token(s, s->first)) &&
	       klp_tok_is(token(s, i - 1), ")") && is_keyword(token(s, i)) &&
	       token(s, i)->line > token(s, i - 1)->line;
}

static void decl_token(struct splitter *s)
{
	const struct klp_ctok *tok = token(s, s->i), *prev = tok - 1;
	bool begun = s->i > s->first;

	if (ends_unmarked(s, s->i))
		end_decl(s, s->i);
	if (s->i == s->first)
		s->parent = innermost(s);
	s->i++;
	if (tok->kind != KLP_TOK_PUNCT || tok->len != 1)
		return;
	if (strchr("([{", tok->p[0])) {
		if (tok->p[0] == '(' && !s->depth && begun && prev->kind == KLP_TOK_IDENT &&
		    !klp_tok_is(prev, "__attribute__"))
			s->params = true;
		s->depth++;
	} else if (strchr(")]}", tok->p[0])) {
		if (--s->depth < 0) {
			s->odd = true;
			s->depth = 0;
		}
		if (tok->p[0] == '}' && !s->depth && s->params)
			end_decl(s, s->i);
	} else if (tok->p[0] == ';' && !s->depth) {
		end_decl(s, s->i);
	}
}

/* ---- directives ------------------------------------------------------------------------- */

static enum klp_chunk_kind kind_of(enum klp_cppline_kind kind)
{
	switch (kind) {
	case KLP_CPP_DEFINE:
	case KLP_CPP_UNDEF:
		return KLP_CHUNK_DEFINE;
	case KLP_CPP_INCLUDE:
		return KLP_CHUNK_INCLUDE;
	case KLP_CPP_IF:
	case KLP_CPP_ELSE:
	case KLP_CPP_ENDIF:
		return KLP_CHUNK_CONDITION;
	default:
		return KLP_CHUNK_DIRECTIVE;
	}
}

/* A bracket may be opened in both branches, and closed once. */
static void branch(struct splitter *s, enum klp_cppline_kind kind)
{
	if (kind == KLP_CPP_IF && s->nesting < MAX_DEPTH) {
		s->saved[s->nesting] = s->depth;
		s->opener[s->nesting++] = KLP_CHUNK_NONE;
	} else if (kind == KLP_CPP_ELSE && s->nesting) {
		s->depth = s->saved[s->nesting - 1];
	} else if (kind == KLP_CPP_ENDIF && s->nesting) {
		s->nesting--;
	}
}

static void directive(struct splitter *s)
{
	const struct klp_cppline *l = &s->out->lines.v[s->line++];
	uint32_t first = s->i, from = l->from, to = l->to;
	bool inside;
	struct klp_chunk *c;

	/* `DECLARE_THIS(x)` with no ';' before it */
	if (s->i > s->first && !s->depth && is_shouted(token(s, s->first)) &&
	    klp_tok_is(token(s, s->i - 1), ")"))
		end_decl(s, s->i);
	inside = s->i > s->first;
	while (s->i < s->out->toks.v.n && offset_of(s, token(s, s->i)) < to)
		s->i++;
	if (l->kind == KLP_CPP_ENDIF)
		branch(s, l->kind);
	/* one within a declaration is part of that */
	if (!inside) {
		c = add(s, kind_of(l->kind), first, s->i, from, to, l->line);
		c->name = l->name ? l->name : "";
		c->undef = l->kind == KLP_CPP_UNDEF;
		s->first = s->i;
	}
	if (l->kind != KLP_CPP_ENDIF)
		branch(s, l->kind);
	if ((l->kind == KLP_CPP_IF || l->kind == KLP_CPP_ELSE) && s->nesting)
		s->opener[s->nesting - 1] =
			inside ? s->opener[s->nesting - 1] : (uint32_t)s->out->v.n - 1;
}

int klp_chunks_split(struct klp_arena *arena, const char *name, const char *text, size_t len,
		     struct klp_chunks *ret, struct klp_error *err)
{
	struct klp_chunks out = { .text = text };
	struct splitter s = { .arena = arena, .out = &out, .err = err };

	if (klp_ctok_source(arena, name, text, len, true, &out.toks, err) < 0)
		return err->code;
	klp_cpplines_scan(arena, text, len, &out.lines);
	while (s.i < out.toks.v.n) {
		if (s.line < out.lines.n &&
		    offset_of(&s, token(&s, s.i)) >= out.lines.v[s.line].from)
			directive(&s);
		else
			decl_token(&s);
	}
	if (s.i > s.first) {
		s.odd = true;
		end_decl(&s, s.i);
	}
	*ret = out;
	return 0;
}

const struct klp_chunk *klp_chunk_at(const struct klp_chunks *chunks, uint32_t offset)
{
	size_t lo = 0, hi = chunks->v.n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (chunks->v.v[mid].to <= offset)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < chunks->v.n && chunks->v.v[lo].from <= offset ? &chunks->v.v[lo] : NULL;
}
