// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Macros of headers, which libclang tells only the uses of: by which ones a text comes to a
 * word that it doesn't have, and a use written out, one macro after the other, until the word
 * is there.
 */
#include "extract/private.h"

#include <ctype.h>
#include <string.h>

#include "base/file.h"

/* ---- from a word up to the text ----------------------------------------------------------- */

/* A chain of macros is rarely longer than four. */
#define MAX_LEVELS 6

/* Macros that have the word in their body, each with the one that follows on the way to it. */
struct macros {
	struct klp_map next; /* name -> name; "" for the word itself */
	size_t old;	     /* those before this one are done with */
};

/* What a #define, whose name is the second token, mentions of the macros known so far, or NULL. */
static const char *mentioned(struct extraction *x, const struct macros *m, const char *text,
			     size_t len)
{
	struct klp_ctoks toks = {};
	struct klp_error ignored = {};

	if (klp_ctok_source(x->arena, "", text, len, true, &toks, &ignored) < 0)
		return NULL;
	for (size_t i = 2; i < toks.v.n; i++)
		if (toks.v.v[i].kind == KLP_TOK_IDENT &&
		    klp_map_getn(&m->next, toks.v.v[i].p, toks.v.v[i].len))
			return klp_strndup(x->arena, toks.v.v[i].p, toks.v.v[i].len);
	return NULL;
}

static bool has_any(const struct macros *m, const char *text, size_t len)
{
	for (size_t i = m->old; i < m->next.n; i++)
		if (memmem(text, len, m->next.entries[i].key, m->next.entries[i].len))
			return true;
	return false;
}

static void scan_file(struct extraction *x, const struct macros *m, const char *text, size_t len,
		      struct klp_map *ret)
{
	struct klp_cpplines lines = {};

	if (!has_any(m, text, len))
		return;
	klp_cpplines_scan(x->arena, text, len, &lines);
	for (size_t i = 0; i < lines.n; i++) {
		const struct klp_cppline *l = &lines.v[i];
		const char *next;

		if (l->kind != KLP_CPP_DEFINE || klp_map_get(&m->next, l->name) ||
		    klp_map_get(ret, l->name) || !has_any(m, text + l->from, l->to - l->from))
			continue;
		next = mentioned(x, m, text + l->from, l->to - l->from);
		if (next)
			klp_map_put(ret, l->name, (void *)next);
	}
}

/* Another level of macros, those that mention the last one's. False when there is none. */
static bool next_level(struct extraction *x, struct macros *m)
{
	struct klp_map found;

	klp_map_init(&found, x->arena);
	for (size_t i = 0; i < x->view->tu.files.n; i++) {
		KLP_CLEANUP_MAPPED struct klp_mapped text = {};
		struct klp_error ignored = {};

		if (klp_mapped_open(x->view->tu.files.v[i].path, &text, &ignored) == 0 && text.len)
			scan_file(x, m, text.data, text.len, &found);
	}
	m->old = m->next.n;
	for (size_t i = 0; i < found.n; i++)
		klp_map_put(&m->next, found.entries[i].key, found.entries[i].value);
	return found.n != 0;
}

/* The first macro of the text that leads to the word. */
static const char *first_macro(const struct macros *m, const struct klp_ctoks *toks)
{
	for (size_t i = 0; i < toks->v.n; i++) {
		const struct klp_ctok *tok = &toks->v.v[i];
		const char *next = tok->kind == KLP_TOK_IDENT
					   ? klp_map_getn(&m->next, tok->p, tok->len)
					   : NULL;

		for (size_t j = 0; next && *next && j < m->next.n; j++)
			if (klp_tok_is(tok, m->next.entries[j].key))
				return m->next.entries[j].key;
	}
	return NULL;
}

void klp_extract__macro_way(struct extraction *x, const char *text, size_t len, const char *word,
			    struct klp_strs *ret)
{
	struct klp_ctoks toks = {};
	struct klp_error ignored = {};
	struct macros m = {};
	const char *name = NULL;

	if (klp_ctok_source(x->arena, "", text, len, true, &toks, &ignored) < 0)
		return;
	klp_map_init(&m.next, x->arena);
	klp_map_put(&m.next, word, "");
	for (int level = 0; !name && level < MAX_LEVELS && next_level(x, &m); level++)
		name = first_macro(&m, &toks);
	for (; name && strcmp(name, word); name = klp_map_get(&m.next, name))
		klp_vec_push(x->arena, ret, name);
}

/* ---- a definition ------------------------------------------------------------------------- */

struct macro {
	struct klp_strs params; /* __VA_ARGS__, or what is called so, last */
	bool variadic;
	struct klp_ctoks body;
};

/* The text of the only `#define NAME(` of the unit's headers, or NULL. */
static char *find_define(struct extraction *x, const char *name)
{
	char *found = NULL;
	size_t n = 0;

	for (size_t i = 0; i < x->view->tu.files.n; i++) {
		KLP_CLEANUP_MAPPED struct klp_mapped text = {};
		struct klp_cpplines lines = {};
		struct klp_error ignored = {};

		if (klp_mapped_open(x->view->tu.files.v[i].path, &text, &ignored) < 0 ||
		    !text.len || !memmem(text.data, text.len, name, strlen(name)))
			continue;
		klp_cpplines_scan(x->arena, text.data, text.len, &lines);
		for (size_t j = 0; j < lines.n; j++) {
			const struct klp_cppline *l = &lines.v[j];

			if ((l->kind != KLP_CPP_DEFINE && l->kind != KLP_CPP_UNDEF) ||
			    strcmp(l->name, name) != 0)
				continue;
			n += x->view->tu.files.v[i].own ? 2 : 1;
			found = klp_strndup(x->arena, text.data + l->from, l->to - l->from);
		}
	}
	return n == 1 ? found : NULL;
}

