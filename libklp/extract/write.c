// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Items as text: the original's own, with edits at exact places, each piece naming where it
 * comes from.
 */
#include "extract/private.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

struct writer {
	struct extraction *x;
	struct klp_buf out;
	const struct item *last; /* written last */
	bool externs;		 /* the last thing written was one of ours */
	bool functions;		 /* a #line is in effect */
	bool labels;		 /* asm labels have been written */
	size_t last_include;	 /* item; 0 when there is none */
};

/* ---- declarations made from types ------------------------------------------------------- */

/* Behind the '*' and its qualifiers. */
static const char *skip_qualifiers(const char *p)
{
	for (;;) {
		if (*p == '*' || *p == ' ')
			p++;
		else if (!strncmp(p, "const", 5))
			p += 5;
		else if (!strncmp(p, "volatile", 8))
			p += 8;
		else
			return p;
	}
}

/* Where the name goes in a type that is a pointer to a function or an array: "(*" HERE ")". */
static const char *name_place(const char *type)
{
	for (const char *p = strstr(type, "(*"); p; p = strstr(p + 1, "(*")) {
		const char *at = skip_qualifiers(p + 2);

		if (*at == ')' || *at == '[')
			return at;
	}
	return NULL;
}

/*
 * C declarators go around the name: "int (*)(void)" and foo is `int (*foo)(void)`, "char[4]"
 * is `char foo[4]`. A function type, or anything odd, goes through typeof.
 */
static char *named(struct klp_arena *arena, const char *type, const char *name)
{
	const char *at = name_place(type), *bracket = strchr(type, '[');

	if (at)
		return klp_sprintf(arena, "%.*s%s%s%s", (int)(at - type), type,
				   isalpha((unsigned char)at[-1]) ? " " : "", name, at);
	if (strchr(type, '('))
		return klp_sprintf(arena, "typeof(%s) %s", type, name);
	if (bracket) {
		at = bracket;
		while (at > type && at[-1] == ' ')
			at--;
		return klp_sprintf(arena, "%.*s%s%s%s", (int)(at - type), type,
				   at[-1] == '*' ? "" : " ", name, bracket);
	}
	return klp_sprintf(arena, "%s%s%s", type, type[strlen(type) - 1] == '*' ? "" : " ", name);
}

/* What stands between the '}' of a type and its first declarator: its attributes. */
static size_t attributes_end(const struct klp_ctoks *toks, size_t i)
{
	const struct klp_ctok *v = toks->v.v;

	for (int depth = 0; i + 1 < toks->v.n; i++) {
		depth += klp_tok_is(&v[i], "(");
		depth -= klp_tok_is(&v[i], ")");
		if (depth)
			continue;
		if (v[i].kind != KLP_TOK_IDENT && !klp_tok_is(&v[i], ")"))
			return i;
		if (v[i].kind == KLP_TOK_IDENT && v[i + 1].kind == KLP_TOK_PUNCT &&
		    strchr(";=,[", v[i + 1].p[0]))
			return i;
	}
	return i;
}

/* A type that a declaration defines: from its keyword to the last of its attributes. */
struct type_text {
	const char *from, *body, *to; /* body: behind the keyword */
	bool tagged;
};

static bool is_keyword(const struct klp_ctok *tok)
{
	return klp_tok_is(tok, "struct") || klp_tok_is(tok, "union") || klp_tok_is(tok, "enum");
}

static bool find_type(struct extraction *x, const char *text, size_t len, struct type_text *ret)
{
	struct klp_ctoks toks = {};
	struct klp_error ignored = {};
	const struct klp_ctok *v;
	size_t i = 0, open;
	int depth = 0;

	if (!text ||
	    klp_ctok_source(x->arena, x->unit->source, text, len, false, &toks, &ignored) < 0)
		return false;
	v = toks.v.v;
	while (i < toks.v.n && !is_keyword(&v[i]))
		i++;
	if (i == toks.v.n)
		return false;
	ret->from = v[i].p;
	ret->body = v[i].p + v[i].len;
	for (i++; i < toks.v.n && !klp_tok_is(&v[i], "{"); i++) {
		depth += klp_tok_is(&v[i], "(");
		depth -= klp_tok_is(&v[i], ")");
		/* a type that is defined elsewhere */
		if (!depth && v[i].kind == KLP_TOK_PUNCT && strchr("=,;*[", v[i].p[0]))
			return false;
	}
	open = i;
	ret->tagged = v[i - 1].kind == KLP_TOK_IDENT && !is_keyword(&v[i - 1]);
	for (; i < toks.v.n; i++) {
		depth += klp_tok_is(&v[i], "{");
		if (klp_tok_is(&v[i], "}") && --depth == 0)
			break;
	}
	if (open == toks.v.n || i == toks.v.n)
		return false;
	i = attributes_end(&toks, i + 1) - 1;
	ret->to = v[i].p + v[i].len;
	return true;
}

