// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "base/file.h"
#include "base/map.h"
#include "model/plan_check.h"
#include "report/batch.h"
#include "report/json.h"

#define JOBS_VERSION 1
#define MAX_FILE     ((size_t)16 << 20)
#define MAX_JOBS     100000
#define MAX_STRINGS  1024
#define MAX_STRING   4096
#define MAX_KERNEL   100

struct reader {
	struct klp_arena *arena;
	const struct klp_batch_keys *keys;
	const json_t *defaults, *kernels;
	struct klp_batch *batch;
	struct klp_map ids; /* id -> job */
	struct klp_error *err;
};

/* Where a value stands, for messages: "job 'a'", "kernel '6.1'", "the defaults". */
static int wrong(struct reader *rd, const char *where, const char *key, const char *wanted)
{
	return klp_error_set(rd->err, KLP_EUSAGE, "%s: '%s' is not %s", where, key, wanted);
}

static const struct klp_batch_key *find_key(const struct reader *rd, const char *name)
{
	for (size_t i = 0; i < rd->keys->n; i++)
		if (!strcmp(rd->keys->v[i].name, name))
			return &rd->keys->v[i];
	return NULL;
}

static bool is_word(const char *words, const char *s)
{
	size_t len = strlen(s);

	for (const char *p = words; len && (p = strstr(p, s)); p += len)
		if ((p == words || p[-1] == ' ') && (p[len] == ' ' || !p[len]))
			return true;
	return false;
}

/* A job reads no standard input: it would be another one's, too. */
static int check_string(struct reader *rd, const char *where, const struct klp_batch_key *key,
			const json_t *v)
{
	const char *s = json_string_value(v);

	if (!s || !*s || strlen(s) > MAX_STRING)
		return wrong(rd, where, key->name,
			     key->many ? "a string, or a list of strings" : "a string");
	if (key->reads != KLP_BATCH_READS_NOTHING && !strcmp(s, "-"))
		return klp_error_set(rd->err, KLP_EUSAGE,
				     "%s: '%s' can't be standard input in a batch", where,
				     key->name);
	if (key->words && !is_word(key->words, s)) {
		klp_error_set(rd->err, KLP_EUSAGE, "%s: '%s' can't be '%s'", where, key->name, s);
		return klp_error_hint(rd->err, "give one of: %s", key->words);
	}
	return 0;
}

/* null and false take back what the defaults, or the kernel, say. */
static int check_value(struct reader *rd, const char *where, const struct klp_batch_key *key,
		       const json_t *v)
{
	if (json_is_null(v) || json_is_false(v))
		return 0;
	if (key->is_switch || (key->may_be_switch && json_is_boolean(v)))
		return json_is_true(v) ? 0 : wrong(rd, where, key->name, "true or false");
	if (!key->many || !json_is_array(v))
		return check_string(rd, where, key, v);
	if (json_array_size(v) > MAX_STRINGS)
		return wrong(rd, where, key->name, "a list of up to 1024 strings");
	for (size_t i = 0; i < json_array_size(v); i++)
		if (check_string(rd, where, key, json_array_get(v, i)) < 0)
			return rd->err->code;
	return 0;
}

/* Each key of the object is an option, or one of `others` (ends in NULL). */
static int check_options(struct reader *rd, const char *where, const json_t *o,
			 const char *const *others)
{
	const char *name;
	json_t *v;

	if (!json_is_object(o))
		return klp_error_set(rd->err, KLP_EUSAGE, "%s: no object with options", where);
	/* jansson's macro assigns the loop's variables, and has no const variant */
	json_object_foreach((json_t *)(uintptr_t)o, name, v)
	{
		const struct klp_batch_key *key = find_key(rd, name);
		const char *const *other = others;

		while (*other && strcmp(*other, name) != 0)
			other++;
		if (*other)
			continue;
		if (!key) {
			klp_error_set(rd->err, KLP_EUSAGE, "%s: there is no key '%s'", where, name);
			return klp_error_hint(rd->err,
					      "the keys are klp-prep's long options, without those "
					      "that are the batch's own: see klp-prep(1)");
		}
		if (check_value(rd, where, key, v) < 0)
			return rd->err->code;
	}
	return 0;
}

static void add(struct reader *rd, struct klp_batch_job *job, const struct klp_batch_key *key,
		const json_t *v)
{
	const char *s = json_string_value(v);

	klp_vec_push(rd->arena, &job->args,
		     s ? klp_sprintf(rd->arena, "--%s=%s", key->name, s)
		       : klp_sprintf(rd->arena, "--%s", key->name));
	if (s && key->reads != KLP_BATCH_READS_NOTHING)
		klp_vec_push(rd->arena, &job->inputs,
			     ((struct klp_batch_input){ klp_strdup(rd->arena, s), key->reads }));
}

