// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "parsers/ipa.h"
#include "prove/private.h"

void klp_prove__names(struct klp_arena *arena, const struct klp_plan *plan,
		      struct klp_prove_names *ret)
{
	klp_map_init(&ret->symbols, arena);
	klp_map_init(&ret->words, arena);
	klp_map_init(&ret->pointers, arena);
	for (size_t i = 0; i < plan->sources.n; i++)
		for (size_t k = 0; k < plan->sources.v[i].links.n; k++) {
			const struct klp_link *l = &plan->sources.v[i].links.v[k];

			klp_map_put(&ret->symbols, l->link, klp_strdup(arena, l->symbol));
			klp_map_put(&ret->words, l->link, klp_strdup(arena, l->word));
			if (l->pointer)
				klp_map_put(&ret->pointers, l->link, klp_strdup(arena, l->word));
		}
	for (size_t i = 0; i < plan->funcs.n; i++) {
		const struct klp_plan_func *f = &plan->funcs.v[i];

		klp_map_put(&ret->symbols, f->new_name, klp_strdup(arena, f->old_name));
		klp_map_put(&ret->words, f->new_name, klp_strdup(arena, f->old_name));
	}
}

const char *klp_prove__original(const struct klp_prove_names *names, const char *symbol)
{
	size_t n = klp_ipa_base_len(symbol);
	const char *name = klp_map_get(&names->symbols, symbol);

	if (name)
		return name;
	name = klp_map_getn(&names->symbols, symbol, n);
	/* "klpp_foo.isra.0": a clone keeps what it is called by */
	return name && !symbol[n] ? name : symbol;
}
