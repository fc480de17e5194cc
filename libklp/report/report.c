// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/report.h"

#include "base/file.h"
#include "report/json.h"

#define REPORT_VERSION 1
/* A report.json is looked into only to see that it is ours. */
#define MAX_REPORT ((size_t)64 << 20)

static json_t *uint_json(unsigned int value)
{
	return json_integer((json_int_t)value);
}

static json_t *changed(const struct klp_changes *changes)
{
	json_t *array = json_array();

	for (size_t i = 0; i < changes->n; i++) {
		const struct klp_change *c = &changes->v[i];
		json_t *o = json_object();

		klp__json_set(o, "function", klp__json_str(c->function));
		klp__json_set(o, "file", klp__json_str(c->file));
		klp__json_set(o, "line", uint_json(c->line));
		klp__json_set(o, "kind", klp__json_str(klp_change_kind_name(c->kind)));
		klp__json_set(o, "unit", klp__json_str(c->unit ? c->unit->object : NULL));
		klp__json_push(array, o);
	}
	return array;
}

static json_t *reasons(const struct klp_reasons *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->n; i++) {
		json_t *o = json_object();

		klp__json_set(o, "kind", klp__json_str(klp_reason_kind_name(list->v[i].kind)));
		klp__json_set(o, "of", klp__json_str(list->v[i].of));
		klp__json_set(o, "evidence", klp__json_str(list->v[i].evidence));
		klp__json_push(array, o);
	}
	return array;
}

static json_t *patch(const struct klp_patched_vec *patched)
{
	json_t *array = json_array();

	for (size_t i = 0; i < patched->n; i++) {
		const struct klp_patched *p = &patched->v[i];
		json_t *o = json_object();

		klp__json_set(o, "object", klp__json_str(p->object));
		klp__json_set(o, "symbol", klp__json_str(p->symbol));
		klp__json_set(o, "sympos", uint_json(p->sympos));
		klp__json_set(o, "file", klp__json_str(p->file));
		klp__json_set(o, "line", uint_json(p->line));
		klp__json_set(o, "reasons", reasons(&p->reasons));
		klp__json_set(o, "unit", klp__json_str(p->unit ? p->unit->object : NULL));
		klp__json_push(array, o);
	}
	return array;
}

static json_t *copied(const struct klp_copied_vec *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->n; i++) {
		const struct klp_copied *c = &list->v[i];
		json_t *o = json_object();

		klp__json_set(o, "symbol", klp__json_str(c->symbol));
		klp__json_set(o, "file", klp__json_str(c->file));
		klp__json_set(o, "reason", klp__json_str(klp_copy_reason_name(c->reason)));
		klp__json_set(o, "needed_by", klp__json_str(c->needed_by));
		klp__json_set(o, "unit", klp__json_str(c->unit ? c->unit->object : NULL));
		klp__json_push(array, o);
	}
	return array;
}

static json_t *externs(const struct klp_symrefs *refs)
{
	json_t *array = json_array();

	for (size_t i = 0; i < refs->n; i++) {
		const struct klp_symref *r = &refs->v[i];
		json_t *o = json_object();

		klp__json_set(o, "object", klp__json_str(r->object));
		klp__json_set(o, "symbol", klp__json_str(r->symbol));
		klp__json_set(o, "sympos", uint_json(r->sympos));
		klp__json_set(o, "needed_by", klp__json_str(r->needed_by));
		klp__json_set(o, "how", klp__json_str(klp_symref_how_name(r->how)));
		klp__json_push(array, o);
	}
	return array;
}

json_t *klp__json_findings(const struct klp_findings *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->n; i++) {
		const struct klp_finding *f = &list->v[i];
		json_t *o = json_object();

		klp__json_set(o, "code", klp__json_str(f->code));
		klp__json_set(o, "severity", klp__json_str(klp_severity_name(f->severity)));
		klp__json_set(o, "symbol", klp__json_str(f->symbol));
		klp__json_set(o, "file", klp__json_str(f->file));
		klp__json_set(o, "line", uint_json(f->line));
		klp__json_set(o, "message", klp__json_str(f->message));
		klp__json_set(o, "hint", klp__json_str(f->hint));
		if (f->accepted)
			klp__json_set(o, "accepted", klp__json_str(f->accepted));
		if (f->kernel)
			klp__json_set(o, "kernel", klp__json_str(f->kernel));
		klp__json_push(array, o);
	}
	return array;
}

