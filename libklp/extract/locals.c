// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Static variables of the patched functions. A livepatch must go on with the original's
 * state: which of them are shared with it, and the declaration that takes the place of the
 * definition.
 */
#include "extract/private.h"

#include <string.h>

#include "base/buf.h"

/*
 * Static locals of macros that belong to their place in the code: a message printed once, a
 * lock class. Starting afresh does no harm.
 */
static const char *const private_locals[] = {
	"__warned",
	"__already_done",
	"__key",
	"_rs",
	"__func__",
	"__FUNCTION__",
	"__PRETTY_FUNCTION__",
	"descriptor",
	"CSWTCH",
	"__msg",
	"__print_once",
	"_entry",
	"_entry_ptr",
};

/* Likewise; a number follows: of a message of dynamic debugging, or kept for objtool's sake. */
static const char *const private_prefixes[] = { "__UNIQUE_ID_ddebug",
						"__UNIQUE_ID___addressable_" };

/* Those of include/linux/once.h DO_ONCE(): they say whether shared state is set up. */
static const char *const once_locals[] = { "___done", "___once_key", "__once_key" };

static bool is_among(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

#define IS_AMONG(names, name) is_among(names, sizeof(names) / sizeof(*(names)), name)

static bool is_private(const char *name)
{
	for (size_t i = 0; i < sizeof(private_prefixes) / sizeof(*private_prefixes); i++)
		if (!strncmp(name, private_prefixes[i], strlen(private_prefixes[i])))
			return true;
	return IS_AMONG(private_locals, name);
}

/* How many variables of a name the livepatch has itself, and may have. */
struct own_locals {
	size_t n;
};

static void note_own(struct extraction *x, const char *name)
{
	void **slot = klp_map_slotn(&x->own_locals, name, strlen(name));

	if (!*slot)
		*slot = klp_new(x->arena, struct own_locals);
	((struct own_locals *)*slot)->n++;
}

bool klp_extract__is_private_state(const struct extraction *x, const struct klp_symtab *symtab,
				   const char *name)
{
	const struct own_locals *own = klp_map_get(&x->own_locals, name);
	size_t n = 0;

	for (size_t i = 1; own && i < symtab->n; i++)
		n += klp_sym_defined(&symtab->v[i]) &&
		     klp_extract__is_numbered(symtab->v[i].name, name);
	return is_private(name) || (own && n <= own->n);
}

/* ---- findings ---------------------------------------------------------------------------- */

size_t klp_extract__count_lines(const char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += text[i] == '\n';
	return n;
}

static struct klp_finding *about(struct extraction *x, const struct klp_tu_decl *d,
				 const struct klp_tu_local *l, enum klp_severity severity,
				 const char *code, const char *message)
{
	const struct klp_tu_file *file = &x->view->tu.files.v[l->file];
	struct klp_finding *f =
		klp_finding_add(x->arena, x->findings, severity, code, "%s", message);

	f->symbol = d->name;
	f->file = file->name;
	f->line = 1 + (unsigned int)klp_extract__count_lines(file->text, l->from);
	return f;
}

static void unclear(struct extraction *x, const struct klp_tu_decl *d, const struct klp_tu_local *l)
{
	about(x, d, l, KLP_ERROR, "KLP-STATIC-AMBIGUOUS",
	      klp_sprintf(x->arena,
			  "the fix changes how many static variables '%s' the function '%s' has",
			  l->name, d->name))
		->hint = "which of them is which of the original's can't be told: give a new one a "
			 "new name in the fix";
}

static void ambiguous(struct extraction *x, const struct klp_tu_decl *d,
		      const struct klp_tu_local *l)
{
	about(x, d, l, KLP_ERROR, "KLP-STATIC-AMBIGUOUS",
	      klp_sprintf(x->arena,
			  "which static variable '%s' of the kernel is the one of '%s' can't be "
			  "told",
			  l->name, d->name))
		->hint = "the code refers to several, or to one that several definitions could "
			 "be: do without it in the fix, or decide by hand";
}

/* Reported when it was found changed, or one of several. */
static bool is_reported(const struct extraction *x, const char *function)
{
	for (size_t i = 0; i < x->findings->n; i++) {
		const struct klp_finding *f = &x->findings->v[i];

		if (f->severity == KLP_ERROR && f->symbol && !strcmp(f->symbol, function))
			return true;
	}
	return false;
}

void klp_extract__local_gone(struct extraction *x, const struct entity *e)
{
	const struct klp_tu_decl *d = klp_tu_find(&x->view->tu, e->needed_by);

	for (size_t i = 0; d && i < x->locals.n; i++)
		if (x->locals.v[i].entity == e && !is_reported(x, d->name))
			about(x, d, x->locals.v[i].local, KLP_ERROR, "KLP-STATIC-GONE",
			      klp_sprintf(x->arena,
					  "the static variable '%s' of '%s' has no symbol in the "
					  "kernel that runs",
					  e->name, d->name))
				->hint = "the compiler folded it away, so there is no state to "
					 "share: if a private copy is right, give it a new name in "
					 "the fix";
}

static void data_changed(struct extraction *x, const struct klp_tu_decl *d,
			 const struct klp_tu_local *l)
{
	struct klp_finding *f = about(
		x, d, l, KLP_ERROR, "KLP-DATA-CHANGED",
		klp_sprintf(x->arena,
			    "the fix changes the type or initialiser of the static variable '%s' "
			    "of '%s'",
			    l->name, d->name));

	f->firm = true; /* it may be its type */
	f->hint = "the variable of the running kernel stays as it is: leave it alone, and use a "
		  "new variable under a new name, or set the value from a pre-patch callback";
}

/* Its type has no name, and the text there, a macro's use, doesn't spell it either. */
static bool is_undeclarable(struct extraction *x, const struct klp_tu_decl *d,
			    const struct klp_tu_local *l)
{
	if (!klp_extract__is_unnamed(l->type) ||
	    klp_extract__tagged_type(x, klp_extract__local_def(x, l), l->to - l->from, ""))
		return false;
	about(x, d, l, KLP_ERROR, "KLP-STATIC-TYPE",
	      klp_sprintf(x->arena,
			  "the type of the static variable '%s' of '%s' has no name by which it "
			  "could be declared",
			  l->name, d->name))
		->hint = "a macro defines the type: write it out, in the source that the diff is "
			 "made against and in the fix";
	return true;
}

static void once(struct extraction *x, const struct klp_tu_decl *d, const struct klp_tu_local *l)
{
	if (klp_findings_about(x->findings, "KLP-ONCE", d->name))
		return;
	about(x, d, l, KLP_ERROR, "KLP-ONCE",
	      klp_sprintf(x->arena,
			  "'%s' sets something up once, and the livepatch can't know whether that "
			  "is done",
			  d->name))
		->hint = "the livepatch would do it again, over what is in use (a hash secret, for "
			 "one): leave the call out of the fixed function when it has surely run "
			 "already, or write the macro out in the fix, under the names of its "
			 "variables";
}

static void note_macro_local(struct extraction *x, const struct klp_tu_decl *d,
			     const struct klp_tu_local *l)
{
	about(x, d, l, KLP_NOTE, "KLP-STATIC-PRIVATE",
	      klp_sprintf(x->arena,
			  "a macro gives '%s' a static variable '%s'; the livepatch has its own",
			  d->name, l->name));
}

static void address_of_local(struct extraction *x, const struct klp_tu_decl *d,
			     const struct klp_tu_local *l)
{
	about(x, d, l, KLP_WARNING, "KLP-ADDRESS-OF-COPY",
	      klp_sprintf(
		      x->arena,
		      "'%s' takes the address of its constant '%s', which lives in the livepatch",
		      d->name, l->name))
		->hint = "if the pointer is stored, it dangles once the livepatch is unloaded or "
			 "replaced; if it is compared, it differs from the original's: make sure "
			 "that it is neither";
}

/* One statement that declares shared variables beside others: it can't be left out. */
static void mixed_statement(struct extraction *x, const struct klp_tu_decl *d,
			    const struct klp_tu_local *l)
{
	about(x, d, l, KLP_ERROR, "KLP-STATIC-GROUP",
	      klp_sprintf(x->arena,
			  "'%s' declares '%s', which is new or constant, together with variables "
			  "of the original",
			  d->name, l->name))
		->hint = "declare it in a statement of its own, in the source that the diff is "
			 "made against and in the fix";
}

/* ---- which ones are shared --------------------------------------------------------------- */

static char *key_of(const struct extraction *x, const struct klp_tu_decl *d, size_t index)
{
	return klp_sprintf(x->arena, "%s.%s.%zu", d->name, d->locals.v[index].name, index);
}

static void share(struct extraction *x, size_t item, const struct klp_tu_decl *d, size_t index,
		  const struct klp_symref *ref)
{
	const struct klp_tu_local *l = &d->locals.v[index];
	char *key = key_of(x, d, index);
	struct entity *e = klp_extract__entity_new(x, key, l->name, d->name);

	e->kind = ENTITY_EXTERN;
	e->local = true;
	e->first_use = item;
	e->gone = !ref;
	if (ref)
		e->ref = *ref;
	else /* what follows must still be C */
		e->ref = (struct klp_symref){ .object = "", .symbol = key, .section_object = "" };
	e->link = klp_extract__link_name(x, klp_sprintf(x->arena, "%s_%s", d->name, l->name),
					 &e->ref);
	klp_vec_push(x->arena, &x->locals, (struct shared_local){ e, l });
}

/*
 * A table of labels, `&&label`, belongs to the code that it leads into: the original's would
 * lead into the original.
 */
static bool holds_labels(struct extraction *x, const struct klp_tu_decl *d,
			 const struct klp_tu_local *l)
{
	const struct klp_cdecl *cdecl = klp_map_get(&x->view->functions, d->name);
	struct local_texts texts = {};

	if (cdecl)
		klp_extract__local_texts(x, x->view, cdecl, l->name, &texts);
	for (size_t i = 0; i < texts.n; i++)
		for (size_t j = 1; j + 2 < texts.v[i].n; j++) {
			const struct klp_ctok *tok = &texts.v[i].v[j];

			if (klp_tok_is(&tok[0], "&") && klp_tok_is(&tok[1], "&") &&
			    tok[2].kind == KLP_TOK_IDENT && tok[-1].kind == KLP_TOK_PUNCT &&
			    strchr("={,(", tok[-1].p[0]))
				return true;
		}
	return false;
}

/*
 * A constant comes along with the text, unless somebody may keep its address: then it is the
 * original's, when there is one.
 */
static int constant_local(struct extraction *x, size_t item, const struct klp_tu_decl *d,
			  size_t index, const struct original_local *old, bool *ret_shared)
{
	const struct klp_tu_local *l = &d->locals.v[index];
	enum local_is is = LOCAL_AMBIGUOUS;
	struct original_local exact;
	struct klp_symref ref;
	int changed = old ? klp_extract__local_changed(x, d, l, old) : 1;

	note_own(x, l->name);
	if (changed < 0 || !l->escapes || x->opts->data)
		return changed < 0 ? changed : 0;
	if (!changed && l->declared == 1 && !klp_extract__is_unnamed(l->type) &&
	    klp_extract__local_symbol(x, old, &is, &ref) < 0)
		return x->err->code;
	if (is == LOCAL_FOUND) {
		share(x, item, d, index, &ref);
		*ret_shared = true;
		return 0;
	}
	if (is != LOCAL_AMBIGUOUS && klp_extract__exact_original(x, old, &exact) < 0)
		return x->err->code;
	if (is == LOCAL_AMBIGUOUS || !exact.local->escapes)
		address_of_local(x, d, l);
	return 0;
}

static int state_local(struct extraction *x, size_t item, const struct klp_tu_decl *d, size_t index,
		       const struct original_local *old, bool *ret_shared)
{
	const struct klp_tu_local *l = &d->locals.v[index];
	int changed = klp_extract__local_changed(x, d, l, old);
	struct klp_symref ref;
	enum local_is is;

	if (changed < 0 || klp_extract__local_symbol(x, old, &is, &ref) < 0)
		return x->err->code;
	if (!changed && is == LOCAL_GONE &&
	    klp_extract__is_unwritten(x, l->name, l->canonical, d->name)) {
		note_own(x, l->name);
		*ret_shared = false;
		return 0;
	}
	if (changed)
		data_changed(x, d, l);
	else if (is == LOCAL_AMBIGUOUS)
		ambiguous(x, d, l);
	share(x, item, d, index, is == LOCAL_FOUND ? &ref : NULL);
	return 0;
}

/*
 * A macro's: where it is declared it can't be replaced. What says whether shared state is set
 * up must be the original's, and is, when the macro's use can be written out.
 */
static int macro_local(struct extraction *x, size_t item, const struct klp_tu_decl *d, size_t index,
		       enum pairing pairing, const struct original_local *old)
{
	const struct klp_tu_local *l = &d->locals.v[index];
	bool is_once = IS_AMONG(once_locals, l->name), shared;

	if (is_once && pairing == PAIR_FOUND && klp_extract__written_out(x, l))
		return state_local(x, item, d, index, old, &shared);
	/* of others that the original has as well, the compiled text tells */
	if (pairing == PAIR_NONE || l->is_const || is_once)
		note_own(x, l->name);
	if (l->is_const || is_private(l->name))
		return 0;
	if (!is_once)
		note_macro_local(x, d, l);
	else if (pairing != PAIR_NONE)
		once(x, d, l);
	return 0;
}

static int decide(struct extraction *x, size_t item, const struct klp_tu_decl *d, size_t index,
		  bool *ret_shared)
{
	const struct klp_tu_local *l = &d->locals.v[index];
	struct original_local old;
	enum pairing pairing = klp_extract__find_original(x, d, l, &old);

	*ret_shared = false;
	if (l->macro)
		return macro_local(x, item, d, index, pairing, &old);
	if (x->opts->data || holds_labels(x, d, l)) {
		note_own(x, l->name);
		return 0;
	}
	if (l->is_const)
		return constant_local(x, item, d, index, pairing == PAIR_FOUND ? &old : NULL,
				      ret_shared);
	/* nothing there to share: a lock class without lockdep */
	if (pairing == PAIR_NONE || (l->sized && !l->size)) {
		note_own(x, l->name);
		return 0;
	}
	if (pairing == PAIR_UNCLEAR) {
		unclear(x, d, l);
		note_own(x, l->name);
		return 0;
	}
	if (is_undeclarable(x, d, l)) {
		note_own(x, l->name);
		return 0;
	}
	*ret_shared = true;
	return state_local(x, item, d, index, &old, ret_shared);
}

int klp_extract__local_statics(struct extraction *x, size_t item, const struct klp_tu_decl *d)
{
	bool kinds[2] = {};

	if (d->locals.n && klp_map_get(&x->locals_of, d->name))
		return 0;
	klp_map_put(&x->locals_of, d->name, x);
	for (size_t i = 0; i < d->locals.n; i++) {
		const struct klp_tu_local *l = &d->locals.v[i];
		bool shared;

		if (decide(x, item, d, i, &shared) < 0)
			return x->err->code;
		if (!i || !klp_extract__same_statement(l, l - 1))
			kinds[0] = kinds[1] = false;
		kinds[shared] = true;
		if (kinds[0] && kinds[1])
			mixed_statement(x, d, l);
	}
	return 0;
}

struct entity *klp_extract__local_entity(const struct extraction *x, const struct klp_tu_decl *d,
					 const struct klp_tu_ref *r)
{
	return r->local < d->locals.n ? klp_map_get(&x->entities, key_of(x, d, r->local)) : NULL;
}
