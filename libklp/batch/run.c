// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The jobs side by side. How a job ended is taken from its exit status and its report, never
 * from what it said; the state is written before a job begins and after it has ended, so that
 * whoever kills us, whenever, leaves a state that is true.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/map.h"
#include "base/proc.h"
#include "batch/private.h"
#include "report/batch.h"

/* What a job takes at most, of the kernel's largest units, with proofs; measured: docs/architecture.md */
#define JOB_MEMORY_KB (1000 * 1024ul)
/* A job that needs longer waits for something that won't come. */
#define JOB_SECONDS (6 * 3600)
#define MAX_SAID    ((size_t)16 << 20)
#define MAX_THREADS 64 /* of klp_parallel() */

static const char another_output[] = "give a directory that can be written to with --output";
static const char run_it_alone[] = "run klp-prep with the job's options alone, and with -v";

struct item {
	const struct klp_batch_job *job;
	bool ended;
};

struct runner {
	struct klp_arena *arena; /* of the results; under the lock */
	const struct klp_batch *batch;
	const struct klp_batch_opts *opts;
	const char *program_sum;
	char *output, *state;
	unsigned int jobs, side;
	struct item *items;	      /* as batch->jobs */
	struct klp_batch_row *rows;   /* likewise */
	struct klp_batch_pasts pasts; /* likewise; behind them those of jobs that aren't ours */
	size_t *todo, ntodo;	      /* indices of the jobs to run */
	size_t running, done;
	pthread_mutex_t lock;
	pthread_cond_t ended;
	struct klp_error *err;
};

static double now_s(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static size_t index_of(const struct runner *r, const struct klp_batch_job *job)
{
	size_t i = 0;

	while (r->items[i].job != job)
		i++;
	return i;
}

/* Under the lock. */
static void write_state(struct runner *r)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	const char *json = klp_batch_state_json(scratch, &r->pasts);

	klp_file_write(r->state, json, strlen(json), r->err);
}

static void tell(struct runner *r, const char *begun, const struct klp_batch_row *row)
{
	const struct klp_batch_progress progress = { r->batch->jobs.n, r->done, r->running, begun,
						     row };

	if (r->opts->progress)
		r->opts->progress(r->opts->ctx, &progress);
}

static bool is_whole(const struct runner *r, const struct klp_batch_job *job,
		     enum klp_batch_result result, struct klp_arena *arena)
{
	return result != KLP_BATCH_MODULE ||
	       klp_file_exists(klp_sprintf(arena, "%s/%s/%s.ko", r->output, job->id, job->name)) ||
	       klp_strs_has(&job->args, "--layout=suse");
}

/* As the caller named the directory. */
static char *log_path(struct runner *r, const struct klp_batch_job *job, struct klp_arena *arena)
{
	return klp_sprintf(arena, "%s/%s.log", r->opts->output, job->id);
}

/* The same was made of the same, and is still there. */
static bool is_done(struct runner *r, size_t i, const char *sum)
{
	const struct klp_batch_job *job = r->items[i].job;
	const struct klp_batch_past *past = &r->pasts.v[i];
	struct klp_batch_row row = { .id = job->id, .before = true, .seconds = past->seconds };
	const char *report = NULL;

	if (!past->report || strcmp(past->sum, sum) != 0)
		return false;
	klp_batch_report_read(r->arena, klp__batch_report(r->arena, r->output, job), &row, &report);
	if (!report || strcmp(report, past->report) != 0 || !klp_batch_is_done(row.result) ||
	    !is_whole(r, job, row.result, r->arena))
		return false;
	row.log = log_path(r, job, r->arena);
	if (!klp_file_exists(row.log))
		row.log = NULL;
	r->rows[i] = row;
	return true;
}

/* The tool's message and its hint, out of all that was said. */
static void quote(struct klp_arena *arena, const char *said, struct klp_batch_why *why)
{
	static const char name[] = "klp-prep: ", hint[] = "  hint: ";

	for (const char *line = said; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		int len = (int)strcspn(line, "\n");

		if (!why->text && !strncmp(line, name, strlen(name)))
			why->text = klp_sprintf(arena, "%.*s", len - (int)strlen(name),
						line + strlen(name));
		else if (why->text && !why->hint && !strncmp(line, hint, strlen(hint)))
			why->hint = klp_sprintf(arena, "%.*s", len - (int)strlen(hint),
						line + strlen(hint));
	}
}

static void take_failure(struct klp_arena *arena, const struct klp_proc_result *got,
			 struct klp_batch_row *row)
{
	*row = (struct klp_batch_row){ .id = row->id, .seconds = row->seconds };
	if (got->status >= 128) {
		row->result = KLP_BATCH_KILLED;
		row->why.text = klp_sprintf(arena, "killed by signal %d (%s)", got->status - 128,
					    strsignal(got->status - 128));
		row->why.hint = "somebody ended it, or there was no memory left: run the batch "
				"again, with fewer --jobs";
		return;
	}
	row->result = KLP_BATCH_FAILED;
	quote(arena, got->err, &row->why);
	if (!row->why.text)
		row->why.text = klp_sprintf(arena,
					    "ended with status %d, and a report that says "
					    "something else",
					    got->status);
	if (!row->why.hint)
		row->why.hint = run_it_alone;
}