char *defined_type(struct extraction *x, const char *text, size_t len)
{
	struct type_text t;

	if (!find_type(x, text, len, &t) || !t.tagged)
		return NULL;
	return klp_strndup(x->arena, t.from, (size_t)(t.to - t.from));
}

/* "{ ... }" with the attributes around it, of a type without a name. */
static char *type_body(struct extraction *x, const char *text, size_t len)
{
	struct type_text t;

	if (!find_type(x, text, len, &t))
		return NULL;
	while (isspace((unsigned char)*t.body))
		t.body++;
	return klp_strndup(x->arena, t.body, (size_t)(t.to - t.body));
}

/* The end of "(unnamed struct at PATH:LINE:COLUMN)", which libclang writes for a type's name. */
static const char *unnamed_end(const char *p)
{
	while ((p = strchr(p, ':'))) {
		size_t line = strspn(p + 1, "0123456789"), column;

		if (line && p[1 + line] == ':') {
			column = strspn(p + 2 + line, "0123456789");
			if (column && p[2 + line + column] == ')')
				return p + 3 + line + column;
		}
		p++;
	}
	return NULL;
}

/* Where libclang's description of a type without a name stands in a type; NULL: it has one. */
static const char *unnamed_at(const char *type)
{
	const char *p = strstr(type, "(unnamed");

	return p ? p : strstr(type, "(anonymous");
}

bool is_unnamed(const char *type)
{
	return unnamed_at(type) != NULL;
}

const char *with_tag(struct extraction *x, const char *type, const char *tag)
{
	const char *at = unnamed_at(type), *end = at ? unnamed_end(at) : NULL;

	return end ? klp_sprintf(x->arena, "%.*s%s%s", (int)(at - type), type, tag, end) : type;
}

char *tagged_type(struct extraction *x, const char *text, size_t len, const char *tag)
{
	struct type_text t;

	if (!find_type(x, text, len, &t) || t.tagged)
		return NULL;
	return klp_sprintf(x->arena, "%.*s %s%.*s", (int)(t.body - t.from), t.from, tag,
			   (int)(t.to - t.body), t.body);
}

/* The word in the place of a type's body while the declarator is made. */
#define BODY "\001"

char *declarator(struct extraction *x, const char *type, const char *text, size_t len,
		 const char *name)
{
	const char *unnamed = unnamed_at(type), *end;
	char *body, *whole, *at;

	end = unnamed ? unnamed_end(unnamed) : NULL;
	body = end ? type_body(x, text, len) : NULL;
	if (!body)
		return named(x->arena, type, name);
	type = klp_sprintf(x->arena, "%.*s" BODY "%s", (int)(unnamed - type), type, end);
	whole = named(x->arena, type, name);
	at = strstr(whole, BODY);
	return klp_sprintf(x->arena, "%.*s%s%s", (int)(at - whole), whole, body, at + strlen(BODY));
}

