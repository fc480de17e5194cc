// SPDX-License-Identifier: GPL-2.0-or-later
#include "tu/values.h"

#include <string.h>

#include "parsers/cenum.h"

struct values {
	struct klp_arena *arena;
	const struct klp_view *before, *after;
	struct klp_map *names;
};

KLP_VEC(decl_list, const struct klp_cdecl *);

static bool says(const struct klp_view *view, const struct klp_cdecl *d, const char *word)
{
	for (uint32_t i = 0; i < d->n; i++)
		if (klp_tok_is(&view->toks.v.v[d->first + i], word))
			return true;
	return false;
}

bool klp_view_is_enum(const struct klp_view *view, const struct klp_cdecl *d)
{
	const struct klp_ctok *v = &view->toks.v.v[d->at];
	uint32_t end = d->first + d->n;

	if (d->kind != KLP_CDECL_TYPE && d->kind != KLP_CDECL_TYPEDEF)
		return false;
	if (d->kind == KLP_CDECL_TYPEDEF && d->at + 1 < end)
		v++;
	return klp_tok_is(v, "enum") && says(view, d, "{");
}

bool klp_view_is_constant(const struct klp_view *view, const struct klp_cdecl *d)
{
	return d->kind == KLP_CDECL_VARIABLE && !d->section && says(view, d, "static") &&
	       says(view, d, "const") && says(view, d, "=");
}

/*
 * A header's, which no unit is compiled from alone. Who uses one of the unit's own is found by
 * comparing machine code, more exactly.
 */
static bool is_header_constant(struct klp_arena *arena, const struct klp_view *view,
			       const struct klp_cdecl *d)
{
	return klp_view_is_constant(view, d) && !klp_view_owns(view, klp_view_file(arena, view, d));
}

static void hashes_of(struct klp_arena *arena, const struct klp_view *view, struct klp_map *ret)
{
	klp_map_init(ret, arena);
	klp_map_reserve(ret, view->cdecls.n);
	for (size_t i = 0; i < view->cdecls.n; i++) {
		const struct klp_cdecl *d = &view->cdecls.v[i];

		if (d->kind != KLP_CDECL_FUNCTION)
			klp_map_putn(ret, (const char *)&d->hash, sizeof(d->hash), (void *)d);
	}
}

/* Enums and constants that the other version doesn't have in the same words. */
static void only_in(struct klp_arena *arena, const struct klp_view *view,
		    const struct klp_view *other, struct decl_list *ret)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	struct klp_map hashes;

	hashes_of(scratch, other, &hashes);
	for (size_t i = 0; i < view->cdecls.n; i++) {
		const struct klp_cdecl *d = &view->cdecls.v[i];

		if ((klp_view_is_enum(view, d) || is_header_constant(arena, view, d)) &&
		    !klp_map_getn(&hashes, (const char *)&d->hash, sizeof(d->hash)))
			klp_vec_push(arena, ret, d);
	}
}

static void enumerators(struct klp_arena *arena, const struct klp_view *view,
			const struct klp_cdecl *d, struct klp_enumerators *ret)
{
	klp_enumerators(arena, &view->toks.v.v[d->first], d->n, ret);
}

static void add(struct values *v, const char *name)
{
	klp_map_put(v->names, name, v);
}

static void all_enumerators(struct klp_arena *arena, const struct klp_view *view,
			    const struct decl_list *decls, struct klp_enumerators *ret)
{
	for (size_t i = 0; i < decls->n; i++)
		if (klp_view_is_enum(view, decls->v[i]))
			enumerators(arena, view, decls->v[i], ret);
}

static void differing_enumerators(struct values *v, const struct decl_list *old,
				  const struct decl_list *new)
{
	struct klp_enumerators before = {}, after = {};

	all_enumerators(v->arena, v->before, old, &before);
	all_enumerators(v->arena, v->after, new, &after);
	for (size_t i = 0; i < before.n; i++) {
		bool same = false;

		for (size_t k = 0; k < after.n && !same; k++)
			same = !strcmp(before.v[i].name, after.v[k].name) &&
			       before.v[i].value == after.v[k].value;
		if (!same)
			add(v, before.v[i].name);
	}
}

static void differing_constants(struct values *v, const struct decl_list *old,
				const struct decl_list *new)
{
	for (size_t i = 0; i < old->n; i++)
		for (size_t k = 0; klp_view_is_constant(v->before, old->v[i]) && k < new->n; k++)
			if (klp_view_is_constant(v->after, new->v[k]) &&
			    !strcmp(old->v[i]->name, new->v[k]->name))
				add(v, old->v[i]->name);
}

static bool mentions(const struct klp_view *view, uint32_t from, uint32_t to,
		     const struct klp_map *names)
{
	for (uint32_t i = from; i < to; i++) {
		const struct klp_ctok *tok = &view->toks.v.v[i];

		if (tok->kind == KLP_TOK_IDENT && klp_map_getn(names, tok->p, tok->len))
			return true;
	}
	return false;
}

/* `B = A + 1`: B and those that count on from it, when A means something else. */
static void derived_enumerators(struct values *v, const struct klp_cdecl *d)
{
	struct klp_enumerators list = {};
	bool moved = false;

	enumerators(v->arena, v->after, d, &list);
	for (size_t i = 0; i < list.n; i++) {
		const struct klp_enumerator *e = &list.v[i];

		if (e->init_n)
			moved = mentions(v->after, d->first + e->init,
					 d->first + e->init + e->init_n, v->names);
		if (moved)
			add(v, e->name);
	}
}

static void derived(struct values *v)
{
	for (size_t i = 0; i < v->after->cdecls.n; i++) {
		const struct klp_cdecl *d = &v->after->cdecls.v[i];

		if (klp_view_is_enum(v->after, d))
			derived_enumerators(v, d);
		else if (klp_view_is_constant(v->after, d) &&
			 klp_view_mentions(v->after, d, v->names) &&
			 is_header_constant(v->arena, v->after, d))
			add(v, d->name);
	}
}

void klp_view_values(struct klp_arena *arena, const struct klp_view *before,
		     const struct klp_view *after, struct klp_map *ret)
{
	struct values v = { arena, before, after, ret };
	struct decl_list old = {}, new = {};

	klp_map_init(ret, arena);
	only_in(arena, before, after, &old);
	only_in(arena, after, before, &new);
	differing_enumerators(&v, &old, &new);
	differing_constants(&v, &old, &new);
	for (size_t known = 0; known < ret->n;) {
		known = ret->n;
		derived(&v);
	}
}

bool klp_view_mentions(const struct klp_view *view, const struct klp_cdecl *d,
		       const struct klp_map *names)
{
	uint32_t from = d->first, end = d->first + d->n;

	if (!names->n)
		return false;
	/* what it is called isn't what it is made of */
	while (klp_view_is_constant(view, d) && from < end &&
	       !klp_tok_is(&view->toks.v.v[from], "="))
		from++;
	return mentions(view, from, end, names);
}
