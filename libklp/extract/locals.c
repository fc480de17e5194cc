// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Static variables of the patched functions. A livepatch must go on with the original's
 * state: which of them are shared, which symbol of the running kernel each one is, and the
 * declaration that takes the place of the definition.
 */
#include "extract/private.h"

#include <string.h>

#include "base/buf.h"
#include "parsers/ipa.h"

/* Static locals that belong to their place in the code, not to the function's state. */
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
	"___done",
	"___once_key",
	"__once_key",
};

static bool is_private(const char *name)
{
	for (size_t i = 0; i < sizeof(private_locals) / sizeof(*private_locals); i++)
		if (!strcmp(private_locals[i], name))
			return true;
	return false;
}

bool is_private_state(const char *name)
{
	return is_private(name);
}

/* ---- the symbol of the running kernel --------------------------------------------------- */

static int open_refs(struct extraction *x)
{
	char *object;

	if (x->have_refs)
		return 0;
	if (klp_cc_sectioned(x->arena, x->unit, x->opts->workdir, &object, x->err) < 0 ||
	    klp_symtab_load(x->arena, object, &x->sectioned, x->err) < 0 ||
	    klp_refs_load(x->arena, &x->sectioned, &x->refs, x->err) < 0)
		return x->err->code;
	x->have_refs = true;
	return 0;
}

/* "count.3" is a `count`. */
static bool is_numbered(const char *symbol, const char *name)
{
	size_t n = strlen(name);

	return !strncmp(symbol, name, n) && symbol[n] == '.' && symbol[n + 1] &&
	       !symbol[n + 1 + strspn(symbol + n + 1, "0123456789")];
}

/* The symbol is made from the function, or (any = true) is one that gets patched. */
static bool is_host(struct extraction *x, const struct klp_sym *sym, const char *function, bool any)
{
	size_t n = klp_ipa_base_len(sym->name);

	if (any)
		return klp_closure_find(x->closure, x->unit, klp_strndup(x->arena, sym->name, n)) !=
		       NULL;
	return strlen(function) == n && !strncmp(sym->name, function, n);
}

static void candidates(struct extraction *x, const char *function, const char *name, bool any,
		       struct klp_strs *found)
{
	for (size_t i = 0; i < x->refs.n; i++) {
		const struct klp_ref *r = &x->refs.v[i];

		if (r->from && r->to && is_numbered(r->to->name, name) &&
		    is_host(x, r->from, function, any))
			klp_strs_add(x->arena, found, r->to->name);
	}
}

static void unresolved_local(struct extraction *x, const char *function, const char *name,
			     bool several)
{
	struct klp_finding *f;

	if (several) {
		f = klp_finding_add(x->arena, x->findings, KLP_ERROR, "KLP-STATIC-AMBIGUOUS",
				    "the code of '%s' refers to several static variables '%s'",
				    function, name);
		f->hint = "which one is meant can't be told from the relocations: rename one in "
			  "the fix, or decide by hand";
	} else {
		f = klp_finding_add(x->arena, x->findings, KLP_ERROR, "KLP-STATIC-GONE",
				    "the static variable '%s' of '%s' has no symbol in the kernel "
				    "that runs",
				    name, function);
		f->hint = "the compiler folded it away, so there is no state to share: if a "
			  "private copy is right, give it a new name in the fix";
	}
	f->symbol = name;
	f->file = x->unit->source;
}

static int resolve_local(struct extraction *x, const char *function, const char *name,
			 struct klp_symref *ret)
{
	struct klp_strs found = {};

	if (open_refs(x) < 0)
		return x->err->code;
	candidates(x, function, name, false, &found);
	if (!found.n)
		candidates(x, function, name, true, &found);
	if (found.n == 1) {
		int rc = resolve_own(x, found.v[0], ret);

		if (rc)
			return rc;
	}
	unresolved_local(x, function, name, found.n > 1);
	return 0;
}

/* ---- which ones are shared --------------------------------------------------------------- */

static const struct klp_tu_local *local_of(const struct klp_tu_decl *d, const char *name)
{
	for (size_t i = 0; d && i < d->locals.n; i++)
		if (!strcmp(d->locals.v[i].name, name))
			return &d->locals.v[i];
	return NULL;
}

/* True when the original's variable must be used: not const, not private, not new. */
static bool is_shared(struct extraction *x, const struct klp_tu_decl *d,
		      const struct klp_tu_local *l)
{
	const struct klp_tu_decl *before;

	if (l->is_const || is_private(l->name))
		return false;
	if (!x->view->before)
		return !l->macro;
	before = klp_tu_find(&x->view->before->tu, d->name);
	return local_of(before, l->name) && !l->macro;
}

