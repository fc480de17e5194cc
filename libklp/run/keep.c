// SPDX-License-Identifier: GPL-2.0-or-later
/* What --keep keeps of each stage. */
#include <string.h>

#include "base/file.h"
#include "report/report.h"
#include "run/private.h"

/* Before they are a module: what doesn't compile never becomes one. */
static int keep_texts(struct klp_run *r)
{
	const char *dir = klp_path_join(r->arena, r->opts->keep, "extracted");
	const struct klp_plan *plan = &r->report->plan;

	if (plan->sources.n && klp_mkdirs(dir, r->err) < 0)
		return r->err->code;
	for (size_t i = 0; i < plan->sources.n; i++) {
		const struct klp_plan_source *s = &plan->sources.v[i];

		if (klp_file_write(klp_path_join(r->arena, dir, s->file), s->text, strlen(s->text),
				   r->err) < 0)
			return r->err->code;
	}
	return 0;
}

/* What a human wants to see of a stage besides its JSON. */
static int keep_files(struct klp_run *r, enum klp_stage stage)
{
	const char *log = klp__run_workdir(r, "build/build.log");
	char *to;

	if (stage == KLP_STAGE_EXTRACT)
		return keep_texts(r);
	if (stage == KLP_STAGE_RENDER)
		return klp__copy_files(r->arena, r->rendered,
				       klp_path_join(r->arena, r->opts->keep, "module"), r->err);
	if (stage != KLP_STAGE_BUILD)
		return 0;
	if (klp_file_copy(log, klp_path_join(r->arena, r->opts->keep, "build.log"), r->err) < 0)
		return r->err->code;
	to = klp_sprintf(r->arena, "%s/%s.plain.ko", r->opts->keep, r->report->name);
	return r->plain ? klp_file_copy(r->plain, to, r->err) : 0;
}

int klp__keep(struct klp_run *r, enum klp_stage stage)
{
	char *path, *json;

	if (!r->opts->keep)
		return 0;
	path = klp_sprintf(r->arena, "%s/%d-%s.json", r->opts->keep, (int)stage + 1,
			   klp_stage_name(stage));
	json = klp_report_stage_json(r->arena, r->report, stage);
	if (klp_file_write(path, json, strlen(json), r->err) < 0)
		return r->err->code;
	return keep_files(r, stage);
}
