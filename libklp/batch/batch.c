// SPDX-License-Identifier: GPL-2.0-or-later
#include "batch/batch.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "batch/private.h"
#include "report/batch.h"

int klp_batch_read(struct klp_arena *arena, const char *path, const struct klp_batch_keys *keys,
		   struct klp_batch *ret, struct klp_error *err)
{
	return klp_batch_jobs_read(arena, path, keys, ret, err);
}

char *klp_batch_table_json(struct klp_arena *arena, const struct klp_batch_rows *rows)
{
	return klp_batch_json(arena, rows);
}

int klp__batch_output(struct klp_arena *arena, const struct klp_batch_opts *opts, char **ret,
		      struct klp_error *err)
{
	char cwd[4096];

	if (!getcwd(cwd, sizeof(cwd)))
		return klp_error_set(err, KLP_ETROUBLE, "there is no current directory: %s",
				     strerror(errno));
	*ret = klp_path_clean(arena, klp_path_join(arena, cwd, opts->output));
	return 0;
}

char *klp__batch_dir(struct klp_arena *arena, const char *output, const struct klp_batch_job *job)
{
	return klp_path_join(arena, output, job->id);
}

char *klp__batch_report(struct klp_arena *arena, const char *output,
			const struct klp_batch_job *job)
{
	return klp_sprintf(arena, "%s/%s/report.json", output, job->id);
}

void klp__batch_words(struct klp_arena *arena, const char *output, const struct klp_batch_job *job,
		      unsigned int jobs, struct klp_strs *ret)
{
	for (size_t i = 0; i < job->args.n; i++)
		klp_vec_push(arena, ret, job->args.v[i]);
	if (job->base)
		klp_vec_push(arena, ret,
			     klp_sprintf(arena, "--base=%s",
					 klp__batch_dir(arena, output, job->base)));
	klp_vec_push(arena, ret, klp_sprintf(arena, "--name=%s", job->name));
	klp_vec_push(arena, ret,
		     klp_sprintf(arena, "--output=%s", klp__batch_dir(arena, output, job)));
	klp_vec_push(arena, ret, klp_sprintf(arena, "--jobs=%u", jobs));
	/* who reads a log wants to see what went wrong; the rest is in the report */
	klp_vec_push(arena, ret, "--quiet");
}
