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

const char *klp_symref_how_name(enum klp_symref_how how)
{
	return how == KLP_HOW_EXPORT ? "export" : "klp-reloc";
}
