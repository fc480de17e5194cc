// SPDX-License-Identifier: GPL-2.0-or-later
#include "parsers/ipa.h"
#include "prove/private.h"

/* What `name` refers to, by the original's names. */
static void referred(struct klp_arena *arena, const struct klp_prove_code *code, const char *name,
		     const struct klp_prove_names *names, struct klp_strs *ret)
{
	for (size_t i = 0; i < code->refs.n; i++) {
		const struct klp_ref *r = &code->refs.v[i];
		const char *from, *to;

		if (!r->from || !r->to || !r->code || !r->to->name[0])
			continue;
		from = names ? klp_prove__original(names, r->from->name) : r->from->name;
		to = names ? klp_prove__original(names, r->to->name) : r->to->name;
		if (!strcmp(from, name) && strcmp(to, name))
			klp_strs_add(arena, ret, to);
	}
}

/* The same, or another clone of the same function, or NULL. Numbers are the compiler's. */
static const char *kin_of(const struct klp_strs *list, const char *symbol)
{
	size_t n = strcspn(symbol, ".");

	for (size_t i = 0; i < list->n; i++)
		if (strcspn(list->v[i], ".") == n && !strncmp(list->v[i], symbol, n))
			return list->v[i];
	return NULL;
}

static bool is_clone(const char *symbol)
{
	return klp_ipa_base_len(symbol) < strlen(symbol);
}

/* One that is in `list` and not in `other`: a function, or what is none. */
static const char *only_in(const struct klp_strs *list, const struct klp_strs *other,
			   const struct klp_symtab *whole, bool function)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct klp_sym *sym = klp_symtab_get(whole, list->v[i]);

		if (function == (!sym || sym->type != STT_OBJECT) && !kin_of(other, list->v[i]))
			return list->v[i];
	}
	return NULL;
}

const char *klp_prove__explain(struct klp_arena *arena, const char *name,
			       const struct klp_prove_code *whole,
			       const struct klp_prove_code *excerpt,
			       const struct klp_prove_names *names)
{
	struct klp_strs before = {}, now = {};
	const char *other;

	referred(arena, whole, name, NULL, &before);
	referred(arena, excerpt, name, names, &now);
	for (size_t i = 0; i < now.n; i++) {
		const char *kin = kin_of(&before, now.v[i]);

		if (kin && is_clone(kin) && !is_clone(now.v[i]))
			return klp_sprintf(arena, "calls '%s', the original its clone '%s'",
					   now.v[i], kin);
	}
	for (int function = 1; function >= 0; function--) {
		other = only_in(&now, &before, &whole->symtab, function);
		if (other)
			return klp_sprintf(arena, "refers to '%s', which the original %s", other,
					   function ? "has inlined" : "knows the content of");
		other = only_in(&before, &now, &whole->symtab, function);
		if (other)
			return klp_sprintf(arena, "the original refers to '%s', %s", other,
					   function ? "which is inlined here"
						    : "the content of which is known here");
	}
	return NULL;
}