/* Behind '(' of the parameters: false for what isn't a list of names. */
static bool parse_params(struct extraction *x, const struct klp_ctoks *toks, size_t *at,
			 struct macro *ret)
{
	const struct klp_ctok *v = toks->v.v;
	size_t i = *at;

	for (; i < toks->v.n && !klp_tok_is(&v[i], ")"); i++) {
		if (klp_tok_is(&v[i], "...")) {
			if (!ret->variadic && (i == *at || klp_tok_is(&v[i - 1], ",")))
				klp_vec_push(x->arena, &ret->params, "__VA_ARGS__");
			ret->variadic = true;
		} else if (v[i].kind == KLP_TOK_IDENT) {
			klp_vec_push(x->arena, &ret->params,
				     klp_strndup(x->arena, v[i].p, v[i].len));
		} else if (!klp_tok_is(&v[i], ",")) {
			return false;
		}
	}
	*at = i + 1;
	return i < toks->v.n;
}

/* '#' and '##' need what is gone when the text is written: not for these. */
static bool parse_macro(struct extraction *x, const char *name, struct macro *ret)
{
	const char *text = find_define(x, name);
	struct klp_ctoks toks = {};
	struct klp_error ignored = {};
	size_t i = 3;

	*ret = (struct macro){};
	if (!text ||
	    klp_ctok_source(x->arena, name, text, strlen(text), true, &toks, &ignored) < 0 ||
	    toks.v.n < 4 || !klp_tok_is(&toks.v.v[2], "(") ||
	    toks.v.v[2].p != toks.v.v[1].p + toks.v.v[1].len || !parse_params(x, &toks, &i, ret))
		return false;
	for (; i < toks.v.n; i++) {
		if (klp_tok_is(&toks.v.v[i], "#") || klp_tok_is(&toks.v.v[i], "##"))
			return false;
		klp_vec_push(x->arena, &ret->body.v, toks.v.v[i]);
	}
	return ret->body.v.n != 0;
}

/* ---- a use -------------------------------------------------------------------------------- */

/* The arguments of a use whose '(' is v[open], as text; *end: its ')'. */
static bool parse_args(struct extraction *x, const struct klp_ctoks *toks, size_t open,
		       const struct macro *m, struct klp_strs *ret, size_t *end)
{
	const struct klp_ctok *v = toks->v.v;
	size_t from = open + 1;
	int depth = 0;

	for (size_t i = open; i < toks->v.n; i++) {
		bool last = m->variadic && ret->n + 1 == m->params.n;

		depth += klp_tok_opens(&v[i]);
		depth -= klp_tok_closes(&v[i]);
		if (depth && !(depth == 1 && !last && klp_tok_is(&v[i], ",")))
			continue;
		klp_vec_push(x->arena, ret,
			     i > from ? klp_strndup(x->arena, v[from].p,
						    (size_t)(v[i - 1].p + v[i - 1].len - v[from].p))
				      : "");
		from = i + 1;
		*end = i;
		if (depth)
			continue;
		if (m->variadic && ret->n + 1 == m->params.n)
			klp_vec_push(x->arena, ret, "");
		return ret->n == m->params.n;
	}
	return false;
}

/* What stands between two tokens of a body, without line splices and comments. */
static void add_gap(struct klp_buf *out, const char *from, const char *to)
{
	const char *newline = memrchr(from, '\n', (size_t)(to - from));

	if (newline)
		klp_buf_addn(out, newline, (size_t)(to - newline));
	else if (to > from)
		klp_buf_add(out, " ");
}

static void add_body(struct klp_buf *out, const struct macro *m, const struct klp_strs *args)
{
	for (size_t i = 0; i < m->body.v.n; i++) {
		const struct klp_ctok *tok = &m->body.v.v[i];
		size_t param = m->params.n;

		if (i)
			add_gap(out, tok[-1].p + tok[-1].len, tok->p);
		for (size_t j = 0; j < m->params.n; j++)
			if (tok->kind == KLP_TOK_IDENT && klp_tok_is(tok, m->params.v[j]))
				param = j;
		if (param < m->params.n)
			klp_buf_add(out, args->v[param]);
		else
			klp_buf_addn(out, tok->p, tok->len);
	}
}

/* A text with the first use of the macro in it written out; NULL: that can't be done. */
static char *write_out_one(struct extraction *x, const char *text, const char *name)
{
	struct klp_ctoks toks = {};
	struct klp_error ignored = {};
	struct klp_strs args = {};
	struct klp_buf out;
	struct macro m;
	size_t i = 0, end;

	if (!parse_macro(x, name, &m) ||
	    klp_ctok_source(x->arena, name, text, strlen(text), true, &toks, &ignored) < 0)
		return NULL;
	while (i < toks.v.n && !klp_tok_is(&toks.v.v[i], name))
		i++;
	if (i + 1 >= toks.v.n || !klp_tok_is(&toks.v.v[i + 1], "(") ||
	    !parse_args(x, &toks, i + 1, &m, &args, &end))
		return NULL;
	klp_buf_init(&out, x->arena);
	klp_buf_addn(&out, text, (size_t)(toks.v.v[i].p - text));
	add_body(&out, &m, &args);
	klp_buf_add(&out, toks.v.v[end].p + 1);
	return out.p;
}

char *klp_extract__write_out(struct extraction *x, const char *text, const char *word)
{
	struct klp_strs way = {};
	char *out = klp_strdup(x->arena, text);

	klp_extract__macro_way(x, text, strlen(text), word, &way);
	for (size_t i = 0; out && i < way.n; i++)
		out = write_out_one(x, out, way.v[i]);
	return way.n ? out : NULL;
}
