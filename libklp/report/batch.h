/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of a batch: jobs.json, its state, the reports of its jobs, its table. */
#ifndef KLP_REPORT_BATCH_H
#define KLP_REPORT_BATCH_H

#include "base/error.h"
#include "model/batch.h"

/*
 * Reads jobs.json: each job with the defaults and its kernel's options filled in, in the order
 * of the file, one for each of its kernels. What isn't understood (an unknown key, a wrong type, a
 * name that is taken or no name of a module) is an error that names the job and the key.
 */
int klp_batch_jobs_read(struct klp_arena *arena, const char *path,
			const struct klp_batch_keys *keys, struct klp_batch *ret,
			struct klp_error *err);

/*
 * The state that klp_batch_state_json() wrote; one that is missing or unreadable is empty: all
 * jobs run then.
 */
void klp_batch_state_read(struct klp_arena *arena, const char *path, struct klp_batch_pasts *ret);
char *klp_batch_state_json(struct klp_arena *arena, const struct klp_batch_pasts *pasts);

/*
 * What a job's report.json says: result (KLP_BATCH_NONE when it is none of ours), patched,
 * warnings, errors and why; and *ret_sum, of its bytes.
 */
void klp_batch_report_read(struct klp_arena *arena, const char *path, struct klp_batch_row *row,
			   const char **ret_sum);

/* The table. */
char *klp_batch_json(struct klp_arena *arena, const struct klp_batch_rows *rows);

#endif
