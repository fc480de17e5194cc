/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of batch/ share. */
#ifndef KLP_BATCH_PRIVATE_H
#define KLP_BATCH_PRIVATE_H

#include "batch/batch.h"

/* The absolute, clean path of opts->output, which need not exist. */
int klp__batch_output(struct klp_arena *arena, const struct klp_batch_opts *opts, char **ret,
		      struct klp_error *err);
/* OUTPUT/ID, and a file in it. */
char *klp__batch_dir(struct klp_arena *arena, const char *output, const struct klp_batch_job *job);
char *klp__batch_report(struct klp_arena *arena, const char *output,
			const struct klp_batch_job *job);
/* The words behind the program's name; not yet NULL at the end. */
void klp__batch_words(struct klp_arena *arena, const char *output, const struct klp_batch_job *job,
		      unsigned int jobs, struct klp_strs *ret);

/* sum.c */
/* Files of a build by which one is told from another: names in its directory, NULL at the end. */
extern const char *const klp__batch_build_files[];
/* Of the program's bytes, and the library's: they stand for its version. */
const char *klp__batch_program_sum(struct klp_arena *arena, const char *program);
/* Of everything that the job's result depends on; the base must be there already. */
const char *klp__batch_sum(struct klp_arena *arena, const struct klp_batch *batch,
			   const char *program_sum, const char *output,
			   const struct klp_batch_job *job);

#endif
