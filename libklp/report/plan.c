// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "base/file.h"
#include "model/plan_check.h"
#include "report/json.h"
#include "report/report.h"

#define PLAN_VERSION 1
#define MAX_PLAN     ((size_t)16 << 20)
/* Far beyond any livepatch: the largest published one has 90 references. */
#define MAX_ENTRIES 65536

static json_t *funcs_json(const struct klp_plan_funcs *funcs)
{
	json_t *array = json_array();

	for (size_t i = 0; i < funcs->n; i++) {
		const struct klp_plan_func *f = &funcs->v[i];
		json_t *o = json_object();

		klp__json_set(o, "object", klp__json_str(f->object));
		klp__json_set(o, "old_name", klp__json_str(f->old_name));
		klp__json_set(o, "sympos", json_integer((json_int_t)f->sympos));
		klp__json_set(o, "new_name", klp__json_str(f->new_name));
		klp__json_push(array, o);
	}
	return array;
}

static json_t *refs_json(const struct klp_symrefs *refs)
{
	json_t *array = json_array();

	for (size_t i = 0; i < refs->n; i++) {
		const struct klp_symref *r = &refs->v[i];
		json_t *o = json_object();

		klp__json_set(o, "link_name", klp__json_str(r->link_name));
		klp__json_set(o, "object", klp__json_str(r->object));
		klp__json_set(o, "symbol", klp__json_str(r->symbol));
		klp__json_set(o, "sympos", json_integer((json_int_t)r->sympos));
		klp__json_set(o, "section_object", klp__json_str(r->section_object));
		klp__json_set(o, "how", klp__json_str(klp_symref_how_name(r->how)));
		klp__json_set(o, "needed_by", klp__json_str(r->needed_by));
		klp__json_push(array, o);
	}
	return array;
}

static json_t *sources_json(const struct klp_plan_sources *sources)
{
	json_t *array = json_array();

	for (size_t i = 0; i < sources->n; i++) {
		const struct klp_plan_source *s = &sources->v[i];
		json_t *o = json_object();

		klp__json_set(o, "file", klp__json_str(s->file));
		klp__json_set(o, "cflags", klp__json_strs(&s->cflags));
		klp__json_set(o, "cflags_remove", klp__json_strs(&s->cflags_remove));
		klp__json_set(o, "as_is", json_boolean(s->as_is));
		klp__json_push(array, o);
	}
	return array;
}

static json_t *states_json(const struct klp_table_states *states)
{
	json_t *array = json_array();

	for (size_t i = 0; i < states->n; i++) {
		json_t *o = json_object();

		klp__json_set(o, "id", json_integer((json_int_t)states->v[i].id));
		klp__json_set(o, "version", json_integer((json_int_t)states->v[i].version));
		klp__json_push(array, o);
	}
	return array;
}

static json_t *callbacks_json(const struct klp_plan_callbacks_vec *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->n; i++) {
		json_t *o = json_object();

		klp__json_set(o, "object", klp__json_str(list->v[i].object));
		for (int k = 0; k < KLP_NCALLBACKS; k++)
			if (list->v[i].functions[k])
				klp__json_set(o, klp_callback_name((enum klp_callback)k),
					      klp__json_str(list->v[i].functions[k]));
		klp__json_push(array, o);
	}
	return array;
}

static json_t *written_json(const struct klp_plan_written *written)
{
	json_t *array = json_array();

	for (size_t i = 0; i < written->n; i++) {
		json_t *o = json_object();

		klp__json_set(o, "file", klp__json_str(written->v[i].file));
		klp__json_set(o, "sum", klp__json_str(written->v[i].sum));
		klp__json_push(array, o);
	}
	return array;
}

char *klp_plan_json(struct klp_arena *arena, const struct klp_plan *plan)
{
	KLP_CLEANUP_JSON json_t *o = json_object();

	klp__json_set(o, "version", json_integer(PLAN_VERSION));
	klp__json_set(o, "name", klp__json_str(plan->name));
	klp__json_set(o, "funcs", funcs_json(&plan->funcs));
	klp__json_set(o, "refs", refs_json(&plan->refs));
	klp__json_set(o, "sources", sources_json(&plan->sources));
	klp__json_set(o, "replace", json_boolean(!plan->no_replace));
	klp__json_set(o, "states", states_json(&plan->states));
	klp__json_set(o, "callbacks", callbacks_json(&plan->callbacks));
	klp__json_set(o, "fixes", klp__json_strs(&plan->fixes));
	klp__json_set(o, "written", written_json(&plan->written));
	return klp__json_text(arena, o);
}

/* Reading: one struct for what every getter needs. */
struct reader {
	struct klp_arena *arena;
	struct klp_error *err;
};

static int wrong(struct reader *rd, const char *where, const char *key, const char *wanted)
{
	return klp_error_set(rd->err, KLP_EINPUT, "plan: '%s' of %s is not %s", key, where, wanted);
}