/* A key's value replaces that of a wider place: the job's own the kernel's, that the default. */
static void take_options(struct reader *rd, struct klp_batch_job *job, const json_t *kernel,
			 const json_t *own)
{
	for (size_t i = 0; i < rd->keys->n; i++) {
		const struct klp_batch_key *key = &rd->keys->v[i];
		const json_t *v = json_object_get(own, key->name);

		if (!v)
			v = json_object_get(kernel, key->name);
		if (!v)
			v = json_object_get(rd->defaults, key->name);
		if (!v || json_is_null(v) || json_is_false(v))
			continue;
		if (!json_is_array(v))
			add(rd, job, key, v);
		for (size_t k = 0; k < json_array_size(v); k++)
			add(rd, job, key, json_array_get(v, k));
	}
}

static const char *id_of(struct reader *rd, const char *kernel, const char *name)
{
	return kernel ? klp_sprintf(rd->arena, "%s/%s", kernel, name) : klp_strdup(rd->arena, name);
}

static int take_base(struct reader *rd, struct klp_batch_job *job, const json_t *own)
{
	const json_t *v = json_object_get(own, "base-job");
	const char *name = json_string_value(v);
	const struct klp_batch_job *base;

	if (!v)
		return 0;
	if (!name)
		return wrong(rd, klp_sprintf(rd->arena, "job '%s'", job->name), "base-job",
			     "the name of a job");
	base = klp_map_get(&rd->ids, id_of(rd, job->kernel, name));
	if (!base) {
		klp_error_set(rd->err, KLP_EUSAGE, "job '%s': there is no job '%s' above it",
			      job->id, name);
		return klp_error_hint(rd->err, "'base-job' names a job of the same kernel that "
					       "stands further up; 'base' is a directory");
	}
	job->base = base;
	return 0;
}

static int add_job(struct reader *rd, const char *kernel, const json_t *own)
{
	struct klp_batch_job *job = klp_new(rd->arena, struct klp_batch_job);

	job->name = klp_strdup(rd->arena, json_string_value(json_object_get(own, "name")));
	job->kernel = kernel;
	job->id = id_of(rd, kernel, job->name);
	if (klp_map_get(&rd->ids, job->id))
		return klp_error_set(rd->err, KLP_EUSAGE, "job '%s' is there twice", job->id);
	if (rd->batch->jobs.n >= MAX_JOBS)
		return klp_error_set(rd->err, KLP_EUSAGE, "there are more than %d jobs", MAX_JOBS);
	if (take_base(rd, job, own) < 0)
		return rd->err->code;
	take_options(rd, job, kernel ? json_object_get(rd->kernels, kernel) : NULL, own);
	klp_map_put(&rd->ids, job->id, job);
	klp_vec_push(rd->arena, &rd->batch->jobs, job);
	return 0;
}

/* The job's own list of kernels, or all that there are. */
static int job_kernels(struct reader *rd, const char *where, const json_t *own,
		       struct klp_strs *ret)
{
	const json_t *list = json_object_get(own, "kernels");
	const char *name;
	json_t *v;

	if (!list) {
		json_object_foreach((json_t *)(uintptr_t)rd->kernels, name, v)
			klp_vec_push(rd->arena, ret, klp_strdup(rd->arena, name));
		return 0;
	}
	if (!json_is_array(list) || !json_array_size(list))
		return wrong(rd, where, "kernels", "a list of kernels' names");
	for (size_t i = 0; i < json_array_size(list); i++) {
		name = json_string_value(json_array_get(list, i));
		if (!name || !json_object_get(rd->kernels, name)) {
			klp_error_set(rd->err, KLP_EUSAGE, "%s: there is no kernel '%s'", where,
				      name ? name : "");
			return klp_error_hint(rd->err, "describe it in 'kernels', beside 'jobs'");
		}
		klp_vec_push(rd->arena, ret, klp_strdup(rd->arena, name));
	}
	return 0;
}

static int read_job(struct reader *rd, const json_t *own, size_t index)
{
	static const char *const others[] = { "name", "kernels", "base-job", NULL };
	const char *name = json_string_value(json_object_get(own, "name"));
	const char *where = klp_sprintf(rd->arena, "job %zu", index + 1);
	struct klp_strs kernels = {};

	if (!name || !klp_is_module_name(name)) {
		wrong(rd, where, "name", "the name of a module");
		return klp_error_hint(rd->err,
				      "take lower-case letters, digits and '_', at most %d",
				      KLP_MAX_OBJECT);
	}
	where = klp_sprintf(rd->arena, "job '%s'", name);
	if (check_options(rd, where, own, others) < 0 || job_kernels(rd, where, own, &kernels) < 0)
		return rd->err->code;
	if (json_object_get(own, "base") && json_object_get(own, "base-job"))
		return klp_error_set(rd->err, KLP_EUSAGE,
				     "%s: 'base' and 'base-job' say the same: leave out one",
				     where);
	if (!kernels.n)
		return add_job(rd, NULL, own);
	for (size_t i = 0; i < kernels.n; i++)
		if (add_job(rd, kernels.v[i], own) < 0)
			return rd->err->code;
	return 0;
}

