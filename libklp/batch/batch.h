/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Batch: many runs of klp-prep, each a process of its own, so that one that crashes, is killed
 * or runs out of memory is one job that failed. What a job made stays valid as long as what it
 * was made of does: a batch that is started again does what is missing.
 */
#ifndef KLP_BATCH_BATCH_H
#define KLP_BATCH_BATCH_H

#include "base/error.h"
#include "model/batch.h"

/* A job has begun or ended. Called by one thread at a time, of several. */
struct klp_batch_progress {
	size_t jobs, done; /* done: by this batch, or an earlier one */
	size_t running;
	const char *begun;		 /* this job, or NULL */
	const struct klp_batch_row *row; /* has ended, or NULL */
};

struct klp_batch_opts {
	const char *program; /* klp-prep, as it is to be started */
	const char *output;  /* the directory of all; made when it is missing */
	unsigned int jobs;   /* of compilers in all; 0: one for each core */
	void (*progress)(void *ctx, const struct klp_batch_progress *progress); /* or NULL */
	void *ctx;
};

/* report/batch.h: klp_batch_jobs_read(). */
int klp_batch_read(struct klp_arena *arena, const char *path, const struct klp_batch_keys *keys,
		   struct klp_batch *ret, struct klp_error *err);

/*
 * Runs what is not done yet; rows in the order of the jobs. That a job fails is no error, but
 * that nothing can be written to the output is, or that another batch is at work there.
 */
int klp_batch_run(struct klp_arena *arena, const struct klp_batch *batch,
		  const struct klp_batch_opts *opts, struct klp_batch_rows *ret,
		  struct klp_error *err);

/*
 * The same jobs as a Ninja file. One for each job: OUTPUT/ID/report.json, made by the command
 * line that klp_batch_run() would start, with --jobs=1. An error names what such a file can't say.
 */
int klp_batch_ninja(struct klp_arena *arena, const struct klp_batch *batch,
		    const struct klp_batch_opts *opts, char **ret, struct klp_error *err);

/* The rows as JSON, ending in a newline. */
char *klp_batch_table_json(struct klp_arena *arena, const struct klp_batch_rows *rows);

#endif
