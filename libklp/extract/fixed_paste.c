// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Names of headers that nobody spells, because a macro pastes them together. A macro that the fix
 * changes comes along when it may be meant in this way. A function can't be renamed so: whether
 * an old one is called is looked up behind the preprocessor.
 */
#include <string.h>

#include "extract/fixed.h"
#include "parsers/paste.h"

/* The kernel's headers define it in another way, and nothing asked for the fixed one so far. */
static bool is_overlooked(const struct piece *p)
{
	return p->kind == PIECE_MACRO && p->undefine && !p->needed;
}

static void collect(struct extraction *x, struct klp_paste *paste)
{
	for (size_t i = 0; i < x->fixed->bodies.n; i++) {
		const char *body = x->fixed->bodies.entries[i].value;

		klp_paste_collect(paste, body, strlen(body));
	}
	for (size_t i = 0; i < x->items.n; i++) {
		const struct item *item = &x->items.v[i];

		if (item->kind == ITEM_DEFINE)
			klp_paste_collect(paste, klp_extract__item_text(x, item),
					  item->to - item->from);
	}
}

static bool may_be_meant(struct extraction *x, const struct piece *p, struct klp_paste *paste)
{
	klp_map_init(&paste->parts, x->arena);
	paste->names = (struct klp_strs){};
	klp_paste_add(paste, p->name);
	for (size_t i = 0; i < x->items.n; i++) {
		const struct item *item = &x->items.v[i];

		if ((item->role == ROLE_COPY || item->role == ROLE_PATCH) &&
		    klp_paste_makes(paste, klp_extract__item_text(x, item), item->to - item->from))
			return true;
	}
	return false;
}

int klp_extract__fixed_settle(struct extraction *x)
{
	struct klp_paste paste = {};

	for (size_t i = 0; x->fixed && i < x->fixed->pieces.n; i++) {
		struct piece *p = x->fixed->pieces.v[i];

		if (!is_overlooked(p))
			continue;
		if (!paste.arena) {
			klp_paste_init(x->arena, &paste);
			collect(x, &paste);
		}
		if (may_be_meant(x, p, &paste) && klp_extract__fixed_need(x, p, NULL) < 0)
			return x->err->code;
	}
	return 0;
}

/* ---- old functions ---------------------------------------------------------------------- */

/* A call by name; the member or the label of that name is something else. */
static bool is_call(const struct klp_ctoks *toks, uint32_t i)
{
	return toks->v.v[i].kind == KLP_TOK_IDENT && i + 1 < toks->v.n &&
	       klp_tok_is(&toks->v.v[i + 1], "(") &&
	       !(i && (klp_tok_is(&toks->v.v[i - 1], ".") || klp_tok_is(&toks->v.v[i - 1], "->")));
}

static void calls_stale(struct extraction *x, const char *function, const struct klp_ctok *tok)
{
	struct klp_finding *f = klp_finding_add(
		x->arena, x->findings, KLP_ERROR, "KLP-HEADER-STALE",
		"the text of '%s' uses '%.*s' as the kernel's headers have it, without the fix",
		function, (int)tok->len, tok->p);

	f->symbol = function;
	f->file = x->unit->source;
	f->hint = "something that could not be renamed leads there, a macro that pastes the name "
		  "for one: write the use out in the fix, under another name";
}

/* The old functions themselves call old ones, and so do those of headers that use them. */
static void look_for_stale(struct extraction *x, const struct klp_ctoks *toks,
			   const struct klp_cdecls *cdecls)
{
	const struct klp_map *renamed = &x->fixed->renamed;

	for (size_t i = 0; i < cdecls->n; i++) {
		const struct klp_cdecl *d = &cdecls->v[i];
		const struct klp_ctok *found = NULL;

		if (d->kind != KLP_CDECL_FUNCTION || klp_map_get(renamed, d->name))
			continue;
		for (uint32_t k = d->body; k < d->first + d->n && !found; k++)
			if (is_call(toks, k) &&
			    klp_map_getn(renamed, toks->v.v[k].p, toks->v.v[k].len))
				found = &toks->v.v[k];
		if (found)
			calls_stale(x, d->name, found);
	}
}

int klp_extract__fixed_check(struct extraction *x, const struct klp_plan_source *source)
{
	struct klp_cc_job job = {
		.unit = x->unit,
		.mode = KLP_CC_PREPROCESS_NEUTRAL,
		.source = source->path,
	};
	struct klp_proc_result result;
	struct klp_cdecls cdecls = {};
	struct klp_ctoks toks = {};

	/* a text that doesn't compile has been said */
	if (!x->fixed || !x->fixed->renamed.n || !source->object)
		return 0;
	if (klp_cc_tokens(x->arena, &job, source->file, &toks, &cdecls, &result, x->err) < 0)
		return x->err->code;
	if (!result.status)
		look_for_stale(x, &toks, &cdecls);
	return 0;
}
