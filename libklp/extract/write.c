// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Items as text: the original's own, with edits at exact places, each piece naming where it
 * comes from.
 */
#include "extract/fixed.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"

struct writer {
	struct extraction *x;
	struct klp_buf out;
	const struct item *last; /* written last */
	bool externs;		 /* the last thing written was one of ours */
	bool functions;		 /* a #line is in effect */
	bool labels;		 /* asm labels have been written */
	bool asks;		 /* a header's static branches have been turned */
	uint32_t silenced;	 /* see klp_extract__silence() */
	size_t last_include;	 /* item; 0 when there is none */
};

static void write_extern(struct writer *w, const struct entity *e)
{
	struct extraction *x = w->x;
	const char *link = e->label ? e->name : klp_extract__link_text(x, e);

	if (!w->externs)
		klp_buf_add(&w->out, "\n/* of the running kernel, not copied */\n");
	w->externs = true;
	if (e->decl && e->decl->kind == KLP_TU_VARIABLE && link != e->link && !e->label &&
	    klp_extract__is_percpu(x, e->name))
		klp_buf_addf(&w->out, "extern __typeof__(%s) __percpu *%s", e->decl->type, e->link);
	else if (e->decl && e->decl->kind == KLP_TU_VARIABLE && klp_extract__is_percpu(x, e->name))
		klp_buf_addf(&w->out, "DECLARE_PER_CPU(%s, %s)", e->decl->type, link);
	else
		klp_buf_addf(&w->out, "extern %s",
			     klp_extract__without_parentheses(
				     x, klp_extract__declaration(x, e, link), link));
	if (e->label)
		klp_buf_addf(&w->out, " __asm__(\"%s\")", e->link);
	klp_buf_add(&w->out, ";\n");
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
	case KLP_REASON_NAMED:
		return "patched: asked for";
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
		[KLP_COPY_ASKED] = "copied: asked for",
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
	uint32_t line = klp_extract__line_at(w->x, item->file, item->lead);
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

/*
 * A function whose name a macro makes keeps it in the text. A global one gets the new name as
 * its symbol by an asm label before the macro is used, a static one an alias behind it.
 */
static void write_label(struct writer *w, const struct entity *e)
{
	klp_buf_addf(&w->out, "extern typeof(%s) %s __asm__(\"%s\");\n", e->decl->type, e->name,
		     e->new_name);
	w->externs = false;
}

static void write_aliases(struct writer *w, const struct item *item)
{
	for (size_t i = 0; i < w->x->order.n; i++) {
		const struct entity *e = w->x->order.v[i];

		if (e->kind != ENTITY_PATCHED || !e->alias)
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
 * there, for the original declared it earlier. Where a type without a name is made by including a
 * header within it, the macros that this needs are defined at that place alone.
 */
static size_t declared_at(const struct writer *w, const struct entity *e)
{
	bool spelled = e->decl && e->item != SIZE_MAX && e->decl->anonymous_type;

	return spelled && klp_extract__includes_within(w->x, &w->x->items.v[e->item])
		       ? e->item
		       : e->first_use;
}

static void write_externs(struct writer *w, size_t i)
{
	for (size_t j = 0; j < w->x->order.n; j++) {
		const struct entity *e = w->x->order.v[j];
		bool declared = e->declared_by_type || e->item != SIZE_MAX;

		if (e->local || declared_at(w, e) != i)
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
	bool labels = false;

	for (size_t j = 0; j < w->x->order.n; j++) {
		const struct entity *e = w->x->order.v[j];
		size_t defined;

		if (e->kind != ENTITY_PATCHED)
			continue;
		defined = defining_item(w->x, e->decl);
		if (i != (e->first_use < defined ? e->first_use : defined))
			continue;
		if (e->alias)
			continue;
		if (!e->keeps_name)
			klp_buf_addf(&w->out, "\n%s;\n",
				     klp_extract__declaration(w->x, e, e->new_name));
		else if (!e->macro_born)
			klp_buf_addf(&w->out,
				     "\n/* the text says this name: it stays, the symbol is "
				     "another */\n"
				     "%s __asm__(\"%s\");\n",
				     klp_extract__declaration(w->x, e, e->name), e->new_name);
		if (!e->macro_born)
			continue;
		/* those of one macro stand together */
		if (!labels)
			klp_buf_add(&w->out, "\n");
		labels = true;
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

static void write_type(struct writer *w, const struct item *item, const struct klp_tu_decl *d)
{
	const char *file = w->x->view->tu.files.v[d->file].text;
	const char *tag = d->name[0] ? NULL : klp_extract__type_tag(w->x, item);
	struct type_text t;

	if (!klp_extract__find_type(w->x, file + d->from, item->to - d->from, &t))
		return;
	klp_extract__write_range(w->x, d->file, d->from, (uint32_t)(t.body - file), &w->out);
	if (tag)
		klp_buf_addf(&w->out, " %s", tag);
	klp_extract__write_range(w->x, d->file, (uint32_t)(t.body - file), (uint32_t)(t.to - file),
				 &w->out);
	klp_buf_add(&w->out, ";\n");
}

/* `struct foo { ... } bar;` of which only struct foo is wanted. */
static void write_types(struct writer *w, const struct item *item)
{
	write_origin(w, item);
	for (size_t i = 0; i < item->decls.n; i++) {
		const struct klp_tu_decl *d = item->decls.v[i];

		if (d->kind == KLP_TU_TYPE && d->definition)
			write_type(w, item, d);
	}
	w->last = NULL;
	w->externs = false;
}

static bool is_used_within(const struct item *item, const char *name)
{
	for (size_t i = 0; i < item->decls.n; i++)
		for (size_t j = 0; j < item->decls.v[i]->refs.n; j++)
			if (!strcmp(item->decls.v[i]->refs.v[j].name, name))
				return true;
	return false;
}

/* A variable, or a function that nothing which the macro makes calls. */
static bool is_idle(const struct writer *w, const struct item *item, const struct klp_tu_decl *d)
{
	if (!d->definition || !d->is_static || d->is_inline ||
	    klp_map_get(&w->x->entities, d->name) || klp_extract__registered(w->x, d->name))
		return false;
	return d->kind == KLP_TU_VARIABLE ||
	       (d->kind == KLP_TU_FUNCTION && !is_used_within(item, d->name));
}

/*
 * What a macro makes beside a function, and nobody here uses: declared before as that, there is
 * no warning.
 */
static void write_idle(struct writer *w, const struct item *item)
{
	bool first = true;

	for (size_t i = 0; item->function && i < item->decls.n; i++) {
		const struct klp_tu_decl *d = item->decls.v[i];

		if (!is_idle(w, item, d))
			continue;
		klp_buf_add(&w->out, first ? "\n/* made beside the function, not used */\n" : "");
		if (d->kind == KLP_TU_VARIABLE)
			klp_buf_addf(&w->out, "static %s __attribute__((__unused__));\n",
				     klp_extract__declarator(w->x, d->type, NULL, 0, d->name));
		else
			klp_buf_addf(&w->out,
				     "static typeof(%s) %s\n\t__attribute__((__unused__));\n",
				     d->type, d->name);
		first = false;
	}
}

static void write_labels(struct writer *w)
{
	if (w->labels)
		return;
	w->labels = true;
	for (size_t i = 0; i < w->x->labels.n; i++)
		write_extern(w, w->x->labels.v[i]);
}

static void blank_line(struct writer *w)
{
	if (w->out.len > 1 && w->out.p[w->out.len - 2] != '\n')
		klp_buf_add(&w->out, "\n");
}

static void write_item(struct writer *w, size_t i)
{
	const struct item *item = &w->x->items.v[i];

	if (item->kind == ITEM_INCLUDE) {
		if (item->asks || (w->last && w->last->asks))
			blank_line(w);
		klp_extract__write_include(w->x, item, &w->asks, &w->out);
		w->last = item;
		w->externs = false;
		return;
	}
	if (item->kind == ITEM_DECL && (item->role != ROLE_NONE || item->types))
		write_labels(w);
	if (item->types && (item->role == ROLE_NONE || item->role == ROLE_EXTERN))
		write_types(w, item);
	if (item->role == ROLE_EXTERN)
		write_externs(w, i);
	if (item->role == ROLE_NONE || item->role == ROLE_EXTERN ||
	    is_idle_prototype(w->x, item, i))
		return;
	write_externs(w, i);
	write_prototypes(w, i);
	klp_extract__silence(w->x, item, &w->silenced, &w->out);
	write_idle(w, item);
	klp_extract__write_defined(w->x, i, false, &w->out);
	write_origin(w, item);
	if (item->lead < item->from)
		klp_buf_addn(&w->out, w->x->view->tu.files.v[item->file].text + item->lead,
			     item->from - item->lead);
	klp_extract__write_item(w->x, item, &w->out);
	klp_extract__write_defined(w->x, i, true, &w->out);
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

	klp_buf_addf(&w->out,
		     "// SPDX-License-Identifier: GPL-2.0\n"
		     "/*\n"
		     " * Livepatch %s: the functions of %s that it replaces.\n"
		     " *\n"
		     " * Made by klp-prep from the kernel's source%s. klpp_ names a\n"
		     " * replacement, klpe_ a %s\n"
		     " */\n",
		     w->x->opts->name, unit->source,
		     w->x->view->before ? " with the fix applied" : ", unchanged",
		     w->x->opts->pointers
			     ? "pointer to a symbol of the running kernel that is not copied; it\n"
			       " * is set when the livepatch is loaded."
			     : "symbol of the running kernel that is not copied but resolved\n"
			       " * by a livepatch relocation.");
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

/* What the kernel's headers lack of the fix. */
static int write_fixed(struct writer *w)
{
	size_t before = w->out.len;

	if (klp_extract__fixed_write(w->x, &w->out) < 0)
		return w->x->err->code;
	if (w->out.len == before)
		return 0;
	w->functions = true;
	w->last = NULL;
	return 0;
}

int klp_extract__write(struct extraction *x, char **ret_text)
{
	struct writer w = { .x = x };

	klp_buf_init(&w.out, x->arena);
	for (size_t i = 0; i < x->items.n; i++)
		if (x->items.v[i].kind == ITEM_INCLUDE)
			w.last_include = i;
	write_head(&w);
	for (size_t i = 0; i < x->items.n; i++) {
		if (klp_extract__write_wanted(x, i, &w.out))
			w.last = NULL;
		if (x->fixed && i == x->fixed->at && write_fixed(&w) < 0)
			return x->err->code;
		if (x->items.v[i].kind == ITEM_INCLUDE || x->items.v[i].role != ROLE_NONE ||
		    x->items.v[i].types)
			write_item(&w, i);
	}
	/* gcc looks at what holds at the end, for these alone */
	if (klp_extract__undefined_statics(x))
		klp_buf_add(&w.out, "\n/* headers declare static functions that are not copied */\n"
				    "#pragma GCC diagnostic ignored \"-Wunused-function\"\n");
	*ret_text = w.out.p;
	return 0;
}
