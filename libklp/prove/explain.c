// SPDX-License-Identifier: GPL-2.0-or-later
#include "parsers/ipa.h"
#include "prove/private.h"

/* The functions that `name` refers to, by the original's names. */
static void called(struct klp_arena *arena, const struct klp_prove_code *code, const char *name,
		   const struct klp_prove_names *names, struct klp_strs *ret)
{
	for (size_t i = 0; i < code->refs.n; i++) {
		const struct klp_ref *r = &code->refs.v[i];
		const char *from, *to;

		if (!r->from || !r->to || !r->code || r->to->type == STT_OBJECT)
			continue;
		from = names ? klp_prove__original(names, r->from->name) : r->from->name;
		to = names ? klp_prove__original(names, r->to->name) : r->to->name;
		if (!strcmp(from, name) && strcmp(to, name))
			klp_strs_add(arena, ret, to);
	}
}

/* Another clone of the same function among them, or NULL. */
static const char *kin_of(const struct klp_strs *list, const char *symbol)
{
	size_t n = klp_ipa_base_len(symbol);

	for (size_t i = 0; i < list->n; i++)
		if (klp_ipa_base_len(list->v[i]) == n && !strncmp(list->v[i], symbol, n))
			return list->v[i];
	return NULL;
}

const char *klp_prove__explain(struct klp_arena *arena, const char *name,
			       const struct klp_prove_code *whole,
			       const struct klp_prove_code *excerpt,
			       const struct klp_prove_names *names)
{
	struct klp_strs before = {}, now = {};

	called(arena, whole, name, NULL, &before);
	called(arena, excerpt, name, names, &now);
	for (size_t i = 0; i < now.n; i++) {
		const char *kin = kin_of(&before, now.v[i]);

		if (kin && strcmp(kin, now.v[i]) != 0)
			return klp_sprintf(arena, "calls '%s', the original its clone '%s'",
					   now.v[i], kin);
		if (!kin)
			return klp_sprintf(arena, "refers to '%s', which the original doesn't: "
					   "there it is inlined, or known",
					   now.v[i]);
	}
	for (size_t i = 0; i < before.n; i++)
		if (!kin_of(&now, before.v[i]))
			return klp_sprintf(arena, "the original refers to '%s', which is inlined here",
					   before.v[i]);
	return NULL;
}
