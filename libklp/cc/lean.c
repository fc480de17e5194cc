// SPDX-License-Identifier: GPL-2.0-or-later
#include "cc/lean.h"

#include <ctype.h>
#include <string.h>

#include "base/map.h"
#include "parsers/cdecl.h"

/* A declaration that may go, and those of the same name. */
struct spare {
	const struct klp_cdecl *decl;
	struct spare *next;
};

/* A text, and what of it stays. Of one that stands before others: what stays before any of them. */
struct klp_cc__lean {
	struct klp_arena *arena;
	const char *text;
	size_t len;
	const struct klp_ctok *v;
	KLP_VEC(, const struct klp_cdecl *) all; /* that may go, in their order */
	struct klp_map spares;			 /* name -> struct spare */
	struct klp_map said;			 /* names whose spares stay */
};

/* The names are said by one text, or by one that stands behind another. */
struct lean {
	struct klp_arena *arena;
	const struct klp_cc__lean *of;
	struct klp_map *said;			  /* the names of `of` that are found */
	KLP_VEC(, const struct klp_cdecl *) todo; /* what stays, and has to be looked through */
};

/*
 * GCC numbers the static variables of functions through the whole unit ("__key.3"), those of
 * functions that it throws away among them; of what names itself it makes such a variable. What is
 * declared extern within a function is declared for what stands behind it, too.
 */
static bool outlives(const struct klp_ctok *tok)
{
	static const char *const words[] = { "static", "__func__", "__FUNCTION__",
					     "__PRETTY_FUNCTION__", "extern" };

	return tok->kind == KLP_TOK_IDENT &&
	       klp_tok_is_any(tok, words, sizeof(words) / sizeof(*words));
}

/*
 * A static function, which makes no code unless it is used; attributes could ask for it. Not only
 * an inline one: what only those use that are left out would be told of as unused.
 */
static bool is_spare(const struct klp_ctok *v, const struct klp_cdecl *d)
{
	static const char *const asks[] = { "used",	   "__used__",		"section",
					    "__section__", "constructor",	"__constructor__",
					    "destructor",  "__destructor__",	"alias",
					    "__alias__",   "externally_visible" };
	bool has_static = false;

	/* a pragma stands before it */
	if (d->kind != KLP_CDECL_FUNCTION || d->at != d->first || !d->name[0])
		return false;
	for (uint32_t i = d->first; i < d->body; i++) {
		const struct klp_ctok *tok = &v[i];

		if (tok->kind != KLP_TOK_IDENT)
			continue;
		if (klp_tok_is_any(tok, asks, sizeof(asks) / sizeof(*asks)))
			return false;
		has_static = has_static || klp_tok_is(tok, "static");
	}
	for (uint32_t i = d->body; i < d->first + d->n; i++)
		if (outlives(&v[i]))
			return false;
	return has_static;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$';
}

static void say(struct lean *l, const char *word, size_t len)
{
	struct spare *s = klp_map_getn(&l->of->spares, word, len);
	void **slot;

	if (!s || klp_map_getn(&l->of->said, word, len))
		return;
	slot = klp_map_slotn(l->said, s->decl->name, len);
	if (*slot)
		return;
	*slot = s;
	for (; s; s = s->next)
		klp_vec_push(l->arena, &l->todo, s->decl);
}

/* An asm template is a string, and calls functions. */
static void say_words(struct lean *l, const struct klp_ctok *tok)
{
	for (uint32_t i = 0; i < tok->len;) {
		uint32_t from = i;

		while (i < tok->len && is_word(tok->p[i]))
			i++;
		if (i > from)
			say(l, tok->p + from, i - from);
		else
			i++;
	}
}

static void look_through(struct lean *l, const struct klp_ctok *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].kind == KLP_TOK_IDENT)
			say(l, v[i].p, v[i].len);
		else if (v[i].kind == KLP_TOK_STRING || v[i].kind == KLP_TOK_PRAGMA)
			say_words(l, &v[i]);
}

static void look_through_what_stays(struct lean *l)
{
	for (size_t i = 0; i < l->todo.n; i++)
		look_through(l, l->of->v + l->todo.v[i]->first, l->todo.v[i]->n);
}

/* Nothing stays of it but lines, for those behind it, and directives. */
static void leave_out(const char *p, const char *end, struct klp_buf *out)
{
	bool line_start = false, directive = false;

	for (; p < end; p++) {
		directive = (directive && *p != '\n') || (line_start && *p == '#');
		if (directive || *p == '\n')
			klp_buf_addn(out, p, 1);
		line_start = *p == '\n';
	}
}