static json_t *fidelity(const struct klp_fidelities *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->n; i++) {
		const struct klp_fidelity *f = &list->v[i];
		json_t *o = json_object();

		klp__json_set(o, "function", klp__json_str(f->function));
		klp__json_set(o, "unit", klp__json_str(f->unit->object));
		klp__json_set(o, "isolated", klp__json_str(f->isolated ? "identical" : "differs"));
		klp__json_set(o, "as_built", klp__json_str(klp_as_built_name(f->as_built)));
		klp__json_set(o, "tokens", klp__json_str(f->tokens ? "identical" : "differs"));
		klp__json_set(o, "why", klp__json_str(f->why));
		klp__json_push(array, o);
	}
	return array;
}

static json_t *policy(const struct klp_decisions *decisions)
{
	json_t *array = json_array();

	for (size_t i = 0; i < decisions->n; i++) {
		const struct klp_decision *d = &decisions->v[i];
		json_t *o = json_object();

		klp__json_set(o, "rule", klp__json_str(d->rule));
		klp__json_set(o, "line", uint_json(d->line));
		klp__json_set(o, "reason", klp__json_str(d->reason));
		klp__json_set(o, "used", json_boolean(d->used));
		klp__json_set(o, "inherited", json_boolean(d->inherited));
		klp__json_push(array, o);
	}
	return array;
}

static json_t *shadows(const struct klp_shadows *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->n; i++) {
		json_t *o = json_object();

		klp__json_set(o, "member", klp__json_str(list->v[i].member));
		klp__json_set(o, "declaration", klp__json_str(list->v[i].declaration));
		klp__json_set(o, "id", klp__json_str(list->v[i].id));
		klp__json_set(o, "header", klp__json_str(list->v[i].header));
		klp__json_push(array, o);
	}
	return array;
}

/* compiled_units is 0 when no unit was compiled before and after the fix. */
static json_t *proof(const struct klp_report *report)
{
	const struct klp_proof *p = &report->closure.proof;
	json_t *o = json_object();

	klp__json_set(o, "compiled_units", json_integer(p->compiled_units));
	klp__json_set(o, "changed_in_object", klp__json_strs(&p->changed_in_object));
	klp__json_set(o, "outside_patch_set", klp__json_strs(&p->outside_patch_set));
	klp__json_set(o, "fidelity", fidelity(&report->fidelity));
	return o;
}

static json_t *timing(const struct klp_report *report)
{
	json_t *o = json_object();

	for (int i = 0; i <= (int)report->last; i++)
		klp__json_set(o, klp_stage_name((enum klp_stage)i),
			      json_integer((json_int_t)(report->ms[i] + 0.5)));
	return o;
}

static const char *result(const struct klp_report *report)
{
	if (report->refused)
		return "refused";
	if (report->nothing_to_do)
		return "nothing-to-do";
	return report->module ? "module" : "stopped";
}

char *klp_report_json(struct klp_arena *arena, const struct klp_report *report)
{
	KLP_CLEANUP_JSON json_t *o = json_object();

	klp__json_set(o, "version", json_integer(REPORT_VERSION));
	klp__json_set(o, "name", klp__json_str(report->name));
	klp__json_set(o, "result", klp__json_str(result(report)));
	klp__json_set(o, "stage", klp__json_str(klp_stage_name(report->last)));
	/* a name in the output directory: where that lies is the machine's affair */
	klp__json_set(o, "module",
		      klp__json_str(report->module ? klp_path_base(report->module) : NULL));
	klp__json_set(o, "changed", changed(&report->changed));
	klp__json_set(o, "patch", patch(&report->closure.patch));
	klp__json_set(o, "copied", copied(&report->closure.copied));
	klp__json_set(o, "externs", externs(&report->plan.refs));
	if (report->decisions.n) {
		klp__json_set(o, "policy", policy(&report->decisions));
		klp__json_set(o, "left_out", patch(&report->closure.left_out));
	}
	if (report->shadows.n)
		klp__json_set(o, "shadows", shadows(&report->shadows));
	klp__json_set(o, "findings", klp__json_findings(&report->findings));
	klp__json_set(o, "proof", proof(report));
	klp__json_set(o, "upgrade",
		      report->upgrade ? klp__json_upgrade(report->upgrade) : json_null());
	klp__json_set(o, "timing_ms", timing(report));
	return klp__json_text(arena, o);
}

