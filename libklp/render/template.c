// SPDX-License-Identifier: GPL-2.0-or-later
#include "render/template.h"

#include <stdbool.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"

#define MAX_DEPTH 8

KLP_VEC(scopes, struct klp_scope *);

struct klp_scope {
	struct klp_arena *arena;
	const struct klp_scope *outer;
	struct klp_map values; /* -> const char */
	struct klp_map lists;  /* -> struct scopes */
};

static struct klp_scope *scope_new(struct klp_arena *arena, const struct klp_scope *outer)
{
	struct klp_scope *scope = klp_new(arena, struct klp_scope);

	scope->arena = arena;
	scope->outer = outer;
	klp_map_init(&scope->values, arena);
	klp_map_init(&scope->lists, arena);
	return scope;
}

struct klp_scope *klp_scope_new(struct klp_arena *arena)
{
	return scope_new(arena, NULL);
}

void klp_scope_set(struct klp_scope *scope, const char *name, const char *value)
{
	klp_map_put(&scope->values, name, (void *)(uintptr_t)value);
}

static struct scopes *list_of(struct klp_scope *scope, const char *name)
{
	struct scopes *list = klp_map_get(&scope->lists, name);

	if (!list) {
		list = klp_new(scope->arena, struct scopes);
		klp_map_put(&scope->lists, name, list);
	}
	return list;
}

void klp_scope_list(struct klp_scope *scope, const char *list)
{
	list_of(scope, list);
}

struct klp_scope *klp_scope_add(struct klp_scope *scope, const char *list)
{
	struct klp_scope *member = scope_new(scope->arena, scope);

	klp_vec_push(scope->arena, list_of(scope, list), member);
	return member;
}

void klp_scope_condition(struct klp_scope *scope, const char *list, bool is)
{
	klp_scope_list(scope, list);
	if (is)
		klp_scope_add(scope, list);
}

/* A directive in the text: where it begins and ends, and its name. */
struct mark {
	enum { MARK_NONE, MARK_VALUE, MARK_EACH, MARK_END } kind;
	const char *from, *to; /* the line around it when it stands alone there */
	const char *name;
	size_t name_len;
};

struct expansion {
	const char *template, *text;
	struct klp_buf *out;
	struct klp_error *err;
};

static bool starts(const char *p, const char *word)
{
	return !strncmp(p, word, strlen(word));
}

/* Nothing but blanks around [from, to) on its line: take the line. */
static void widen(const char *text, struct mark *m)
{
	const char *from = m->from, *to = m->to + strspn(m->to, " \t");

	while (from > text && (from[-1] == ' ' || from[-1] == '\t'))
		from--;
	if ((from > text && from[-1] != '\n') || (*to != '\n' && *to != '\0'))
		return;
	m->from = from;
	m->to = *to ? to + 1 : to;
}

/* The first directive at or behind p. An '@' that begins none is plain text. */
static struct mark next_mark(const char *text, const char *p)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";

	for (; (p = strchr(p, '@')); p++) {
		struct mark m = { .kind = MARK_VALUE, .from = p, .name = p + 1 };

		if (starts(p, "@end@")) {
			m.kind = MARK_END;
			m.to = p + strlen("@end@");
			widen(text, &m);
			return m;
		}
		if (starts(p, "@each ")) {
			m.kind = MARK_EACH;
			m.name = p + strlen("@each ");
		}
		m.name_len = strspn(m.name, letters);
		if (!m.name_len || m.name[m.name_len] != '@')
			continue;
		m.to = m.name + m.name_len + 1;
		if (m.kind == MARK_EACH)
			widen(text, &m);
		return m;
	}
	return (struct mark){ .kind = MARK_NONE };
}

static int complain(const struct expansion *x, const char *where, const char *what,
		    const char *name, size_t len)
{
	unsigned int line = 1;

	for (const char *p = x->text; p < where; p++)
		line += *p == '\n';
	klp_error_set(x->err, KLP_ETROUBLE, "template: %s '%.*s'", what, (int)len, name);
	return klp_error_at(x->err, x->template, line, 0);
}

static const void *look_up(const struct klp_scope *scope, const struct mark *m)
{
	for (; scope; scope = scope->outer) {
		const void *found =
			klp_map_getn(m->kind == MARK_VALUE ? &scope->values : &scope->lists,
				     m->name, m->name_len);

		if (found)
			return found;
	}
	return NULL;
}

/* Expands from p to its @end@ (or the end of text at depth 0), which *ret_rest is set to. */
static int expand(const struct expansion *x, const char *p, const struct klp_scope *scope,
		  int depth, bool quiet, const char **ret_rest);

static int expand_each(const struct expansion *x, const struct mark *m,
		       const struct klp_scope *scope, int depth, bool quiet, const char **ret_rest)
{
	const struct scopes *list = quiet ? NULL : look_up(scope, m);
	size_t n = list ? list->n : 0;

	if (!quiet && !list)
		return complain(x, m->from, "no list", m->name, m->name_len);
	if (depth + 1 > MAX_DEPTH)
		return complain(x, m->from, "nested too deep", m->name, m->name_len);
	for (size_t i = 0; i < n; i++)
		if (expand(x, m->to, list->v[i], depth + 1, false, ret_rest) < 0)
			return x->err->code;
	/* A body that is written no times must be passed all the same. */
	return n ? 0 : expand(x, m->to, scope, depth + 1, true, ret_rest);
}

static int expand(const struct expansion *x, const char *p, const struct klp_scope *scope,
		  int depth, bool quiet, const char **ret_rest)
{
	for (;;) {
		struct mark m = next_mark(x->text, p);
		const char *value;

		if (!quiet)
			klp_buf_addn(x->out, p, m.kind ? (size_t)(m.from - p) : strlen(p));
		switch (m.kind) {
		case MARK_NONE:
			if (depth)
				return complain(x, p + strlen(p), "missing", "@end@", 5);
			return 0;
		case MARK_END:
			if (!depth)
				return complain(x, m.from, "nothing to end by", "@end@", 5);
			*ret_rest = m.to;
			return 0;
		case MARK_EACH:
			if (expand_each(x, &m, scope, depth, quiet, &p) < 0)
				return x->err->code;
			continue;
		case MARK_VALUE:
			value = quiet ? "" : look_up(scope, &m);
			if (!value)
				return complain(x, m.from, "no value", m.name, m.name_len);
			if (!quiet)
				klp_buf_add(x->out, value);
			p = m.to;
		}
	}
}

int klp_template_expand(const char *name, const char *text, const struct klp_scope *scope,
			struct klp_buf *out, struct klp_error *err)
{
	const struct expansion x = { name, text, out, err };
	const char *rest;

	return expand(&x, text, scope, 0, false, &rest);
}

const char *klp_template_get(const char *name)
{
	for (const struct klp_template *t = klp__templates; t->name; t++)
		if (!strcmp(t->name, name))
			return t->text;
	return NULL;
}