/* Exit status and report must say the same. */
static void judge(struct klp_arena *arena, struct runner *r, size_t i,
		  const struct klp_proc_result *got, struct klp_batch_row *row,
		  const char **ret_report)
{
	const struct klp_batch_job *job = r->items[i].job;
	bool agree;

	if (got->status <= 1)
		klp_batch_report_read(arena, klp__batch_report(arena, r->output, job), row,
				      ret_report);
	agree = row->result == KLP_BATCH_REFUSED ? got->status == 1 : got->status == 0;
	if (klp_batch_is_done(row->result) && agree && is_whole(r, job, row->result, arena))
		return;
	*ret_report = NULL;
	take_failure(arena, got, row);
}

/* What the job said; no file when that is nothing. */
static void write_log(struct klp_arena *arena, struct runner *r, size_t i,
		      const struct klp_proc_result *got, struct klp_batch_row *row)
{
	char *path = log_path(r, r->items[i].job, arena);
	struct klp_error ignored = {};

	unlink(path);
	if (!got->err_len || klp_mkdirs(klp_path_dir(arena, path), &ignored) < 0 ||
	    klp_file_write(path, got->err, got->err_len, &ignored) < 0)
		return;
	row->log = path;
}

/* The rest of the environment is base/proc.h's; the index of dumps lies in the caches. */
static void start(struct klp_arena *arena, struct runner *r, size_t i, unsigned int share,
		  struct klp_batch_row *row, const char **ret_report)
{
	const char *cache = getenv("XDG_CACHE_HOME");
	const char *const env[] = { cache ? klp_sprintf(arena, "XDG_CACHE_HOME=%s", cache) : NULL,
				    NULL };
	struct klp_proc_result got = {};
	struct klp_error err = {};
	struct klp_strs words = {};
	double began = now_s();

	klp_vec_push(arena, &words, r->opts->program);
	klp__batch_words(arena, r->output, r->items[i].job, share, &words);
	klp_vec_push(arena, &words, NULL);
	const struct klp_proc_opts proc = { .argv = words.v,
					    .cwd = r->batch->dir,
					    .env = env,
					    .stdout_path = "/dev/null",
					    .max_output = MAX_SAID,
					    .timeout_s = JOB_SECONDS,
					    .ends_with_caller = true };
	if (klp_proc_run(arena, &proc, &got, &err) < 0) {
		row->result = KLP_BATCH_KILLED;
		row->why.text = klp_strdup(arena, err.text);
		row->why.hint = err.hint[0] ? klp_strdup(arena, err.hint) : run_it_alone;
		row->seconds = now_s() - began;
		return;
	}
	row->seconds = now_s() - began;
	judge(arena, r, i, &got, row, ret_report);
	write_log(arena, r, i, &got, row);
}

/* The last jobs share the cores that no other job needs any more. Under the lock. */
static unsigned int share(const struct runner *r)
{
	size_t left = r->batch->jobs.n - r->done;
	size_t side = left < r->side ? left : r->side;
	unsigned int n = side ? r->jobs / (unsigned int)side : r->jobs;

	return n ? n : 1;
}

/* Whoever is asked for it has been taken by a thread already: bases stand further up. */
static bool has_base(struct runner *r, const struct klp_batch_job *job)
{
	size_t base;

	if (!job->base)
		return true;
	base = index_of(r, job->base);
	while (!r->items[base].ended)
		pthread_cond_wait(&r->ended, &r->lock);
	return r->rows[base].result == KLP_BATCH_MODULE;
}

static void end(struct runner *r, size_t i)
{
	r->items[i].ended = true;
	r->done++;
	tell(r, NULL, &r->rows[i]);
	pthread_cond_broadcast(&r->ended);
}

static void run_job(struct runner *r, size_t i, const char *sum)
{
	struct klp_arena *arena = klp_arena_new(); /* the row's strings stay in it */
	struct klp_batch_row row = { .id = r->items[i].job->id };
	const char *report = NULL;
	unsigned int cores = share(r);

	/* from now on what lies there is not known to be what it was */
	r->pasts.v[i] = (struct klp_batch_past){ .id = row.id, .sum = sum };
	write_state(r);
	if (!r->err->code) {
		r->running++;
		tell(r, row.id, NULL);
		pthread_mutex_unlock(&r->lock);
		start(arena, r, i, cores, &row, &report);
		pthread_mutex_lock(&r->lock);
		r->running--;
		r->pasts.v[i].report = report;
		r->pasts.v[i].seconds = row.seconds;
		write_state(r);
	}
	klp_arena_adopt(r->arena, arena);
	r->rows[i] = row;
}

