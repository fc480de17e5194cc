// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Static branches on the static keys of modules. The kernel sets a livepatch's branches up
 * when it is loaded (kernel/jump_label.c jump_label_add_module()), and resolves its references
 * to a module only afterwards, so that the branch would belong to a key at address 0. Such a key
 * is asked at run time instead, static_key_enabled(): slower, and always right.
 *
 * Which keys these are is read off the compiled text, where none can hide. Where the file
 * spells the branch, in a function or a macro, the word is replaced. Branches in a header's
 * inline functions, tracepoints above all, are turned when the header is included: no use of
 * them changes.
 */
#include "extract/private.h"

#include <string.h>

#include "elf/livepatch.h"

#define JUMP_TABLE "__jump_table"

/* One reference that the kernel would use before it can resolve it. */
struct early {
	const struct entity *to; /* a module's */
	const char *function;	 /* that it is for, by its name in the source; NULL unknown */
	const char *section;
};
KLP_VEC(earlies, struct early);

/* ---- what the compiled text has ----------------------------------------------------------- */

/* The entity behind an undefined symbol, which may be about to get its link name. */
static const struct entity *of_module(const struct extraction *x, const char *symbol)
{
	const struct entities *lists[] = { &x->order, &x->labels };

	for (size_t l = 0; l < 2; l++)
		for (size_t i = 0; i < lists[l]->n; i++) {
			const struct entity *e = lists[l]->v[i];

			if (e->ref.object && strcmp(e->ref.object, "vmlinux") && e->link &&
			    (!strcmp(e->link, symbol) || (l && !strcmp(e->name, symbol))))
				return e;
		}
	return NULL;
}

/* "foo" of klpp_foo, of foo.part.0 */
static const char *source_name(const struct extraction *x, const char *symbol)
{
	for (size_t i = 0; i < x->order.n; i++)
		if (x->order.v[i]->new_name && !strcmp(x->order.v[i]->new_name, symbol))
			return x->order.v[i]->name;
	return klp_strndup(x->arena, symbol, strcspn(symbol, "."));
}

/* The function that an entry of a table of sites is about: its first words say where. */
static const char *user_of(const struct extraction *x, const struct klp_refs *refs,
			   const struct klp_ref *ref)
{
	const struct klp_ref *nearest = NULL;

	if (ref->from)
		return source_name(x, ref->from->name);
	for (size_t i = 0; i < refs->n; i++) {
		const struct klp_ref *r = &refs->v[i];

		if (r->to && r->to->type == STT_FUNC && !strcmp(r->section, ref->section) &&
		    r->offset < ref->offset && (!nearest || r->offset > nearest->offset))
			nearest = r;
	}
	return nearest ? source_name(x, nearest->to->name) : NULL;
}

static bool is_known(const struct earlies *earlies, const struct early *e)
{
	for (size_t i = 0; i < earlies->n; i++) {
		const struct early *other = &earlies->v[i];

		if (other->to == e->to && !strcmp(other->section, e->section) &&
		    (other->function == e->function ||
		     (other->function && e->function && !strcmp(other->function, e->function))))
			return true;
	}
	return false;
}

static int collect(struct extraction *x, const struct klp_symtab *symtab, struct earlies *ret)
{
	struct klp_refs refs = {};

	if (klp_refs_load(x->arena, symtab, &refs, x->err) < 0)
		return x->err->code;
	for (size_t i = 0; i < refs.n; i++) {
		const struct klp_ref *r = &refs.v[i];
		struct early e = { .section = r->section };

		if (!r->to || klp_sym_defined(r->to) || !klp_lp_early(r->section, "", 0))
			continue;
		e.to = of_module(x, r->to->name);
		if (!e.to)
			continue;
		e.function = user_of(x, &refs, r);
		if (!is_known(ret, &e))
			klp_vec_push(x->arena, ret, e);
	}
	return 0;
}

/* ---- branches that the file spells -------------------------------------------------------- */

static void note(struct extraction *x, const char *key, const char *function, const char *file,
		 uint32_t line)
{
	for (size_t i = 0; i < x->asked_keys.n; i++)
		if (!strcmp(x->asked_keys.v[i].key, key) &&
		    !strcmp(x->asked_keys.v[i].function, function))
			return;
	klp_vec_push(x->arena, &x->asked_keys, (struct asked_key){ key, function, file, line });
}