static void note_macro_local(struct extraction *x, const struct klp_tu_decl *d,
			     const struct klp_tu_local *l)
{
	struct klp_finding *f;

	if (!l->macro || l->is_const || is_private(l->name))
		return;
	f = klp_finding_add(x->arena, x->findings, KLP_NOTE, "KLP-STATIC-PRIVATE",
			    "a macro gives '%s' a static variable '%s'; the livepatch has its own",
			    d->name, l->name);
	f->symbol = d->name;
	f->file = x->view->tu.files.v[d->file].name;
	f->line = d->line;
}

static int share_local(struct extraction *x, size_t item, const struct klp_tu_decl *d,
		       const struct klp_tu_local *l)
{
	char *key = klp_sprintf(x->arena, "%s.%s", d->name, l->name);
	struct entity *e = klp_map_get(&x->entities, key);
	int rc;

	if (!e) {
		e = entity_new(x, key, l->name, d->name);
		e->kind = ENTITY_EXTERN;
		e->local = true;
		e->first_use = item;
		rc = resolve_local(x, d->name, l->name, &e->ref);
		if (rc < 0)
			return rc;
		if (!rc) /* reported; what follows must still be C */
			e->ref.object = e->ref.section_object = e->ref.symbol = "";
		e->link = unique_link(x, klp_sprintf(x->arena, "%s_%s", d->name, l->name), &e->ref);
	}
	klp_vec_push(x->arena, &x->locals, (struct shared_local){ e, l });
	return 0;
}

/* One statement that declares shared variables beside others: it can't be left out. */
static void mixed_statement(struct extraction *x, const struct klp_tu_decl *d,
			    const struct klp_tu_local *l)
{
	struct klp_finding *f =
		klp_finding_add(x->arena, x->findings, KLP_ERROR, "KLP-STATIC-GROUP",
				"'%s' declares '%s', which is new or constant, together with "
				"variables of the original",
				d->name, l->name);

	f->symbol = d->name;
	f->file = x->view->tu.files.v[d->file].name;
	f->line = d->line;
	f->hint = "declare it in a statement of its own, in the source that the diff is made "
		  "against and in the fix";
}

static bool same_statement(const struct klp_tu_local *a, const struct klp_tu_local *b)
{
	return a->file == b->file && a->from == b->from;
}

int local_statics(struct extraction *x, size_t item, const struct klp_tu_decl *d)
{
	bool shared[2] = {};

	for (size_t i = 0; i < d->locals.n; i++) {
		const struct klp_tu_local *l = &d->locals.v[i];
		bool mine = is_shared(x, d, l);

		if (!i || !same_statement(l, l - 1))
			shared[0] = shared[1] = false;
		shared[mine] = true;
		if (mine && share_local(x, item, d, l) < 0)
			return x->err->code;
		if (!mine)
			note_macro_local(x, d, l);
		if (shared[0] && shared[1])
			mixed_statement(x, d, l);
	}
	return 0;
}

struct entity *local_entity(const struct extraction *x, const struct klp_tu_decl *d,
			    const struct klp_tu_ref *r)
{
	return klp_map_get(&x->entities, klp_sprintf(x->arena, "%s.%s", d->name, r->name));
}

/* ---- the declarations -------------------------------------------------------------------- */

static size_t count_lines(const char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += text[i] == '\n';
	return n;
}

/*
 * The static locals of one statement, declared in its place as what the kernel has: types of
 * the function's own are known there. As many lines as before, so that those below keep theirs.
 */
static void extern_locals(struct extraction *x, size_t first)
{
	const struct klp_tu_local *l = x->locals.v[first].local;
	const char *text = x->view->tu.files.v[l->file].text + l->from;
	size_t len = l->to - l->from;
	char *type = defined_type(x, text, len);
	struct klp_buf out;

	klp_buf_init(&out, x->arena);
	if (type)
		klp_buf_addf(&out, "%s; ", type);
	for (size_t i = first; i < x->locals.n; i++) {
		const struct shared_local *s = &x->locals.v[i];

		if (!same_statement(s->local, l))
			break;
		klp_buf_addf(&out, "extern %s",
			     declarator(x, s->local->type, text, len,
					s->entity->label ? s->entity->name : s->entity->link));
		if (s->entity->label)
			klp_buf_addf(&out, " __asm__(\"%s\")", s->entity->link);
		klp_buf_add(&out, "; ");
	}
	klp_buf_add(&out, "/* static: the original's */");
	for (size_t n = count_lines(out.p, out.len); n < count_lines(text, len); n++)
		klp_buf_add(&out, "\n");
	klp_vec_push(x->arena, &x->edits,
		     (struct edit){ .file = l->file, .from = l->from, .to = l->to, .text = out.p });
}

void local_edits(struct extraction *x)
{
	for (size_t i = 0; i < x->locals.n; i++)
		if (!i || !same_statement(x->locals.v[i].local, x->locals.v[i - 1].local))
			extern_locals(x, i);
}
