/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Artifacts as JSON: the only home of jansson. Keys sorted as documented in
 * docs/architecture.md, no absolute path, no time of day; the same run gives the same bytes
 * but for timing_ms.
 */
#ifndef KLP_REPORT_REPORT_H
#define KLP_REPORT_REPORT_H

#include "base/error.h"
#include "model/report.h"

/* The whole report.json, ending in a newline. */
char *klp_report_json(struct klp_arena *arena, const struct klp_report *report);
/* What one stage added to it, for --keep: "detect" gives `changed` and `findings`, ... */
char *klp_report_stage_json(struct klp_arena *arena, const struct klp_report *report,
			    enum klp_stage stage);

/* NAME.plan.json: what convert needs, to run it again by hand. Untrusted when read. */
char *klp_plan_json(struct klp_arena *arena, const struct klp_plan *plan);
int klp_plan_read(struct klp_arena *arena, const char *path, struct klp_plan *ret,
		  struct klp_error *err);

/* Findings alone, for tools that answer with nothing else: {"findings": [...]}. */
char *klp_findings_json(struct klp_arena *arena, const struct klp_findings *findings);

#endif
