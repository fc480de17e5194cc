// SPDX-License-Identifier: GPL-2.0-or-later
#include "detect/compare.h"

#include <string.h>

#include "detect/exports.h"
#include "detect/headers.h"
#include "detect/locks.h"
#include "tu/values.h"

bool klp_detect__is_touched(const struct klp_comparing *c, const char *file)
{
	for (size_t i = 0; i < c->touched->n; i++)
		if (!strcmp(c->touched->v[i].file, file))
			return true;
	return false;
}

uint32_t klp_detect__line_of(const struct klp_view *view, const struct klp_cdecl *d)
{
	return view->toks.v.v[d->at].line;
}

/*
 * libclang's knowledge of a function: only there for own files. That it becomes static, or no
 * longer is, changes nothing for who calls it: the type is part of how it is called, the linkage
 * isn't.
 */
static void describe(struct klp_change *change, const struct klp_tu_decl *before,
		     const struct klp_tu_decl *after)
{
	const struct klp_tu_decl *d = after ? after : before;

	if (!d) {
		/* a header's function: what such a definition is in a kernel */
		change->is_static = change->is_inline = true;
		return;
	}
	change->line = d->line;
	change->is_static = d->is_static;
	change->is_inline = d->is_inline;
	if (before && after)
		change->signature = strcmp(before->canonical, after->canonical) != 0;
}

/*
 * A header's function matters where the unit has code of it. (What is new there nobody has
 * code of, and who begins to use it differs himself.)
 */
static int header_function(struct klp_comparing *c, struct klp_change *change, bool was_there)
{
	bool held = false;

	if (was_there && klp_detect__may_hold(change->unit, change->function, &held, c->err) < 0)
		return c->err->code;
	change->kind = KLP_HEADER;
	if (held)
		klp_vec_push(c->arena, &c->result->changes, *change);
	else if (was_there && klp_detect__is_touched(c, change->file))
		klp_vec_push(c->arena, &c->result->unheld, *change);
	return 0;
}

/* While it is being loaded, some tasks lock by the old rules and some by the new ones. */
static void locks(struct klp_comparing *c, const struct klp_cdecl *old, const struct klp_cdecl *new,
		  const char *file)
{
	const char *what = klp_detect__locks(c->arena, c->before, old, c->after, new);
	struct klp_finding *f;

	if (!what)
		return;
	f = klp_finding_add(c->arena, c->findings, KLP_WARNING, "KLP-LOCK-CHANGED",
			    "the fix changes how '%s' locks or counts: %s", new->name, what);
	f->symbol = new->name;
	f->file = file;
	f->line = klp_detect__line_of(c->after, new);
	f->hint = "old and new code run side by side until the transition is through, and what is "
		  "locked or counted by the one may be unlocked by the other: check that both "
		  "orders and balances go together";
}

static bool says_linkage(const struct klp_ctok *tok)
{
	return klp_tok_is(tok, "static") || klp_tok_is(tok, "extern");
}

/* The next token that matters: before the body, the words for linkage don't. */
static const struct klp_ctok *next(const struct klp_view *view, const struct klp_cdecl *d,
				   uint32_t *i)
{
	while (*i < d->n && d->first + *i < d->body && says_linkage(&view->toks.v.v[d->first + *i]))
		++*i;
	return *i < d->n ? &view->toks.v.v[d->first + (*i)++] : NULL;
}

/*
 * The same function, for others to call or no longer: its code is what it was. Who newly calls
 * it has changed himself.
 */
static bool is_linkage(const struct klp_comparing *c, const struct klp_cdecl *old,
		       const struct klp_cdecl *new)
{
	const struct klp_ctok *a, *b;
	uint32_t i = 0, k = 0;

	if (!old || !new || klp_view_mentions(c->after, new, &c->values))
		return false;
	do {
		a = next(c->before, old, &i);
		b = next(c->after, new, &k);
		if (!a != !b || (a && (a->len != b->len || memcmp(a->p, b->p, a->len))))
			return false;
	} while (a);
	return true;
}

static int add_change(struct klp_comparing *c, const struct klp_cdecl *old,
		      const struct klp_cdecl *new)
{
	const struct klp_view *view = new ? c->after : c->before;
	const struct klp_cdecl *d = new ? new : old;
	const char *file = klp_view_file(c->arena, view, d);
	struct klp_change change = {
		.function = d->name,
		.file = file,
		.line = klp_detect__line_of(view, d),
		.unit = c->after->unit,
		.init = (old && old->init) || (new &&new->init),
	};

	describe(&change, old ? klp_tu_find(&c->before->tu, d->name) : NULL,
		 new ? klp_tu_find(&c->after->tu, d->name) : NULL);
	if (!klp_view_owns(view, file))
		return header_function(c, &change, old != NULL);
	change.kind = !new			? KLP_REMOVED
		      : !old			? KLP_ADDED
		      : is_linkage(c, old, new) ? KLP_LINKAGE
						: KLP_MODIFIED;
	klp_vec_push(c->arena, &c->result->changes, change);
	if (old && new)
		locks(c, old, new, file);
	return 0;
}

static bool differs(const struct klp_comparing *c, const struct klp_cdecl *old,
		    const struct klp_cdecl *new)
{
	return !old || old->hash != new->hash || klp_view_mentions(c->after, new, &c->values);
}

static int compare_functions(struct klp_comparing *c)
{
	const struct klp_map *before = &c->before->functions, *after = &c->after->functions;

	for (size_t i = 0; i < after->n; i++) {
		const struct klp_cdecl *new = after->entries[i].value;
		const struct klp_cdecl *old = klp_map_get(before, new->name);

		if (differs(c, old, new) && add_change(c, old, new) < 0)
			return c->err->code;
	}
	for (size_t i = 0; i < before->n; i++) {
		const struct klp_cdecl *old = before->entries[i].value;

		if (!klp_map_get(after, old->name) && add_change(c, old, NULL) < 0)
			return c->err->code;
	}
	return 0;
}

int klp_detect__compare(struct klp_arena *arena, const struct klp_view *before,
			const struct klp_view *after, const struct klp_touched_vec *touched,
			struct klp_comparison *result, struct klp_findings *findings,
			struct klp_error *err)
{
	struct klp_comparing c = {
		.arena = arena,
		.before = before,
		.after = after,
		.touched = touched,
		.result = result,
		.findings = findings,
		.err = err,
	};

	klp_view_values(arena, before, after, &c.values);
	klp_detect__exports(arena, before, &c.exported_before);
	klp_detect__exports(arena, after, &c.exported_after);
	if (compare_functions(&c) < 0)
		return err->code;
	klp_detect__compare_others(&c);
	return 0;
}
