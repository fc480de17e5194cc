/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Artifacts as JSON: the only home of jansson. Keys sorted as documented in
 * docs/architecture.md, no absolute path, no time of day; the same run gives the same bytes
 * but for timing_ms.
 */
#ifndef KLP_REPORT_REPORT_H
#define KLP_REPORT_REPORT_H

#include <stdbool.h>

#include "base/error.h"
#include "model/audit.h"
#include "model/report.h"

/* The whole report.json, ending in a newline. */
char *klp_report_json(struct klp_arena *arena, const struct klp_report *report);
/* The part of it that tells who must be patched: changed, patch, copied, findings. */
char *klp_report_callers_json(struct klp_arena *arena, const struct klp_report *report);
/*
 * What one stage made or completed, for --keep: "detect" gives `changed`, "extract" `copied`
 * and `externs`, and so on; with every finding so far. Written when the stage has just run.
 */
char *klp_report_stage_json(struct klp_arena *arena, const struct klp_report *report,
			    enum klp_stage stage);

/*
 * Function and file of what an earlier run's report.json has under `changed`; the rest of each
 * is empty.
 */
int klp_report_read_changed(struct klp_arena *arena, const char *path, struct klp_changes *ret,
			    struct klp_error *err);

/* The file is a report of ours, whatever its version: its directory may be replaced. */
bool klp_report_is_ours(const char *path);

/*
 * NAME.plan.json: what convert needs, to run it again by hand. Untrusted when read: what
 * klp_plan_read() returns has passed klp_plan_check() (model/plan_check.h). `text` and
 * `unit` of a source are not part of it.
 */
char *klp_plan_json(struct klp_arena *arena, const struct klp_plan *plan);
int klp_plan_read(struct klp_arena *arena, const char *path, struct klp_plan *ret,
		  struct klp_error *err);

/* What klp_audit() found, ending in a newline. */
char *klp_audit_json(struct klp_arena *arena, const struct klp_audit *audit);

/* Findings alone, for tools that answer with nothing else: {"findings": [...]}. */
char *klp_findings_json(struct klp_arena *arena, const struct klp_findings *findings);

#endif
