// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "base/file.h"
#include "report/report.h"
#include "run/private.h"

int klp__plan_write(struct klp_run *r)
{
	const char *json = klp_plan_json(r->arena, &r->report->plan);

	return klp_file_write(klp_sprintf(r->arena, "%s/%s.plan.json", r->rendered,
					  r->report->plan.name),
			      json, strlen(json), r->err);
}

int klp__plan_annotated(struct klp_run *r, const struct klp_symrefs *annotated)
{
	struct klp_plan *plan = &r->report->plan;

	if (!annotated->n)
		return 0;
	if (klp_plan_has(plan, KLP_HOW_KALLSYMS)) {
		klp_error_set(r->err, KLP_EINPUT,
			      "'%s' refers to '%s' of '%s' by an asm label, and with --externs "
			      "kallsyms nothing resolves that",
			      annotated->v[0].needed_by, annotated->v[0].symbol,
			      annotated->v[0].object);
		return klp_error_hint(r->err,
				      "leave out --externs kallsyms, or use in the callbacks "
				      "what is exported alone");
	}
	for (size_t i = 0; i < annotated->n; i++)
		klp_vec_push(r->arena, &plan->refs, annotated->v[i]);
	klp_plan_sort_refs(plan);
	return klp__plan_write(r);
}
