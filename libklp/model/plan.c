// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/plan.h"

#include <string.h>

struct klp_symref *klp_plan_ref(const struct klp_plan *plan, const char *link_name)
{
	for (size_t i = 0; i < plan->refs.n; i++)
		if (!strcmp(plan->refs.v[i].link_name, link_name))
			return &plan->refs.v[i];
	return NULL;
}

struct klp_strs klp_plan_files(struct klp_arena *arena, const struct klp_plan *plan)
{
	struct klp_strs files = {};

	klp_vec_push(arena, &files, "Kbuild");
	klp_vec_push(arena, &files, "livepatch.c");
	if (plan->callbacks.n)
		klp_vec_push(arena, &files, "callbacks.h");
	for (size_t i = 0; i < plan->sources.n; i++)
		klp_vec_push(arena, &files, plan->sources.v[i].file);
	return files;
}

const char *klp_symref_how_name(enum klp_symref_how how)
{
	return how == KLP_HOW_EXPORT ? "export" : "klp-reloc";
}