/* *second: the key is the second argument. */
static bool is_branch(const struct klp_ctok *tok, bool *second)
{
	static const char *const words[] = { "static_branch_maybe", "static_branch_likely",
					     "static_branch_unlikely", "static_key_false",
					     "static_key_true" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (klp_tok_is(tok, words[i])) {
			*second = i == 0;
			return true;
		}
	return false;
}

/* The first token of the key's expression when v[i] calls a branch on that key, or NULL. */
static const struct klp_ctok *branch_on(const struct klp_ctoks *toks, size_t i, const char *key)
{
	const struct klp_ctok *v = toks->v.v, *start;
	bool second, found = false;
	int depth = 0;

	if (!is_branch(&v[i], &second) || i + 1 >= toks->v.n || !klp_tok_is(&v[i + 1], "("))
		return NULL;
	start = &v[++i];
	for (; i < toks->v.n; i++) {
		depth += klp_tok_is(&v[i], "(");
		depth -= klp_tok_is(&v[i], ")");
		if (depth == 0)
			return found ? start + 1 : NULL;
		if (second && depth == 1 && klp_tok_is(&v[i], ",")) {
			start = &v[i];
			second = false;
		}
		found = found || (v[i].kind == KLP_TOK_IDENT && klp_tok_is(&v[i], key));
	}
	return NULL;
}

static bool is_edited(const struct extraction *x, uint32_t file, uint32_t from)
{
	for (size_t i = 0; i < x->edits.n; i++)
		if (x->edits.v[i].file == file && x->edits.v[i].from == from)
			return true;
	return false;
}

static int ask_in_item(struct extraction *x, const struct item *item, const char *key,
		       bool *ret_changed)
{
	const struct klp_tu_file *f = &x->view->tu.files.v[item->file];
	const char *who = item->kind == ITEM_DEFINE ? item->name : item->decls.v[0]->name;
	const char *text = klp_extract__item_text(x, item);
	struct klp_ctoks toks = {};

	if (klp_ctok_source(x->arena, f->name, text, item->to - item->from, true, &toks, x->err) <
	    0)
		return x->err->code;
	for (size_t i = 0; i < toks.v.n; i++) {
		const struct klp_ctok *start = branch_on(&toks, i, key);
		uint32_t from = item->from + (uint32_t)(toks.v.v[i].p - text);

		if (!start || is_edited(x, item->file, from))
			continue;
		*ret_changed = true;
		klp_extract__add_edit(x,
				      (struct edit){ .file = item->file,
						     .from = from,
						     .to = item->from + (uint32_t)(start->p - text),
						     .text = "static_key_enabled(" });
		note(x, key, who, f->name, klp_extract__line_at(x, item->file, from));
	}
	return 0;
}

char *klp_extract__ask_in_piece(struct extraction *x, const char *text, const char *key,
				const char *function, const char *file, uint32_t line)
{
	struct klp_ctoks toks = {};
	struct klp_error ignored = {};
	struct klp_buf out;

	klp_buf_init(&out, x->arena);
	if (klp_ctok_source(x->arena, file, text, strlen(text), true, &toks, &ignored) < 0)
		return klp_strdup(x->arena, text);
	for (size_t i = 0; i < toks.v.n; i++) {
		const struct klp_ctok *start = branch_on(&toks, i, key);

		if (!start)
			continue;
		klp_buf_addn(&out, text, (size_t)(toks.v.v[i].p - text));
		klp_buf_add(&out, "static_key_enabled(");
		text = start->p;
		note(x, key, function, file, line);
	}
	klp_buf_add(&out, text);
	return out.p;
}

static int ask_in_text(struct extraction *x, const char *key, bool *ret_changed)
{
	for (size_t i = 0; i < x->items.n; i++) {
		const struct item *item = &x->items.v[i];
		bool text = item->kind == ITEM_DECL && item->decls.n &&
			    (item->role == ROLE_COPY || item->role == ROLE_PATCH);
		bool macro = item->kind == ITEM_DEFINE && item->role != ROLE_NONE;

		if ((text || macro) && ask_in_item(x, item, key, ret_changed) < 0)
			return x->err->code;
	}
	return 0;
}

/* ---- branches of headers ------------------------------------------------------------------ */

/*
 * With jump labels static_key_false() is a function and static_branch_unlikely() a macro, of
 * which only what it expands to is left in preprocessed text.
 */
static enum item_asks kind_of_branch(const struct extraction *x, const struct klp_cdecl *d)
{
	for (uint32_t i = 0; i + 1 < d->n; i++) {
		const struct klp_ctok *tok = &x->view->toks.v.v[d->first + i];

		/* there are structs of these names, too */
		if (klp_tok_is(tok + 1, "(") &&
		    (klp_tok_is(tok, "static_key_false") || klp_tok_is(tok, "static_key_true")))
			return ASKS_FUNCTIONS;
	}
	return ASKS_MACROS;
}

static void ask_in_headers(struct extraction *x, const struct early *e, bool *ret_changed)
{
	struct key_users users = {};

	klp_extract__key_users(x, e->function, e->to->name, &users);
	for (size_t i = 0; i < users.n; i++) {
		const struct klp_cdecl *d = users.v[i];
		const char *file = klp_view_file(x->arena, x->view, d);
		struct item *include = klp_extract__include_of(x, file);
		enum item_asks asks = kind_of_branch(x, d);

		if (!include || (include->asks & asks))
			continue;
		include->asks |= asks;
		*ret_changed = true;
		note(x, e->to->name, d->name, file, x->view->toks.v.v[d->at].line);
	}
}

int klp_extract__ask_keys(struct extraction *x, const struct klp_symtab *symtab, bool *ret_changed)
{
	struct earlies earlies = {};

	/* never loaded, and compared with the original */
	if (x->opts->unpatched)
		return 0;
	if (collect(x, symtab, &earlies) < 0)
		return x->err->code;
	for (size_t i = 0; i < earlies.n; i++) {
		const struct early *e = &earlies.v[i];

		if (strcmp(e->section, JUMP_TABLE) != 0)
			continue;
		if (ask_in_text(x, e->to->name, ret_changed) < 0)
			return x->err->code;
		if (e->function)
			ask_in_headers(x, e, ret_changed);
	}
	return 0;
}

/* Every function whose tokens are others now. */
static void note_rewritten(struct extraction *x, struct klp_strs *ret)
{
	for (size_t i = 0; i < x->view->functions.n; i++) {
		const struct klp_cdecl *d = x->view->functions.entries[i].value;
		const char *file = klp_view_file(x->arena, x->view, d);
		const struct item *include = klp_extract__include_of(x, file);
		bool asks = include && include->asks;

		for (size_t j = 0; j < x->asked_keys.n && !asks; j++)
			asks = klp_extract__mentions(x, d, x->asked_keys.v[j].key);
		if (asks)
			klp_strs_add(x->arena, ret, d->name);
	}
}

/* ---- what is said of it ------------------------------------------------------------------- */

static void say_asked(struct extraction *x)
{
	for (size_t i = 0; i < x->asked_keys.n; i++) {
		const struct asked_key *a = &x->asked_keys.v[i];
		struct klp_finding *f = klp_finding_add(
			x->arena, x->findings, KLP_NOTE, "KLP-STATIC-KEY",
			"'%s' branches on the static key '%s' of a module; the livepatch asks the "
			"key instead",
			a->function, a->key);

		f->symbol = a->function;
		f->file = a->file;
		f->line = a->line;
	}
}

static void say_early(struct extraction *x, const struct early *e)
{
	const char *function = e->function ? e->function : x->unit->source;
	struct key_place place = klp_extract__key_place(x, e->function, e->to->name);
	struct klp_finding *f = klp_finding_add(
		x->arena, x->findings, KLP_ERROR, "KLP-EARLY-REFERENCE",
		"'%s' refers to '%s' of module '%s' from '%s', which the kernel uses before it "
		"can resolve that%s%s",
		function, e->to->name, e->to->ref.object, e->section,
		place.way ? ", by way of " : "", place.way ? place.way : "");

	f->symbol = function;
	f->file = place.file ? place.file : x->unit->source;
	f->line = place.line;
	f->hint =
		strcmp(e->section, JUMP_TABLE)
			? klp_lp_early(e->section, e->to->ref.object, 0)
			: "a macro hides the branch, so that it can't be changed here: in the fix, "
			  "write the macro out with static_key_enabled() in place of "
			  "static_branch_*()";
}

static void say_static_call(struct extraction *x, const struct klp_symref *ref)
{
	struct klp_finding *f = klp_finding_add(
		x->arena, x->findings, KLP_NOTE, "KLP-STATIC-CALL",
		"'%s' makes the static call '%s' of module '%s' through its trampoline",
		ref->needed_by, ref->symbol + strlen("__SCT__"), ref->object);

	f->symbol = ref->needed_by;
	f->file = x->unit->source;
}

int klp_extract__say_keys(struct extraction *x, const struct klp_symtab *symtab,
			  const struct klp_plan *plan, struct klp_plan_source *source)
{
	struct earlies earlies = {};

	if (x->opts->unpatched)
		return 0;
	if (x->asked_keys.n)
		note_rewritten(x, &source->rewritten);
	if (collect(x, symtab, &earlies) < 0)
		return x->err->code;
	say_asked(x);
	for (size_t i = 0; i < earlies.n; i++)
		say_early(x, &earlies.v[i]);
	/* a tracepoint's is spoken of with its key */
	for (size_t i = 0; i < plan->refs.n; i++) {
		const struct klp_symref *ref = &plan->refs.v[i];

		if (strcmp(ref->object, "vmlinux") && !strncmp(ref->symbol, "__SCT__", 7) &&
		    strncmp(ref->symbol, "__SCT__tp_func_", 15) &&
		    klp_symtab_get(symtab, ref->link_name))
			say_static_call(x, ref);
	}
	return 0;
}
