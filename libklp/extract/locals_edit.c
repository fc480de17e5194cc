// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The static locals that are shared with the original: their definitions become declarations.
 */
#include "extract/private.h"

#include <string.h>

#include "base/buf.h"

const char *klp_extract__local_def(const struct extraction *x, const struct klp_tu_local *l)
{
	return x->view->tu.files.v[l->file].text + l->from;
}

bool klp_extract__same_statement(const struct klp_tu_local *a, const struct klp_tu_local *b)
{
	return a->file == b->file && a->from == b->from;
}

static void extern_local(struct extraction *x, const struct shared_local *s, const char *tag,
			 struct klp_buf *out)
{
	const struct klp_tu_local *l = s->local;
	const struct entity *e = s->entity;
	const char *type = tag ? klp_extract__with_tag(x, l->type, tag) : l->type;
	const char *link = e->label ? e->name : klp_extract__link_text(x, e);

	klp_buf_addf(out, "extern %s",
		     klp_extract__without_parentheses(
			     x,
			     klp_extract__declarator(x, type, klp_extract__local_def(x, l),
						     l->to - l->from, link),
			     link));
	if (e->label)
		klp_buf_addf(out, " __asm__(\"%s\")", e->link);
	klp_buf_add(out, "; ");
}

/*
 * The static locals of one statement, declared in its place as what the kernel has: types of
 * the function's own are known there. As many lines as before, so that those below keep theirs.
 */
static void extern_locals(struct extraction *x, size_t first)
{
	const struct klp_tu_local *l = x->locals.v[first].local;
	const char *text = klp_extract__local_def(x, l), *tag = NULL;
	size_t len = l->to - l->from;
	char *type = klp_extract__defined_type(x, text, len);
	struct klp_buf out;

	/* one type for all of them */
	if (!type && l->declared > 1 && klp_extract__is_unnamed(l->type)) {
		tag = klp_sprintf(x->arena, "%s_type", x->locals.v[first].entity->link);
		type = klp_extract__tagged_type(x, text, len, tag);
	}
	klp_buf_init(&out, x->arena);
	if (type)
		klp_buf_addf(&out, "%s; ", type);
	for (size_t i = first; i < x->locals.n; i++) {
		const struct shared_local *s = &x->locals.v[i];

		if (!klp_extract__same_statement(s->local, l))
			break;
		extern_local(x, s, tag, &out);
	}
	klp_buf_add(&out, "/* static: the original's */");
	for (size_t n = klp_extract__count_lines(out.p, out.len);
	     n < klp_extract__count_lines(text, len); n++)
		klp_buf_add(&out, "\n");
	klp_vec_push(x->arena, &x->edits,
		     (struct edit){ .file = l->file, .from = l->from, .to = l->to, .text = out.p });
}

/* The first of the shared locals of one statement, or of one macro's use. */
static bool is_first(const struct extraction *x, size_t i)
{
	return !i || !klp_extract__same_statement(x->locals.v[i].local, x->locals.v[i - 1].local);
}

void klp_extract__local_edits(struct extraction *x)
{
	for (size_t i = 0; i < x->locals.n; i++)
		if (!x->locals.v[i].local->macro && is_first(x, i))
			extern_locals(x, i);
}

/* ---- macros that define some -------------------------------------------------------------- */

/* `static TYPE NAME ...;` of a text: from the first word to behind the ';'. */
static bool find_definition(struct extraction *x, const char *text, const char *name,
			    struct klp_span *ret)
{
	struct klp_ctoks toks = {};
	struct klp_error ignored = {};
	const struct klp_ctok *start = NULL;
	bool found = false;

	if (klp_ctok_source(x->arena, name, text, strlen(text), true, &toks, &ignored) < 0)
		return false;
	for (size_t i = 0; i < toks.v.n; i++) {
		const struct klp_ctok *tok = &toks.v.v[i];

		if (!start && klp_tok_is(tok, "static"))
			start = tok;
		found = found || (start && tok->kind == KLP_TOK_IDENT && klp_tok_is(tok, name));
		if (klp_tok_is(tok, ";") && found) {
			*ret = (struct klp_span){ (uint32_t)(start->p - text),
						  (uint32_t)(tok->p + 1 - text) };
			return true;
		}
		if (klp_tok_is(tok, ";"))
			start = NULL;
	}
	return false;
}