/* Words of a definition that a declaration of another object's symbol must not have. */
static bool drops_from_declaration(const struct klp_ctok *tok)
{
	static const char *const words[] = {
		"static",	   "inline",   "__inline", "__inline__",
		"__always_inline", "noinline", "extern",   "noinline_for_stack",
		"__init",	   "__exit",   "__weak",   "__used",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (klp_tok_is(tok, words[i]))
			return true;
	return false;
}

/* True when no blank belongs between two tokens of a declaration, of which next is behind. */
static bool tight(const struct klp_ctok *prev, const struct klp_ctok *tok,
		  const struct klp_ctok *next)
{
	if (klp_tok_is(tok, ",") || klp_tok_is(tok, ")") || klp_tok_is(tok, ";") ||
	    klp_tok_is(tok, "[") || klp_tok_is(tok, "]"))
		return true;
	if (klp_tok_is(prev, "(") || klp_tok_is(prev, "["))
		return true;
	if (klp_tok_is(prev, "*"))
		return tok->kind == KLP_TOK_IDENT || klp_tok_is(tok, "*") || klp_tok_is(tok, "(");
	/* `f(int)` and `(*f)(int)`, but `int (*f)` */
	return klp_tok_is(tok, "(") &&
	       (klp_tok_is(prev, ")") ||
		(prev->kind == KLP_TOK_IDENT && !(next && klp_tok_is(next, "*"))));
}

/* Lines of a declaration that we lay out break at the next comma behind this column. */
#define WRAP_COLUMN 72

/* The signature of a function, its name replaced. NULL when it has directives, or is an alias. */
static char *signature(struct extraction *x, const struct item *item, const struct klp_tu_decl *d,
		       const char *name)
{
	const char *text = item_text(x, item);
	uint32_t end = d->body_at != KLP_NOWHERE ? d->body_at : item->to;
	struct klp_ctoks toks = {};
	struct klp_error ignored = {};
	const struct klp_ctok *prev = NULL;
	struct klp_buf out;

	/* a body that isn't there to be seen: a macro makes more than the name of it */
	if (d->definition && d->body_at == KLP_NOWHERE)
		return NULL;
	if (d->name_at == KLP_NOWHERE || memchr(text, '#', end - item->from) ||
	    klp_ctok_source(x->arena, x->unit->source, text, end - item->from, false, &toks,
			    &ignored) < 0)
		return NULL;
	klp_buf_init(&out, x->arena);
	for (size_t i = 0; i < toks.v.n; i++) {
		const struct klp_ctok *tok = &toks.v.v[i];
		size_t start = out.len;

		if (klp_tok_is(tok, "alias") || klp_tok_is(tok, "__alias__"))
			return NULL;
		if (drops_from_declaration(tok) || klp_tok_is(tok, ";"))
			continue;
		while (start && out.p[start - 1] != '\n')
			start--;
		if (prev && klp_tok_is(prev, ",") && out.len - start > WRAP_COLUMN)
			klp_buf_add(&out, "\n\t\t");
		else if (prev && !tight(prev, tok, i + 1 < toks.v.n ? tok + 1 : NULL))
			klp_buf_add(&out, " ");
		if (item->from + (uint32_t)(tok->p - text) == d->name_at)
			klp_buf_add(&out, name);
		else
			klp_buf_addn(&out, tok->p, tok->len);
		prev = tok;
	}
	return out.p;
}

static bool is_percpu(const struct extraction *x, const char *name)
{
	for (size_t i = 0; i < x->view->cdecls.n; i++) {
		const struct klp_cdecl *d = &x->view->cdecls.v[i];

		if (d->kind != KLP_CDECL_VARIABLE || !d->section || strcmp(d->name, name))
			continue;
		for (uint32_t j = 0; j < d->n; j++) {
			const struct klp_ctok *tok = &x->view->toks.v.v[d->first + j];

			if (tok->kind == KLP_TOK_STRING && tok->len > 14 &&
			    !memcmp(tok->p, "\".data..percpu", 14))
				return true;
		}
	}
	return false;
}

/* The declaration of an entity, without `extern` and ';'. */
static char *declaration(struct extraction *x, const struct entity *e, const char *link)
{
	const struct item *item = e->item != SIZE_MAX ? &x->items.v[e->item] : NULL;
	char *text = NULL;

	if (e->declared_by_type)
		return klp_sprintf(x->arena, "typeof(%s) %s", e->name, link);
	if (e->decl->kind == KLP_TU_FUNCTION) {
		const struct klp_index *index = klp_map_get(&x->values, e->name);
		const struct klp_tu_decl *d = NULL;

		if (!item)
			item = &x->items.v[index->v[0]];
		for (size_t i = 0; i < item->decls.n; i++)
			if (!strcmp(item->decls.v[i]->name, e->name))
				d = item->decls.v[i];
		text = d ? signature(x, item, d, link) : NULL;
		return text ? text : klp_sprintf(x->arena, "typeof(%s) %s", e->decl->type, link);
	}
	return declarator(x, e->decl->type, item ? item_text(x, item) : NULL,
			  item ? item->to - item->from : 0, link);
}

static void write_extern(struct writer *w, const struct entity *e)
{
	struct extraction *x = w->x;
	const char *link = e->label ? e->name : e->link;

	if (!w->externs)
		klp_buf_add(&w->out, "\n/* of the running kernel, not copied */\n");
	w->externs = true;
	if (e->decl && e->decl->kind == KLP_TU_VARIABLE && !e->label && is_percpu(x, e->name))
		klp_buf_addf(&w->out, "DECLARE_PER_CPU(%s, %s);\n", e->decl->type, link);
	else if (e->label)
		klp_buf_addf(&w->out, "extern %s __asm__(\"%s\");\n", declaration(x, e, link),
			     e->link);
	else
		klp_buf_addf(&w->out, "extern %s;\n", declaration(x, e, link));
}

/* ---- text with edits -------------------------------------------------------------------- */

static int compare_edits(const void *a, const void *b)
{
	const struct edit *x = a, *y = b;

	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->to < y->to ? 1 : x->to > y->to ? -1 : 0;
}

/* The text [from, to) of a file; an edit inside another one is not made. */
static void write_range(struct writer *w, uint32_t file, uint32_t from, uint32_t to)
{
	const struct klp_tu_file *f = &w->x->view->tu.files.v[file];

	for (size_t i = 0; i < w->x->edits.n; i++) {
		const struct edit *e = &w->x->edits.v[i];

		if (e->file != file || e->from < from || e->to > to)
			continue;
		klp_buf_addn(&w->out, f->text + from, e->from - from);
		klp_buf_add(&w->out, e->text);
		from = e->to;
	}
	klp_buf_addn(&w->out, f->text + from, to - from);
}

/* Line of an offset. */
static uint32_t line_at(const struct writer *w, uint32_t file, uint32_t offset)
{
	const char *text = w->x->view->tu.files.v[file].text;
	uint32_t line = 1;

	for (uint32_t i = 0; i < offset; i++)
		line += text[i] == '\n';
	return line;
}

/*
 * A piece that holds one end of a conditional only: what isn't compiled goes, and so do the
 * directives.
 */
static void write_flattened(struct writer *w, const struct item *item,
			    const struct klp_cpplines *lines)
{
	const struct klp_tu_file *f = &w->x->view->tu.files.v[item->file];
	uint32_t from = item->from;

	for (size_t i = 0; i < lines->n; i++) {
		const struct klp_cppline *l = &lines->v[i];
		uint32_t at = item->from + l->from, line;

		if (at < from)
			continue;
		write_range(w, item->file, from, at);
		from = item->from + l->to;
		for (size_t j = 0; j < f->skipped.n; j++)
			if (f->skipped.v[j].from >= at && f->skipped.v[j].from <= from &&
			    f->skipped.v[j].to > from)
				from = f->skipped.v[j].to < item->to ? f->skipped.v[j].to
								     : item->to;
		/* a skipped range ends at the directive that closes it */
		while (from < item->to && f->text[from] != '\n')
			from++;
		line = line_at(w, item->file, from);
		if (line != line_at(w, item->file, at))
			klp_buf_addf(&w->out, "#line %u", line + 1);
	}
	if (from < item->to)
		write_range(w, item->file, from, item->to);
}

static bool balanced(const struct klp_cpplines *lines)
{
	int depth = 0;

	for (size_t i = 0; i < lines->n; i++) {
		depth += lines->v[i].kind == KLP_CPP_IF;
		if ((lines->v[i].kind == KLP_CPP_ELSE && !depth) ||
		    (lines->v[i].kind == KLP_CPP_ENDIF && --depth < 0))
			return false;
	}
	return depth == 0;
}

static void write_item_text(struct writer *w, const struct item *item)
{
	struct klp_cpplines lines = {};

	if (item->kind == ITEM_DECL)
		klp_cpplines_scan(w->x->arena, item_text(w->x, item), item->to - item->from,
				  &lines);
	if (!balanced(&lines))
		write_flattened(w, item, &lines);
	else
		write_range(w, item->file, item->from, item->to);
	klp_buf_add(&w->out, "\n");
}

/* ---- pieces ----------------------------------------------------------------------------- */

static const char *file_name(const struct writer *w, const struct item *item)
{
	return w->x->view->tu.files.v[item->file].name;
}

/* Only blank lines between the piece written last and this one. */
static bool follows(const struct writer *w, const struct item *item)
{
	const struct item *last = w->last;
	const char *text = w->x->view->tu.files.v[item->file].text;

	if (!last || last->file != item->file || last->to > item->lead || w->externs)
		return false;
	for (uint32_t i = last->to; i < item->lead; i++)
		if (!isspace((unsigned char)text[i]))
			return false;
	return true;
}

static const char *why(struct writer *w, const struct item *item)
{
	struct klp_arena *arena = w->x->arena;
	const struct klp_patched *p = NULL;
	const struct klp_reason *r;

	for (size_t i = 0; i < item->decls.n && !p; i++)
		p = klp_closure_find(w->x->closure, w->x->unit, item->decls.v[i]->name);
	if (!p)
		return "patched";
	r = &p->reasons.v[0];
	switch (r->kind) {
	case KLP_REASON_CHANGED:
		return "patched: changed by the fix";
	case KLP_REASON_INLINED:
		return klp_sprintf(arena, "patched: contains an inlined copy of %s()", r->of);
	case KLP_REASON_HIDDEN:
		return klp_sprintf(arena, "patched: its machine code relies on %s()", r->of);
	default:
		return klp_sprintf(arena, "patched: calls %s(), which can't be redirected", r->of);
	}
}

/* The tokens of a copied function differ from those that the kernel was built from. */
static bool is_changed(const struct extraction *x, const char *function)
{
	const struct klp_view *before = x->view->before;
	const struct klp_cdecl *old = before ? klp_map_get(&before->functions, function) : NULL;
	const struct klp_cdecl *new = klp_map_get(&x->view->functions, function);

	return old && new && old->hash != new->hash;
}

/* Why a copied function wasn't left to the kernel. */
static const char *why_copied(struct writer *w, const struct item *item)
{
	static const char *const reasons[] = {
		[KLP_COPY_NO_SYMBOL] = "copied: no symbol left to call",
		[KLP_COPY_SPECIALISED] = "copied: what is left was specialised to its old callers",
		[KLP_COPY_INLINE] = "copied: inline",
		[KLP_COPY_NEW] = "new with the fix",
	};
	const struct klp_copied *copied = NULL;

	for (size_t i = 0; i < item->decls.n && !copied; i++)
		copied = klp_closure_copied(w->x->closure, w->x->unit, item->decls.v[i]->name);
	if (!copied)
		return NULL;
	if (is_changed(w->x, copied->symbol))
		return klp_sprintf(w->x->arena, "changed by the fix, %s", reasons[copied->reason]);
	return reasons[copied->reason];
}

/*
 * Seam and origin. Nothing when the piece goes on where the last one ended, or for macros
 * among the includes, whose order the file's head speaks of.
 */
static void write_origin(struct writer *w, const struct item *item)
{
	const char *name = file_name(w, item);
	uint32_t line = line_at(w, item->file, item->lead);
	bool marked = item->function || w->functions;
	const char *reason = item->role == ROLE_PATCH ? why(w, item)
			     : item->function	      ? why_copied(w, item)
						      : NULL;

	if (item->kind != ITEM_DECL && item < &w->x->items.v[w->last_include] &&
	    (!w->last || w->last->kind != ITEM_DECL))
		return;
	if (follows(w, item) && !item->function) {
		klp_buf_add(&w->out, item->kind == ITEM_DECL ? "\n" : "");
		if (marked && item->kind == ITEM_DECL)
			klp_buf_addf(&w->out, "#line %u\n", line);
		return;
	}
	if (reason)
		klp_buf_addf(&w->out, "\n/* %s:%u, %s */\n", name, line, reason);
	else
		klp_buf_addf(&w->out, "\n/* %s:%u */\n", name, line);
	if (marked && item->kind == ITEM_DECL)
		klp_buf_addf(&w->out, "#line %u \"%s\"\n", line, name);
	w->functions = marked;
}

/* static and inline go from a definition that the module's tables must see. */
static void edit_definition(struct extraction *x, const struct item *item, const struct entity *e)
{
	const char *text = item_text(x, item);
	struct klp_ctoks toks = {};
	struct klp_error ignored = {};

	if (e->macro_born ||
	    klp_ctok_source(x->arena, x->unit->source, text, e->decl->name_at - item->from, false,
			    &toks, &ignored) < 0)
		return;
	for (size_t i = 0; i < toks.v.n; i++) {
		const struct klp_ctok *tok = &toks.v.v[i];
		uint32_t from = item->from + (uint32_t)(tok->p - text), to = from + tok->len;

		if (!klp_tok_is(tok, "static") && !klp_tok_is(tok, "inline") &&
		    !klp_tok_is(tok, "__always_inline") && !klp_tok_is(tok, "__inline"))
			continue;
		while (to < item->to &&
		       (text[to - item->from] == ' ' || text[to - item->from] == '\t'))
			to++;
		klp_vec_push(
			x->arena, &x->edits,
			(struct edit){ .file = item->file, .from = from, .to = to, .text = "" });
	}
	klp_vec_push(x->arena, &x->edits,
		     (struct edit){ .file = item->file,
				    .from = e->decl->name_at,
				    .to = e->decl->name_at + (uint32_t)strlen(e->name),
				    .text = e->new_name });
}

/*
 * A function whose name a macro makes keeps it in the text. A global one gets the new name as
 * its symbol by an asm label before the macro is used, a static one an alias behind it.
 */
static void write_label(struct writer *w, const struct entity *e)
{
	klp_buf_addf(&w->out, "\nextern typeof(%s) %s __asm__(\"%s\");\n", e->decl->type, e->name,
		     e->new_name);
	w->externs = false;
}

static void write_aliases(struct writer *w, const struct item *item)
{
	for (size_t i = 0; i < w->x->order.n; i++) {
		const struct entity *e = w->x->order.v[i];

		if (e->kind != ENTITY_PATCHED || !e->macro_born || !e->decl->is_static)
			continue;
		for (size_t j = 0; j < item->decls.n; j++)
			if (item->decls.v[j] == e->decl)
				klp_buf_addf(&w->out,
					     "typeof(%s) %s __attribute__((__alias__(\"%s\")));\n",
					     e->name, e->new_name, e->name);
	}
}

/* The item that defines what a declaration declares. */
static size_t defining_item(const struct extraction *x, const struct klp_tu_decl *d)
{
	for (size_t i = 0; i < x->items.n; i++)
		for (size_t j = 0; x->items.v[i].function && j < x->items.v[i].decls.n; j++)
			if (x->items.v[i].decls.v[j] == d)
				return i;
	return SIZE_MAX;
}

/*
 * What stays in the running kernel is declared where it is used first: its types are known
 * there, for the original declared it earlier.
 */
static void write_externs(struct writer *w, size_t i)
{
	for (size_t j = 0; j < w->x->order.n; j++) {
		const struct entity *e = w->x->order.v[j];
		bool declared = e->declared_by_type || e->item != SIZE_MAX;

		if (e->first_use != i || e->local)
			continue;
		/* a macro that makes several things at once brings along what it makes */
		if (e->item != SIZE_MAX && w->x->items.v[e->item].role != ROLE_EXTERN)
			continue;
		if ((e->kind == ENTITY_EXTERN || e->kind == ENTITY_GLOBAL) && declared)
			write_extern(w, e);
		else if (e->kind == ENTITY_PATCHED && e->original &&
			 (strcmp(e->link, e->name) || !e->decl->in_header))
			write_extern(w, e);
	}
}

/* A replacement is declared before item i when i calls it first, or defines it. */
static void write_prototypes(struct writer *w, size_t i)
{
	for (size_t j = 0; j < w->x->order.n; j++) {
		const struct entity *e = w->x->order.v[j];
		size_t defined;

		if (e->kind != ENTITY_PATCHED)
			continue;
		defined = defining_item(w->x, e->decl);
		if (i != (e->first_use < defined ? e->first_use : defined))
			continue;
		if (!e->macro_born)
			klp_buf_addf(&w->out, "\n%s;\n", declaration(w->x, e, e->new_name));
		else if (!e->decl->is_static)
			write_label(w, e);
	}
}

/* The forward declaration of a copied function that nobody uses before its definition. */
static bool is_idle_prototype(const struct extraction *x, const struct item *item, size_t i)
{
	for (size_t j = 0; j < item->decls.n; j++) {
		const struct klp_tu_decl *d = item->decls.v[j];
		const struct entity *e = klp_map_get(&x->entities, d->name);

		if (d->kind != KLP_TU_FUNCTION || d->definition || !e || e->kind != ENTITY_COPIED ||
		    !e->decl->definition)
			return false;
		if (e->first_use < defining_item(x, e->decl) || i > e->first_use)
			return false;
	}
	return item->decls.n != 0;
}

/* `struct foo { ... } bar;` of which only struct foo is wanted. */
static void write_types(struct writer *w, const struct item *item)
{
	write_origin(w, item);
	for (size_t i = 0; i < item->decls.n; i++) {
		const struct klp_tu_decl *d = item->decls.v[i];

		if (d->kind == KLP_TU_TYPE && d->definition) {
			write_range(w, d->file, d->from, d->to);
			klp_buf_add(&w->out, ";\n");
		}
	}
	w->last = NULL;
	w->externs = false;
}

static void write_labels(struct writer *w)
{
	if (w->labels)
		return;
	w->labels = true;
	for (size_t i = 0; i < w->x->labels.n; i++)
		write_extern(w, w->x->labels.v[i]);
}

static void write_item(struct writer *w, size_t i)
{
	const struct item *item = &w->x->items.v[i];

	if (item->kind == ITEM_INCLUDE) {
		write_item_text(w, item);
		w->last = item;
		w->externs = false;
		return;
	}
	if (item->kind == ITEM_DECL && (item->role != ROLE_NONE || item->types))
		write_labels(w);
	if (item->types && (item->role == ROLE_NONE || item->role == ROLE_EXTERN))
		write_types(w, item);
	if (item->role == ROLE_NONE || item->role == ROLE_EXTERN ||
	    is_idle_prototype(w->x, item, i))
		return;
	write_externs(w, i);
	write_prototypes(w, i);
	write_origin(w, item);
	if (item->lead < item->from)
		klp_buf_addn(&w->out, w->x->view->tu.files.v[item->file].text + item->lead,
			     item->from - item->lead);
	write_item_text(w, item);
	if (item->role == ROLE_PATCH)
		write_aliases(w, item);
	w->last = item;
	w->externs = false;
}

/* ---- the head --------------------------------------------------------------------------- */

/* Macros that the command line of a module gives another value than the original had. */
static void write_head(struct writer *w)
{
	const struct klp_unit *unit = w->x->unit;

	klp_buf_addf(
		&w->out,
		"// SPDX-License-Identifier: GPL-2.0\n"
		"/*\n"
		" * Livepatch %s: the functions of %s that it replaces.\n"
		" *\n"
		" * Made by klp-prep from the kernel's source with the fix applied. klpp_ names a\n"
		" * replacement, klpe_ a symbol of the running kernel that is not copied but "
		"resolved\n"
		" * by a livepatch relocation.\n"
		" */\n",
		w->x->opts->name, unit->source);
	if (!unit->module)
		klp_buf_add(&w->out, "#undef MODULE\n");
	if (unit->modname)
		klp_buf_addf(&w->out, "#undef KBUILD_MODNAME\n#define KBUILD_MODNAME \"%s\"\n",
			     unit->modname);
	if (unit->basename)
		klp_buf_addf(&w->out, "#undef KBUILD_BASENAME\n#define KBUILD_BASENAME \"%s\"\n",
			     unit->basename);
	klp_buf_add(&w->out, "\n");
}

int extract_write(struct extraction *x, char **ret_text)
{
	struct writer w = { .x = x };

	klp_buf_init(&w.out, x->arena);
	for (size_t i = 0; i < x->order.n; i++)
		for (size_t j = 0; x->order.v[i]->kind == ENTITY_PATCHED && j < x->items.n; j++)
			for (size_t k = 0;
			     x->items.v[j].role == ROLE_PATCH && k < x->items.v[j].decls.n; k++)
				if (x->items.v[j].decls.v[k] == x->order.v[i]->decl)
					edit_definition(x, &x->items.v[j], x->order.v[i]);
	if (x->edits.n)
		qsort(x->edits.v, x->edits.n, sizeof(*x->edits.v), compare_edits);
	for (size_t i = 0; i < x->items.n; i++)
		if (x->items.v[i].kind == ITEM_INCLUDE)
			w.last_include = i;
	write_head(&w);
	for (size_t i = 0; i < x->items.n; i++)
		if (x->items.v[i].kind == ITEM_INCLUDE || x->items.v[i].role != ROLE_NONE ||
		    x->items.v[i].types)
			write_item(&w, i);
	*ret_text = w.out.p;
	return 0;
}