static int get_str(struct reader *rd, const json_t *o, const char *where, const char *key,
		   const char **ret)
{
	const char *s = json_string_value(json_object_get(o, key));

	if (!s)
		return wrong(rd, where, key, "a string");
	*ret = klp_strdup(rd->arena, s);
	return 0;
}

static int get_sympos(struct reader *rd, const json_t *o, const char *where, unsigned int *ret)
{
	const json_t *v = json_object_get(o, "sympos");

	if (!json_is_integer(v) || json_integer_value(v) < 0 ||
	    json_integer_value(v) > KLP_MAX_SYMPOS)
		return wrong(rd, where, "sympos", "a position from 0 to 999");
	*ret = (unsigned int)json_integer_value(v);
	return 0;
}

static int get_how(struct reader *rd, const json_t *o, enum klp_symref_how *ret)
{
	static const enum klp_symref_how hows[] = { KLP_HOW_EXPORT, KLP_HOW_RELOC,
						    KLP_HOW_KALLSYMS };
	const char *s = json_string_value(json_object_get(o, "how"));

	for (size_t i = 0; s && i < sizeof(hows) / sizeof(*hows); i++) {
		if (strcmp(s, klp_symref_how_name(hows[i])))
			continue;
		*ret = hows[i];
		return 0;
	}
	return wrong(rd, "a reference", "how", "'export', 'klp-reloc' or 'kallsyms'");
}

static int get_array(struct reader *rd, const json_t *o, const char *where, const char *key,
		     const json_t **ret)
{
	const json_t *v = json_object_get(o, key);

	if (!json_is_array(v) || json_array_size(v) > MAX_ENTRIES)
		return wrong(rd, where, key, "a list of up to 65536 entries");
	*ret = v;
	return 0;
}

static int get_strs(struct reader *rd, const json_t *o, const char *where, const char *key,
		    struct klp_strs *ret)
{
	const json_t *array;

	if (get_array(rd, o, where, key, &array) < 0)
		return rd->err->code;
	for (size_t i = 0; i < json_array_size(array); i++) {
		const char *s = json_string_value(json_array_get(array, i));

		if (!s)
			return wrong(rd, where, key, "a list of strings");
		klp_vec_push(rd->arena, ret, klp_strdup(rd->arena, s));
	}
	return 0;
}

static int read_funcs(struct reader *rd, const json_t *root, struct klp_plan *plan)
{
	static const char where[] = "a function";
	const json_t *array;

	if (get_array(rd, root, "the plan", "funcs", &array) < 0)
		return rd->err->code;
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *o = json_array_get(array, i);
		struct klp_plan_func f = {};

		if (get_str(rd, o, where, "object", &f.object) < 0 ||
		    get_str(rd, o, where, "old_name", &f.old_name) < 0 ||
		    get_sympos(rd, o, where, &f.sympos) < 0 ||
		    get_str(rd, o, where, "new_name", &f.new_name) < 0)
			return rd->err->code;
		klp_vec_push(rd->arena, &plan->funcs, f);
	}
	return 0;
}

static int read_refs(struct reader *rd, const json_t *root, struct klp_plan *plan)
{
	static const char where[] = "a reference";
	const json_t *array;

	if (get_array(rd, root, "the plan", "refs", &array) < 0)
		return rd->err->code;
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *o = json_array_get(array, i);
		struct klp_symref r = {};

		if (get_str(rd, o, where, "link_name", &r.link_name) < 0 ||
		    get_str(rd, o, where, "object", &r.object) < 0 ||
		    get_str(rd, o, where, "symbol", &r.symbol) < 0 ||
		    get_sympos(rd, o, where, &r.sympos) < 0 ||
		    get_str(rd, o, where, "section_object", &r.section_object) < 0 ||
		    get_how(rd, o, &r.how) < 0)
			return rd->err->code;
		/* for messages only: may be null */
		if (!json_is_null(json_object_get(o, "needed_by")) &&
		    get_str(rd, o, where, "needed_by", &r.needed_by) < 0)
			return rd->err->code;
		klp_vec_push(rd->arena, &plan->refs, r);
	}
	return 0;
}

static int read_sources(struct reader *rd, const json_t *root, struct klp_plan *plan)
{
	static const char where[] = "a source";
	const json_t *array;

	if (get_array(rd, root, "the plan", "sources", &array) < 0)
		return rd->err->code;
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *o = json_array_get(array, i);
		struct klp_plan_source s = {};

		if (get_str(rd, o, where, "file", &s.file) < 0 ||
		    get_strs(rd, o, where, "cflags", &s.cflags) < 0 ||
		    get_strs(rd, o, where, "cflags_remove", &s.cflags_remove) < 0)
			return rd->err->code;
		s.as_is = json_is_true(json_object_get(o, "as_is"));
		klp_vec_push(rd->arena, &plan->sources, s);
	}
	return 0;
}

static int get_number(struct reader *rd, const json_t *o, const char *where, const char *key,
		      json_int_t max, json_int_t *ret)
{
	const json_t *v = json_object_get(o, key);

	if (!json_is_integer(v) || json_integer_value(v) < 0 || json_integer_value(v) > max)
		return wrong(rd, where, key, "a number");
	*ret = json_integer_value(v);
	return 0;
}

