// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The Ninja file (ninja-build.org, "Ninja file reference"). Two languages are nested in it: the
 * command is a line for sh, and everything is text to Ninja, in which '$' begins an escape; in
 * paths ' ', ':' and '|' end one as well. There is no escape for '|', but a variable may
 * hold it. Nothing can say a line break.
 */
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/map.h"
#include "batch/private.h"

struct ninja {
	struct klp_buf buf;
	const struct klp_batch *batch;
	const char *output, *program;
	struct klp_map inputs; /* all that have been declared */
};

static bool can_be_said(const char *s)
{
	return !strchr(s, '\n') && !strchr(s, '\r');
}

/* One word of a shell's command, to which everything between '' is itself. */
static void add_word(struct klp_buf *buf, const char *s)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789_-+=:,./@%";

	if (*s && strspn(s, plain) == strlen(s)) {
		klp_buf_add(buf, s);
		return;
	}
	klp_buf_add(buf, "'");
	for (; *s; s++) {
		if (*s == '\'')
			klp_buf_add(buf, "'\\''");
		else if (*s == '$')
			klp_buf_add(buf, "$$");
		else
			klp_buf_addn(buf, s, 1);
	}
	klp_buf_add(buf, "'");
}

static void add_path(struct klp_buf *buf, const char *path)
{
	klp_buf_add(buf, " ");
	for (; *path; path++) {
		if (*path == '|')
			klp_buf_add(buf, "${bar}");
		else
			klp_buf_addf(buf, "%s%c", strchr("$ :", *path) ? "$" : "", *path);
	}
}

static void add_input(struct ninja *n, struct klp_strs *ret, const char *path)
{
	path = klp_path_clean(n->buf.arena, klp_path_join(n->buf.arena, n->batch->dir, path));
	klp_strs_add(n->buf.arena, ret, path);
}

static void add_files_of_build(struct ninja *n, struct klp_strs *ret, const char *dir)
{
	for (const char *const *name = klp__batch_build_files; *name; name++) {
		const char *path = klp_path_join(n->buf.arena, dir, *name);

		/* a build may lack one; what comes later is seen by a file that is written anew */
		if (klp_file_exists(klp_path_join(n->buf.arena, n->batch->dir, path)))
			add_input(n, ret, path);
	}
}

static void inputs_of(struct ninja *n, const struct klp_batch_job *job, struct klp_strs *ret)
{
	klp_strs_add(n->buf.arena, ret, n->program);
	for (size_t i = 0; i < job->inputs.n; i++) {
		const struct klp_batch_input *input = &job->inputs.v[i];

		if (input->reads == KLP_BATCH_READS_FILE)
			add_input(n, ret, input->path);
		else if (input->reads == KLP_BATCH_READS_BUILD)
			add_files_of_build(n, ret, input->path);
		else if (input->reads == KLP_BATCH_READS_LIVEPATCH)
			add_input(n, ret, klp_path_join(n->buf.arena, input->path, "report.json"));
	}
}

/*
 * Without a rule for it, one missing file ends ninja before anything is made. With this one, the
 * job that needs it runs, and says what is missing; the others don't mind.
 */
static void declare_inputs(struct ninja *n, const struct klp_strs *inputs)
{
	for (size_t i = 0; i < inputs->n; i++) {
		if (klp_map_get(&n->inputs, inputs->v[i]))
			continue;
		klp_map_put(&n->inputs, inputs->v[i], n);
		klp_buf_add(&n->buf, "build");
		add_path(&n->buf, inputs->v[i]);
		klp_buf_add(&n->buf, ": phony\n");
	}
}

static void add_job(struct ninja *n, const struct klp_batch_job *job)
{
	struct klp_arena *arena = n->buf.arena;
	struct klp_strs words = {}, inputs = {};

	inputs_of(n, job, &inputs);
	declare_inputs(n, &inputs);
	klp_buf_add(&n->buf, "build");
	add_path(&n->buf, klp__batch_report(arena, n->output, job));
	klp_buf_add(&n->buf, ": klp-prep |");
	for (size_t i = 0; i < inputs.n; i++)
		add_path(&n->buf, inputs.v[i]);
	if (job->base)
		add_path(&n->buf, klp__batch_report(arena, n->output, job->base));
	klp_buf_addf(&n->buf, "\n  job = %s\n  options =", job->id);
	klp__batch_words(arena, n->output, job, 1, &words);
	for (size_t i = 0; i < words.n; i++) {
		klp_buf_add(&n->buf, " ");
		add_word(&n->buf, words.v[i]);
	}
	klp_buf_add(&n->buf, "\n\n");
}

static void add_head(struct ninja *n)
{
	klp_buf_add(&n->buf, "# Written by klp-prep --emit-ninja. A fix that is refused is a "
			     "failed job to ninja, which\n"
			     "# stops there unless it is told to go on: ninja -k 0 -f THIS\n"
			     "ninja_required_version = 1.3\n"
			     "bar = |\n\n"
			     "rule klp-prep\n"
			     "  command = cd ");
	add_word(&n->buf, n->batch->dir);
	klp_buf_add(&n->buf, " && exec ");
	add_word(&n->buf, n->program);
	klp_buf_add(&n->buf, " $options\n"
			     "  description = klp-prep $job\n\n");
}

static int check(const struct ninja *n, struct klp_error *err)
{
	bool good = can_be_said(n->batch->dir) && can_be_said(n->output) && can_be_said(n->program);

	for (size_t i = 0; i < n->batch->jobs.n; i++)
		for (size_t k = 0; k < n->batch->jobs.v[i]->args.n; k++)
			good = good && can_be_said(n->batch->jobs.v[i]->args.v[k]);
	if (good)
		return 0;
	klp_error_set(err, KLP_EUSAGE,
		      "there is a line break in a path, which no Ninja file can "
		      "say");
	return klp_error_hint(err, "rename it, or run the batch without --emit-ninja");
}

int klp_batch_ninja(struct klp_arena *arena, const struct klp_batch *batch,
		    const struct klp_batch_opts *opts, char **ret, struct klp_error *err)
{
	struct ninja n = { .batch = batch, .program = opts->program };
	char *output;

	if (klp__batch_output(arena, opts, &output, err) < 0)
		return err->code;
	n.output = output;
	if (check(&n, err) < 0)
		return err->code;
	klp_buf_init(&n.buf, arena);
	klp_map_init(&n.inputs, arena);
	add_head(&n);
	/* these have a rule: a job's base may be another's output */
	for (size_t i = 0; i < batch->jobs.n; i++)
		klp_map_put(&n.inputs, klp__batch_report(arena, output, batch->jobs.v[i]), &n);
	for (size_t i = 0; i < batch->jobs.n; i++)
		add_job(&n, batch->jobs.v[i]);
	klp_buf_add(&n.buf, "build all: phony");
	for (size_t i = 0; i < batch->jobs.n; i++)
		add_path(&n.buf, klp__batch_report(arena, n.output, batch->jobs.v[i]));
	klp_buf_add(&n.buf, "\ndefault all\n");
	*ret = n.buf.p;
	return 0;
}