/* A type that was first named by what such a function returns is the file's: it stays that. */
static void keep_tags(const struct klp_ctok *v, const struct klp_cdecl *d, struct klp_buf *out)
{
	for (uint32_t i = d->first; i + 1 < d->body && !klp_tok_is(&v[i], d->name); i++) {
		const struct klp_ctok *tok = &v[i];

		if ((!klp_tok_is(tok, "struct") && !klp_tok_is(tok, "union")) ||
		    tok[1].kind != KLP_TOK_IDENT)
			continue;
		klp_buf_addn(out, tok->p, tok->len);
		klp_buf_addn(out, " ", 1);
		klp_buf_addn(out, tok[1].p, tok[1].len);
		klp_buf_addn(out, ";", 1);
	}
}

/* said: besides what the text itself says; or NULL. left_out: gets the names; or NULL. */
static void write_text(const struct klp_cc__lean *of, const struct klp_map *said,
		       struct klp_buf *out, struct klp_map *left_out)
{
	const char *from = of->text;

	for (size_t i = 0; i < of->all.n; i++) {
		const struct klp_cdecl *d = of->all.v[i];
		const struct klp_ctok *first = &of->v[d->first], *last = first + d->n - 1;

		if (klp_map_get(&of->said, d->name) || (said && klp_map_get(said, d->name)))
			continue;
		if (left_out)
			klp_map_put(left_out, d->name, (void *)(uintptr_t)d);
		klp_buf_addn(out, from, (size_t)(first->p - from));
		keep_tags(of->v, d, out);
		leave_out(first->p, last->p + last->len, out);
		from = last->p + last->len;
	}
	klp_buf_addn(out, from, (size_t)(of->text + of->len - from));
}

static void add_spare(struct klp_cc__lean *of, const struct klp_cdecl *d)
{
	void **slot = klp_map_slotn(&of->spares, d->name, strlen(d->name));
	struct spare *s = klp_new(of->arena, struct spare);

	*s = (struct spare){ d, *slot };
	*slot = s;
	klp_vec_push(of->arena, &of->all, d);
}

/* Finds what stays of it by itself. */
static void read_decls(struct klp_cc__lean *of, const struct klp_cdecls *decls)
{
	struct lean l = { .arena = of->arena, .of = of };
	struct klp_map said;

	klp_map_init(&of->spares, of->arena);
	klp_map_init(&of->said, of->arena);
	klp_map_init(&said, of->arena);
	for (size_t i = 0; i < decls->n; i++)
		if (is_spare(of->v, &decls->v[i]))
			add_spare(of, &decls->v[i]);
		else
			klp_vec_push(l.arena, &l.todo, &decls->v[i]);
	l.said = &said;
	look_through_what_stays(&l);
	of->said = said;
}

struct klp_cc__lean *klp_cc__lean_read(struct klp_arena *arena, const char *text, size_t len,
				       const struct klp_ctoks *toks, const struct klp_cdecls *decls)
{
	struct klp_cc__lean *of = klp_new(arena, struct klp_cc__lean);

	*of = (struct klp_cc__lean){ .arena = arena, .text = text, .len = len, .v = toks->v.v };
	read_decls(of, decls);
	return of;
}

void klp_cc__lean_before(const struct klp_cc__lean *head, const struct klp_ctok *v, size_t n,
			 struct klp_buf *out, struct klp_map *left_out)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct lean l = { .arena = arena, .of = head };
	struct klp_map said;

	klp_map_init(&said, arena);
	l.said = &said;
	look_through(&l, v, n);
	look_through_what_stays(&l);
	write_text(head, &said, out, left_out);
}

bool klp_cc__lean_behind(const struct klp_cc__lean *head, const char *text, size_t len,
			 struct klp_buf *out)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct klp_error unread = {};
	struct klp_ctoks toks = {};

	if (klp_ctok_preprocessed(arena, "", text, len, &toks, &unread) < 0)
		return false;
	klp_cc__lean_before(head, toks.v.v, toks.v.n, out, NULL);
	klp_buf_addn(out, text, len);
	return true;
}

/* Tokens are several times the text, and nobody wants them afterwards. */
bool klp_cc__lean(const char *text, size_t len, struct klp_buf *out)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct klp_cdecls decls = {};
	struct klp_ctoks toks = {};
	struct klp_error unread = {};

	if (klp_ctok_preprocessed(arena, "", text, len, &toks, &unread) < 0 ||
	    klp_cdecl_split(arena, &toks, &decls, &unread) < 0)
		return false;
	write_text(klp_cc__lean_read(arena, text, len, &toks, &decls), NULL, out, NULL);
	return true;
}