static void work(void *ctx, size_t n)
{
	struct runner *r = ctx;
	size_t i = r->todo[n];
	const struct klp_batch_job *job = r->items[i].job;
	const char *sum;

	pthread_mutex_lock(&r->lock);
	if (!has_base(r, job)) {
		r->rows[i] = (struct klp_batch_row){
			.id = job->id,
			.result = KLP_BATCH_NOT_RUN,
			.why.text =
				klp_sprintf(r->arena, "its base '%s' is no module", job->base->id),
			.why.hint = "see to that job first",
		};
	} else if (!r->err->code) {
		sum = klp__batch_sum(r->arena, r->batch, r->program_sum, r->output, job);
		/* a base that was made again may be what it was */
		if (!is_done(r, i, sum))
			run_job(r, i, sum);
	}
	end(r, i);
	pthread_mutex_unlock(&r->lock);
}

/* Sets aside what is done; the rest is r->todo. */
static void plan(struct runner *r)
{
	for (size_t i = 0; i < r->batch->jobs.n; i++) {
		const struct klp_batch_job *job = r->items[i].job;
		bool ready = !job->base || r->items[index_of(r, job->base)].ended;

		if (ready &&
		    is_done(r, i,
			    klp__batch_sum(r->arena, r->batch, r->program_sum, r->output, job))) {
			r->items[i].ended = true;
			r->done++;
		} else {
			r->todo[r->ntodo++] = i;
		}
	}
}

/* In kB; what can be had without swapping. */
static unsigned long memory_available(void)
{
	FILE *f = fopen("/proc/meminfo", "re");
	unsigned long kb = 0;
	char line[128];

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "MemAvailable: %lu kB", &kb) == 1)
			break;
	if (f)
		fclose(f);
	return kb;
}

static void divide(struct runner *r)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned long fit = memory_available() / JOB_MEMORY_KB;

	r->jobs = r->opts->jobs ? r->opts->jobs : (unsigned int)(cores > 0 ? cores : 1);
	r->side = r->jobs < MAX_THREADS ? r->jobs : MAX_THREADS;
	if (fit && fit < r->side)
		r->side = (unsigned int)fit;
}

static int take_lock(struct runner *r)
{
	const char *path = klp_path_join(r->arena, r->output, ".batch.lock");
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	if (fd >= 0 && errno == EWOULDBLOCK) {
		klp_error_set(r->err, KLP_ETROUBLE, "another batch is at work in '%s'", r->output);
		klp_error_hint(r->err, "wait for it, or give another directory with --output");
	} else {
		klp_error_set(r->err, KLP_ETROUBLE, "can't lock '%s': %s", path, strerror(errno));
		klp_error_hint(r->err, "%s", another_output);
	}
	if (fd >= 0)
		close(fd);
	return r->err->code;
}

/* Those of our jobs first, in their order, then the others'. */
static void take_state(struct runner *r)
{
	struct klp_batch_pasts old = {};
	struct klp_map by_id;

	klp_batch_state_read(r->arena, r->state, &old);
	klp_map_init(&by_id, r->arena);
	for (size_t i = 0; i < old.n; i++)
		klp_map_put(&by_id, old.v[i].id, &old.v[i]);
	for (size_t i = 0; i < r->batch->jobs.n; i++) {
		const char *id = r->batch->jobs.v[i]->id;
		const struct klp_batch_past *past = klp_map_get(&by_id, id);
		struct klp_batch_past none = { .id = id, .sum = "" };

		klp_vec_push(r->arena, &r->pasts, past ? *past : none);
		klp_map_put(&by_id, id, NULL);
		r->items[i].job = r->batch->jobs.v[i];
		r->rows[i].id = id;
	}
	for (size_t i = 0; i < old.n; i++)
		if (klp_map_get(&by_id, old.v[i].id) == &old.v[i])
			klp_vec_push(r->arena, &r->pasts, old.v[i]);
}

static void run_all(struct runner *r)
{
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->ended, NULL);
	plan(r);
	klp_parallel(r->ntodo, r->side, work, r);
	pthread_cond_destroy(&r->ended);
	pthread_mutex_destroy(&r->lock);
}

int klp_batch_run(struct klp_arena *arena, const struct klp_batch *batch,
		  const struct klp_batch_opts *opts, struct klp_batch_rows *ret,
		  struct klp_error *err)
{
	size_t n = batch->jobs.n;
	struct runner r = { .arena = arena, .batch = batch, .opts = opts, .err = err };
	int lock;

	if (klp__batch_output(arena, opts, &r.output, err) < 0 || klp_mkdirs(r.output, err) < 0)
		return klp_error_hint(err, "%s", another_output);
	lock = take_lock(&r);
	if (lock < 0)
		return lock;
	r.state = klp_path_join(arena, r.output, ".batch.json");
	r.program_sum = klp__batch_program_sum(arena, opts->program);
	r.items = klp_alloc_array(arena, n, sizeof(*r.items));
	r.rows = klp_alloc_array(arena, n, sizeof(*r.rows));
	r.todo = klp_alloc_array(arena, n, sizeof(*r.todo));
	divide(&r);
	take_state(&r);
	run_all(&r);
	close(lock);
	for (size_t i = 0; i < n && !err->code; i++)
		klp_vec_push(arena, ret, r.rows[i]);
	return err->code;
}
