/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Many livepatches at once: what is asked for (jobs.json), what is known of each afterwards
 * (the batch's state), and what there was to say of it.
 */
#ifndef KLP_MODEL_BATCH_H
#define KLP_MODEL_BATCH_H

#include <stdbool.h>

#include "base/vec.h"

/* What a job's option leads to that decides on its result, besides the option's own text. */
enum klp_batch_reads {
	KLP_BATCH_READS_NOTHING,
	KLP_BATCH_READS_FILE,
	KLP_BATCH_READS_BUILD,	   /* a kernel's build directory, or its dumps */
	KLP_BATCH_READS_LIVEPATCH, /* the output directory of an earlier run */
};

/* An option that a job may have, as whoever has the option table describes it. */
struct klp_batch_key {
	const char *name;   /* "patch" */
	bool is_switch;	    /* true or false */
	bool may_be_switch; /* true, or a string */
	bool many;	    /* a string, or an array of them */
	const char *words;  /* the values that it may have, between spaces; NULL: any */
	enum klp_batch_reads reads;
};
KLP_VEC(klp_batch_keys, struct klp_batch_key);

struct klp_batch_input {
	const char *path; /* as it stands in the job: relative to the jobs' directory */
	enum klp_batch_reads reads;
};
KLP_VEC(klp_batch_inputs, struct klp_batch_input);

struct klp_batch_job {
	const char *name;     /* of the module: klp_is_module_name() */
	const char *kernel;   /* NULL in a batch that has no kernels */
	const char *id;	      /* "KERNEL/NAME" or "NAME": the directory below the batch's output */
	struct klp_strs args; /* "--patch=a.diff": in the order of the options, without those of
				 the batch (--output, --name, --jobs), and without the base */
	const struct klp_batch_job *base; /* a job further up whose output is this one's --base */
	struct klp_batch_inputs inputs;
};
KLP_VEC(klp_batch_jobs, struct klp_batch_job *);

struct klp_batch {
	const char *dir; /* of the jobs' file: real path, where their relative paths begin */
	struct klp_batch_jobs jobs;
};

enum klp_batch_result {
	KLP_BATCH_NONE, /* not begun, or under way when the batch ended */
	KLP_BATCH_MODULE,
	KLP_BATCH_STOPPED, /* by --stop-after */
	KLP_BATCH_NOTHING_TO_DO,
	KLP_BATCH_REFUSED,
	KLP_BATCH_FAILED,  /* usage or trouble */
	KLP_BATCH_KILLED,  /* by a signal from elsewhere, or for its time */
	KLP_BATCH_NOT_RUN, /* the job that is its base made no module */
};

/* A finding or a message: why it is no module. */
struct klp_batch_why {
	const char *code; /* NULL for what is no finding */
	const char *file; /* NULL without a place */
	unsigned int line;
	const char *text, *hint; /* NULL without */
};

struct klp_batch_row {
	const char *id;
	enum klp_batch_result result;
	bool before; /* done by an earlier batch, and still so */
	unsigned int patched, warnings, errors;
	double seconds;		  /* of wall time */
	struct klp_batch_why why; /* refused or in trouble: the first one */
	const char *log;	  /* what it wrote, NULL when that is nothing */
};
KLP_VEC(klp_batch_rows, struct klp_batch_row);

/* What a later batch wants to know of a job. */
struct klp_batch_past {
	const char *id;
	const char *sum;    /* of everything that it was made of */
	const char *report; /* of its report.json; NULL: it has not ended, or not well */
	double seconds;
};
KLP_VEC(klp_batch_pasts, struct klp_batch_past);

/* "module", "stopped", "nothing-to-do", "refused", "failed", "killed", "not-run" */
const char *klp_batch_result_name(enum klp_batch_result result);
/* Its question was answered, so that there is no use in asking again. */
bool klp_batch_is_done(enum klp_batch_result result);

#endif