/* The name of a directory, and nothing else: "6.1.0-44-amd64". */
static bool is_kernel_name(const char *s)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789._+~-";
	size_t len = strlen(s);

	return len && len <= MAX_KERNEL && strspn(s, letters) == len && *s != '.' && *s != '-';
}

static int read_kernels(struct reader *rd, const json_t *root)
{
	static const char *const none[] = { NULL };
	const char *name;
	json_t *v;

	rd->kernels = json_object_get(root, "kernels");
	if (!rd->kernels)
		return 0;
	if (!json_is_object(rd->kernels) || !json_object_size(rd->kernels))
		return wrong(rd, "the batch", "kernels", "an object of kernels by their names");
	json_object_foreach((json_t *)(uintptr_t)rd->kernels, name, v)
	{
		if (!is_kernel_name(name)) {
			klp_error_set(rd->err, KLP_EUSAGE, "'%s' can't be the name of a kernel",
				      name);
			return klp_error_hint(rd->err, "it becomes a directory: take letters, "
						       "digits and ._+~-, not a '.' in front");
		}
		if (check_options(rd, klp_sprintf(rd->arena, "kernel '%s'", name), v, none) < 0)
			return rd->err->code;
	}
	return 0;
}

static int read_defaults(struct reader *rd, const json_t *root)
{
	static const char *const none[] = { NULL };

	rd->defaults = json_object_get(root, "defaults");
	return rd->defaults ? check_options(rd, "the defaults", rd->defaults, none) : 0;
}

static int check_root(struct reader *rd, const json_t *root)
{
	static const char *const known[] = { "version", "defaults", "kernels", "jobs" };
	const json_t *version = json_object_get(root, "version");
	const char *name;
	json_t *v;

	if (!json_is_integer(version) || json_integer_value(version) != JOBS_VERSION)
		return wrong(rd, "the batch", "version", "1");
	json_object_foreach((json_t *)(uintptr_t)root, name, v)
	{
		size_t i = 0, n = sizeof(known) / sizeof(*known);

		while (i < n && strcmp(known[i], name) != 0)
			i++;
		if (i == n)
			return klp_error_set(rd->err, KLP_EUSAGE, "the batch: there is no key '%s'",
					     name);
	}
	return 0;
}

static int read_root(struct reader *rd, const json_t *root)
{
	const json_t *jobs = json_object_get(root, "jobs");

	if (check_root(rd, root) < 0 || read_defaults(rd, root) < 0 || read_kernels(rd, root) < 0)
		return rd->err->code;
	if (!json_is_array(jobs) || !json_array_size(jobs))
		return wrong(rd, "the batch", "jobs", "a list of jobs");
	for (size_t i = 0; i < json_array_size(jobs); i++)
		if (read_job(rd, json_array_get(jobs, i), i) < 0)
			return rd->err->code;
	return 0;
}

static int read_dir(struct klp_arena *arena, const char *path, struct klp_batch *batch,
		    struct klp_error *err)
{
	char *dir;

	if (klp_realpath(arena, klp_path_dir(arena, path), &dir, err) < 0)
		return err->code;
	batch->dir = dir;
	return 0;
}

int klp_batch_jobs_read(struct klp_arena *arena, const char *path,
			const struct klp_batch_keys *keys, struct klp_batch *ret,
			struct klp_error *err)
{
	KLP_CLEANUP_JSON json_t *root = NULL;
	struct klp_batch batch = {};
	struct reader rd = { .arena = arena, .keys = keys, .batch = &batch, .err = err };
	json_error_t je;
	char *data;
	size_t len;

	if (klp_file_read(arena, path, MAX_FILE, &data, &len, err) < 0 ||
	    read_dir(arena, path, &batch, err) < 0)
		return klp_error_hint(err, "give the jobs as JSON, as klp-prep(1) describes them");
	root = json_loadb(data, len, JSON_REJECT_DUPLICATES, &je);
	if (!root) {
		klp_error_set(err, KLP_EUSAGE, "no valid JSON: %s", je.text);
		klp_error_at(err, path, je.line > 0 ? (unsigned int)je.line : 0,
			     je.column > 0 ? (unsigned int)je.column : 0);
		return klp_error_hint(err, "`jq . %s` shows it, too", path);
	}
	klp_map_init(&rd.ids, arena);
	if (read_root(&rd, root) < 0) {
		klp_error_at(err, path, 0, 0);
		return klp_error_hint(err, "klp-prep(1) describes the file, with an example");
	}
	*ret = batch;
	return 0;
}
