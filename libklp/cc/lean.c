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

struct lean {
	struct klp_arena *arena;
	const struct klp_ctok *v;
	struct klp_map spares;			  /* name -> struct spare */
	struct klp_map said;			  /* names whose spares stay */
	KLP_VEC(, const struct klp_cdecl *) todo; /* what stays, and has to be looked through */
};

static bool is_any(const struct klp_ctok *tok, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (klp_tok_is(tok, words[i]))
			return true;
	return false;
}

/*
 * GCC numbers the static variables of functions through the whole unit ("__key.3"), those of
 * functions that it throws away among them; of what names itself it makes such a variable.
 */
static bool is_numbered(const struct klp_ctok *tok)
{
	static const char *const words[] = { "static", "__func__", "__FUNCTION__",
					     "__PRETTY_FUNCTION__" };

	return tok->kind == KLP_TOK_IDENT && is_any(tok, words, sizeof(words) / sizeof(*words));
}

/* A static inline function, which makes no code unless it is used; attributes could ask for it. */
static bool is_spare(const struct lean *l, const struct klp_cdecl *d)
{
	static const char *const is_inline[] = { "inline", "__inline", "__inline__" };
	static const char *const asks[] = { "used",	   "__used__",		"section",
					    "__section__", "constructor",	"__constructor__",
					    "destructor",  "__destructor__",	"alias",
					    "__alias__",   "externally_visible" };
	bool has_static = false, has_inline = false;

	/* a pragma stands before it */
	if (d->kind != KLP_CDECL_FUNCTION || d->at != d->first || !d->name[0])
		return false;
	for (uint32_t i = d->first; i < d->body; i++) {
		const struct klp_ctok *tok = &l->v[i];

		if (tok->kind != KLP_TOK_IDENT)
			continue;
		if (is_any(tok, asks, sizeof(asks) / sizeof(*asks)))
			return false;
		has_static = has_static || klp_tok_is(tok, "static");
		has_inline = has_inline ||
			     is_any(tok, is_inline, sizeof(is_inline) / sizeof(*is_inline));
	}
	for (uint32_t i = d->body; i < d->first + d->n; i++)
		if (is_numbered(&l->v[i]))
			return false;
	return has_static && has_inline;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$';
}

static void say(struct lean *l, const char *word, size_t len)
{
	struct spare *s = klp_map_getn(&l->spares, word, len);
	void **slot;

	if (!s)
		return;
	slot = klp_map_slotn(&l->said, s->decl->name, len);
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

static void look_through(struct lean *l, const struct klp_cdecl *d)
{
	for (uint32_t i = d->first; i < d->first + d->n; i++)
		if (l->v[i].kind == KLP_TOK_IDENT)
			say(l, l->v[i].p, l->v[i].len);
		else if (l->v[i].kind == KLP_TOK_STRING || l->v[i].kind == KLP_TOK_PRAGMA)
			say_words(l, &l->v[i]);
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

static void write_text(const struct lean *l, const struct klp_cdecls *decls, const char *text,
		       size_t len, struct klp_buf *out)
{
	const char *from = text;

	for (size_t i = 0; i < decls->n; i++) {
		const struct klp_cdecl *d = &decls->v[i];
		const struct klp_ctok *first = &l->v[d->first], *last = first + d->n - 1;

		if (!is_spare(l, d) || klp_map_get(&l->said, d->name))
			continue;
		klp_buf_addn(out, from, (size_t)(first->p - from));
		leave_out(first->p, last->p + last->len, out);
		from = last->p + last->len;
	}
	klp_buf_addn(out, from, (size_t)(text + len - from));
}

static int lean(struct klp_arena *arena, const char *text, size_t len, struct klp_buf *out,
		struct klp_error *err)
{
	struct lean l = { .arena = arena };
	struct klp_cdecls decls = {};
	struct klp_ctoks toks = {};

	if (klp_ctok_preprocessed(arena, "", text, len, &toks, err) < 0 ||
	    klp_cdecl_split(arena, &toks, &decls, err) < 0)
		return err->code;
	l.v = toks.v.v;
	klp_map_init(&l.spares, arena);
	klp_map_init(&l.said, arena);
	for (size_t i = 0; i < decls.n; i++) {
		const struct klp_cdecl *d = &decls.v[i];
		struct spare *s;
		void **slot;

		if (!is_spare(&l, d)) {
			klp_vec_push(arena, &l.todo, d);
			continue;
		}
		slot = klp_map_slotn(&l.spares, d->name, strlen(d->name));
		s = klp_new(arena, struct spare);
		*s = (struct spare){ d, *slot };
		*slot = s;
	}
	for (size_t i = 0; i < l.todo.n; i++)
		look_through(&l, l.todo.v[i]);
	write_text(&l, &decls, text, len, out);
	return 0;
}

/* Tokens are several times the text, and nobody wants them afterwards. */
bool klp_cc__lean(const char *text, size_t len, struct klp_buf *out)
{
	struct klp_arena *arena = klp_arena_new();
	struct klp_error unread = {};
	bool done = lean(arena, text, len, out, &unread) == 0;

	klp_arena_free(arena);
	return done;
}