char *klp_report_callers_json(struct klp_arena *arena, const struct klp_report *report)
{
	KLP_CLEANUP_JSON json_t *o = json_object();

	klp__json_set(o, "version", json_integer(REPORT_VERSION));
	klp__json_set(o, "name", klp__json_str(report->name));
	klp__json_set(o, "changed", changed(&report->changed));
	klp__json_set(o, "patch", patch(&report->closure.patch));
	klp__json_set(o, "copied", copied(&report->closure.copied));
	klp__json_set(o, "findings", klp__json_findings(&report->findings));
	return klp__json_text(arena, o);
}

/* Which parts of the report a stage makes or completes. */
enum { PART_CHANGED = 1, PART_PATCH = 2, PART_COPIED = 4, PART_EXTERNS = 8, PART_PROOF = 16 };

static const unsigned int stage_parts[KLP_NSTAGES] = {
	[KLP_STAGE_DETECT] = PART_CHANGED,
	[KLP_STAGE_CLOSURE] = PART_PATCH | PART_COPIED,
	[KLP_STAGE_CHECK] = PART_PATCH | PART_COPIED,
	[KLP_STAGE_EXTRACT] = PART_COPIED | PART_EXTERNS | PART_PROOF,
	[KLP_STAGE_VERIFY] = PART_PROOF,
};

char *klp_report_stage_json(struct klp_arena *arena, const struct klp_report *report,
			    enum klp_stage stage)
{
	KLP_CLEANUP_JSON json_t *o = json_object();
	unsigned int parts = stage_parts[stage];

	klp__json_set(o, "version", json_integer(REPORT_VERSION));
	klp__json_set(o, "name", klp__json_str(report->name));
	klp__json_set(o, "stage", klp__json_str(klp_stage_name(stage)));
	if (parts & PART_CHANGED)
		klp__json_set(o, "changed", changed(&report->changed));
	if (parts & PART_PATCH)
		klp__json_set(o, "patch", patch(&report->closure.patch));
	if (parts & PART_PATCH && report->decisions.n)
		klp__json_set(o, "left_out", patch(&report->closure.left_out));
	if (parts & PART_COPIED)
		klp__json_set(o, "copied", copied(&report->closure.copied));
	if (parts & PART_EXTERNS)
		klp__json_set(o, "externs", externs(&report->plan.refs));
	klp__json_set(o, "findings", klp__json_findings(&report->findings));
	if (parts & PART_PROOF)
		klp__json_set(o, "proof", proof(report));
	return klp__json_text(arena, o);
}

char *klp_findings_json(struct klp_arena *arena, const struct klp_findings *list)
{
	KLP_CLEANUP_JSON json_t *o = json_object();

	klp__json_set(o, "findings", klp__json_findings(list));
	return klp__json_text(arena, o);
}

int klp_report_read_changed(struct klp_arena *arena, const char *path, struct klp_changes *ret,
			    struct klp_error *err)
{
	KLP_CLEANUP_MAPPED struct klp_mapped mapped = {};
	KLP_CLEANUP_JSON json_t *json = NULL;
	const json_t *array;

	if (klp_mapped_open(path, &mapped, err) < 0)
		return err->code;
	if (mapped.data && mapped.len <= MAX_REPORT)
		json = json_loadb(mapped.data, mapped.len, 0, NULL);
	array = json_object_get(json, "changed");
	if (!json_is_array(array)) {
		klp_error_set(err, KLP_EINPUT, "no report of klp-prep");
		klp_error_at(err, path, 0, 0);
		return klp_error_hint(err, "give the report.json that klp-prep wrote");
	}
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *o = json_array_get(array, i);
		const char *function = json_string_value(json_object_get(o, "function"));
		const char *file = json_string_value(json_object_get(o, "file"));

		if (function && file)
			klp_vec_push(arena, ret,
				     ((struct klp_change){ .function = klp_strdup(arena, function),
							   .file = klp_strdup(arena, file) }));
	}
	return 0;
}

bool klp_report_is_ours(const char *path)
{
	KLP_CLEANUP_MAPPED struct klp_mapped mapped = {};
	KLP_CLEANUP_JSON json_t *json = NULL;
	struct klp_error ignored = {};

	if (klp_mapped_open(path, &mapped, &ignored) < 0 || !mapped.data || mapped.len > MAX_REPORT)
		return false;
	json = json_loadb(mapped.data, mapped.len, 0, NULL);
	return json_is_integer(json_object_get(json, "version")) &&
	       json_is_string(json_object_get(json, "name"));
}
