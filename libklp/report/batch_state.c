// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <string.h>

#include "base/file.h"
#include "base/map.h"
#include "report/batch.h"
#include "report/json.h"

#define STATE_VERSION 1
#define TABLE_VERSION 1
#define MAX_STATE     ((size_t)64 << 20)
#define MAX_REPORT    ((size_t)64 << 20)

static json_t *load(struct klp_arena *arena, const char *path, size_t max, const char **ret_sum)
{
	struct klp_error ignored = {};
	char *data;
	size_t len;

	if (klp_file_read(arena, path, max, &data, &len, &ignored) < 0)
		return NULL;
	if (ret_sum)
		*ret_sum = klp_sprintf(arena, "%016" PRIx64, klp_fnv1a(data, len));
	return json_loadb(data, len, JSON_REJECT_DUPLICATES, NULL);
}

static const char *str(struct klp_arena *arena, const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? klp_strdup(arena, s) : NULL;
}

void klp_batch_state_read(struct klp_arena *arena, const char *path, struct klp_batch_pasts *ret)
{
	KLP_CLEANUP_JSON json_t *root = load(arena, path, MAX_STATE, NULL);
	const json_t *jobs = json_object_get(root, "jobs");

	if (json_integer_value(json_object_get(root, "version")) != STATE_VERSION)
		return;
	for (size_t i = 0; i < json_array_size(jobs); i++) {
		const json_t *o = json_array_get(jobs, i);
		struct klp_batch_past past = {
			.id = str(arena, o, "job"),
			.sum = str(arena, o, "sum"),
			.report = str(arena, o, "report"),
			.seconds = (double)json_integer_value(json_object_get(o, "ms")) / 1e3,
		};

		if (past.id && past.sum)
			klp_vec_push(arena, ret, past);
	}
}

static json_t *ms_json(double seconds)
{
	return json_integer((json_int_t)(seconds * 1e3 + 0.5));
}

char *klp_batch_state_json(struct klp_arena *arena, const struct klp_batch_pasts *pasts)
{
	KLP_CLEANUP_JSON json_t *root = json_object();
	json_t *jobs = json_array();

	for (size_t i = 0; i < pasts->n; i++) {
		const struct klp_batch_past *past = &pasts->v[i];
		json_t *o = json_object();

		klp__json_set(o, "job", klp__json_str(past->id));
		klp__json_set(o, "sum", klp__json_str(past->sum));
		klp__json_set(o, "report", klp__json_str(past->report));
		klp__json_set(o, "ms", ms_json(past->seconds));
		klp__json_push(jobs, o);
	}
	klp__json_set(root, "version", json_integer(STATE_VERSION));
	klp__json_set(root, "jobs", jobs);
	return klp__json_text(arena, root);
}

static enum klp_batch_result result_of(const char *name)
{
	static const enum klp_batch_result results[] = { KLP_BATCH_MODULE, KLP_BATCH_STOPPED,
							 KLP_BATCH_NOTHING_TO_DO,
							 KLP_BATCH_REFUSED };

	for (size_t i = 0; name && i < sizeof(results) / sizeof(*results); i++)
		if (!strcmp(name, klp_batch_result_name(results[i])))
			return results[i];
	return KLP_BATCH_NONE;
}

static void count_findings(struct klp_arena *arena, const json_t *findings,
			   struct klp_batch_row *row)
{
	for (size_t i = 0; i < json_array_size(findings); i++) {
		const json_t *o = json_array_get(findings, i);
		const char *severity = json_string_value(json_object_get(o, "severity"));

		row->warnings += severity && !strcmp(severity, "warning");
		if (!severity || strcmp(severity, "error") != 0 || row->errors++)
			continue;
		row->why = (struct klp_batch_why){
			.code = str(arena, o, "code"),
			.file = str(arena, o, "file"),
			.line = (unsigned int)json_integer_value(json_object_get(o, "line")),
			.text = str(arena, o, "message"),
			.hint = str(arena, o, "hint"),
		};
	}
}

void klp_batch_report_read(struct klp_arena *arena, const char *path, struct klp_batch_row *row,
			   const char **ret_sum)
{
	KLP_CLEANUP_JSON json_t *root = load(arena, path, MAX_REPORT, ret_sum);

	row->result = result_of(json_string_value(json_object_get(root, "result")));
	row->patched = (unsigned int)json_array_size(json_object_get(root, "patch"));
	count_findings(arena, json_object_get(root, "findings"), row);
}

static json_t *why_json(const struct klp_batch_why *why)
{
	json_t *o;

	if (!why->text)
		return json_null();
	o = json_object();
	klp__json_set(o, "code", klp__json_str(why->code));
	klp__json_set(o, "file", klp__json_str(why->file));
	klp__json_set(o, "line", json_integer(why->line));
	klp__json_set(o, "message", klp__json_str(why->text));
	klp__json_set(o, "hint", klp__json_str(why->hint));
	return o;
}

char *klp_batch_json(struct klp_arena *arena, const struct klp_batch_rows *rows)
{
	KLP_CLEANUP_JSON json_t *root = json_object();
	json_t *jobs = json_array();

	for (size_t i = 0; i < rows->n; i++) {
		const struct klp_batch_row *row = &rows->v[i];
		json_t *o = json_object();

		klp__json_set(o, "job", klp__json_str(row->id));
		klp__json_set(o, "result", klp__json_str(klp_batch_result_name(row->result)));
		klp__json_set(o, "before", json_boolean(row->before));
		klp__json_set(o, "patched", json_integer(row->patched));
		klp__json_set(o, "warnings", json_integer(row->warnings));
		klp__json_set(o, "errors", json_integer(row->errors));
		klp__json_set(o, "ms", ms_json(row->seconds));
		klp__json_set(o, "why", why_json(&row->why));
		klp__json_set(o, "log", klp__json_str(row->log));
		klp__json_push(jobs, o);
	}
	klp__json_set(root, "version", json_integer(TABLE_VERSION));
	klp__json_set(root, "jobs", jobs);
	return klp__json_text(arena, root);
}