char *klp_extract__written_out(struct extraction *x, const struct klp_tu_local *l)
{
	struct klp_buf use;
	struct klp_span span;
	char *text;

	klp_buf_init(&use, x->arena);
	klp_extract__write_range(x, l->file, l->from, l->to, &use);
	text = klp_extract__write_out(x, use.p, l->name);
	return text && find_definition(x, text, l->name, &span) ? text : NULL;
}

/* The text with a name replaced wherever it stands. */
static char *rename_in(struct extraction *x, const char *text, const char *name, const char *by)
{
	struct klp_ctoks toks = {};
	struct klp_error ignored = {};
	struct klp_buf out;

	klp_buf_init(&out, x->arena);
	if (klp_ctok_source(x->arena, name, text, strlen(text), true, &toks, &ignored) < 0)
		return klp_strdup(x->arena, text);
	for (size_t i = 0; i < toks.v.n; i++) {
		const struct klp_ctok *tok = &toks.v.v[i];

		if (tok->kind != KLP_TOK_IDENT || !klp_tok_is(tok, name))
			continue;
		klp_buf_addn(&out, text, (size_t)(tok->p - text));
		klp_buf_add(&out, by);
		text = tok->p + tok->len;
	}
	klp_buf_add(&out, text);
	return out.p;
}

/* One shared local of a macro that is written out. */
static char *declare_in(struct extraction *x, char *text, const struct shared_local *s)
{
	const struct klp_tu_local *l = s->local;
	const char *file = x->view->tu.files.v[l->file].name;
	struct klp_span span;

	if (!find_definition(x, text, l->name, &span))
		return text;
	text = klp_sprintf(x->arena, "%.*sextern %s;%s", (int)span.from, text,
			   klp_extract__declarator(x, l->type, NULL, 0, l->name), text + span.to);
	/* a branch in a livepatch can't be one on a module's key */
	if (x->unit->module && !x->opts->unpatched)
		text = klp_extract__ask_in_piece(x, text, l->name, s->entity->needed_by, file,
						 klp_extract__line_at(x, l->file, l->from));
	return rename_in(x, text, l->name, klp_extract__link_text(x, s->entity));
}

static char *one_line(struct extraction *x, const char *text)
{
	struct klp_buf out;

	klp_buf_init(&out, x->arena);
	for (size_t n; *text; text += n + strspn(text + n, "\n\t ")) {
		n = strcspn(text, "\n");
		klp_buf_addn(&out, text, n);
		if (text[n])
			klp_buf_add(&out, " ");
	}
	return out.p;
}

/*
 * The lines below keep their numbers: by a #line where a statement ends, else everything goes
 * into one line.
 */
static void write_out_locals(struct extraction *x, size_t first)
{
	const struct klp_tu_local *l = x->locals.v[first].local;
	const char *source = x->view->tu.files.v[l->file].text;
	size_t name = strcspn(source + l->from, "( \t\n");
	char *text = klp_extract__written_out(x, l);
	uint32_t to = l->to;

	if (!text)
		return;
	for (size_t i = first; i < x->locals.n; i++)
		if (x->locals.v[i].local->macro &&
		    klp_extract__same_statement(x->locals.v[i].local, l))
			text = declare_in(x, text, &x->locals.v[i]);
	text = klp_sprintf(x->arena, "/* %.*s(), with the original's variables */ %s", (int)name,
			   source + l->from, text);
	if (source[to] == ';' && source[to + 1] == '\n') {
		text = klp_sprintf(x->arena, "%s;\n#line %u", text,
				   klp_extract__line_at(x, l->file, to) + 1);
		to++;
	} else {
		text = one_line(x, text);
	}
	klp_extract__add_edit(
		x, (struct edit){ .file = l->file, .from = l->from, .to = to, .text = text });
}

void klp_extract__macro_local_edits(struct extraction *x)
{
	for (size_t i = 0; i < x->locals.n; i++)
		if (x->locals.v[i].local->macro && is_first(x, i))
			write_out_locals(x, i);
}