static int read_states(struct reader *rd, const json_t *root, struct klp_plan *plan)
{
	static const char where[] = "a state";
	const json_t *array;

	if (get_array(rd, root, "the plan", "states", &array) < 0)
		return rd->err->code;
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *o = json_array_get(array, i);
		json_int_t id, version;

		if (get_number(rd, o, where, "id", INT64_MAX, &id) < 0 ||
		    get_number(rd, o, where, "version", UINT32_MAX, &version) < 0)
			return rd->err->code;
		klp_vec_push(rd->arena, &plan->states,
			     ((struct klp_table_state){ (uint64_t)id, (uint32_t)version }));
	}
	return 0;
}

static int read_callbacks(struct reader *rd, const json_t *root, struct klp_plan *plan)
{
	static const char where[] = "callbacks";
	const json_t *array;

	if (get_array(rd, root, "the plan", "callbacks", &array) < 0)
		return rd->err->code;
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *o = json_array_get(array, i);
		struct klp_plan_callbacks c = {};

		if (get_str(rd, o, where, "object", &c.object) < 0)
			return rd->err->code;
		for (int k = 0; k < KLP_NCALLBACKS; k++) {
			const char *name = klp_callback_name((enum klp_callback)k);

			if (json_object_get(o, name) &&
			    get_str(rd, o, where, name, &c.functions[k]) < 0)
				return rd->err->code;
		}
		klp_vec_push(rd->arena, &plan->callbacks, c);
	}
	return 0;
}

static int read_written(struct reader *rd, const json_t *root, struct klp_plan *plan)
{
	static const char where[] = "what was written";
	const json_t *array;

	if (get_array(rd, root, "the plan", "written", &array) < 0)
		return rd->err->code;
	for (size_t i = 0; i < json_array_size(array); i++) {
		const json_t *o = json_array_get(array, i);
		struct klp_plan_file f = {};

		if (get_str(rd, o, where, "file", &f.file) < 0 ||
		    get_str(rd, o, where, "sum", &f.sum) < 0)
			return rd->err->code;
		klp_vec_push(rd->arena, &plan->written, f);
	}
	return 0;
}

/* What came to version 1 later: a plan without it is one of a livepatch without it. */
static int read_around(struct reader *rd, const json_t *root, struct klp_plan *plan)
{
	const json_t *replace = json_object_get(root, "replace");

	if (replace && !json_is_boolean(replace))
		return wrong(rd, "the plan", "replace", "true or false");
	plan->no_replace = json_is_false(replace);
	if (json_object_get(root, "states") && read_states(rd, root, plan) < 0)
		return rd->err->code;
	if (json_object_get(root, "callbacks") && read_callbacks(rd, root, plan) < 0)
		return rd->err->code;
	if (json_object_get(root, "fixes") &&
	    get_strs(rd, root, "the plan", "fixes", &plan->fixes) < 0)
		return rd->err->code;
	if (json_object_get(root, "written") && read_written(rd, root, plan) < 0)
		return rd->err->code;
	return 0;
}

static int read_plan(struct reader *rd, const json_t *root, struct klp_plan *plan)
{
	const json_t *version = json_object_get(root, "version");

	if (!json_is_integer(version) || json_integer_value(version) != PLAN_VERSION)
		return wrong(rd, "the plan", "version", "1");
	if (get_str(rd, root, "the plan", "name", &plan->name) < 0 ||
	    read_funcs(rd, root, plan) < 0 || read_refs(rd, root, plan) < 0 ||
	    read_sources(rd, root, plan) < 0 || read_around(rd, root, plan) < 0)
		return rd->err->code;
	return klp_plan_check(rd->arena, plan, rd->err);
}

int klp_plan_read(struct klp_arena *arena, const char *path, struct klp_plan *ret,
		  struct klp_error *err)
{
	static const char again[] = "klp-prep writes this file as OUTPUT/NAME.plan.json; "
				    "run it again";
	KLP_CLEANUP_JSON json_t *root = NULL;
	struct reader rd = { arena, err };
	struct klp_plan plan = {};
	json_error_t je;
	char *data;
	size_t len;

	if (klp_file_read(arena, path, MAX_PLAN, &data, &len, err) < 0)
		return err->code;
	root = json_loadb(data, len, JSON_REJECT_DUPLICATES, &je);
	if (!root) {
		klp_error_set(err, KLP_EINPUT, "no valid JSON: %s", je.text);
		klp_error_at(err, path, je.line > 0 ? (unsigned int)je.line : 0,
			     je.column > 0 ? (unsigned int)je.column : 0);
		return klp_error_hint(err, "%s", again);
	}
	if (read_plan(&rd, root, &plan) < 0) {
		klp_error_at(err, path, 0, 0);
		return klp_error_hint(err, "%s", again);
	}
	*ret = plan;
	return 0;
}
