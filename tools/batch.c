// SPDX-License-Identifier: GPL-2.0-or-later
#include "batch.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "batch/batch.h"
#include "guard.h"
#include "progress.h"

struct work {
	const struct tool *tool;
	const struct batch_settings *settings;
	struct klp_batch_keys keys;
	struct klp_batch_opts opts;
	struct tool_progress progress;
};

static enum klp_batch_reads reads(enum tool_takes takes)
{
	switch (takes) {
	case TOOL_FILE:
		return KLP_BATCH_READS_FILE;
	case TOOL_BUILD:
		return KLP_BATCH_READS_BUILD;
	case TOOL_LIVEPATCH:
		return KLP_BATCH_READS_LIVEPATCH;
	case TOOL_TEXT:
	case TOOL_NEW_FILE:
	case TOOL_DIR: /* the source: what counts of it is what was built */
		break;
	}
	return KLP_BATCH_READS_NOTHING;
}

static void take_keys(struct klp_arena *arena, const struct tool *tool, struct klp_batch_keys *ret)
{
	for (const struct tool_option *o = tool->options; o->name; o++) {
		struct klp_batch_key key = {
			.name = o->name,
			.is_switch = !o->arg,
			.may_be_switch = o->arg && o->arg[0] == '[',
			.many = o->flags & TOOL_MANY,
			.words = o->words,
			.reads = reads(o->takes),
		};

		if (o->flags & TOOL_OF_JOB)
			klp_vec_push(arena, ret, key);
	}
}

static void place(FILE *out, const struct klp_batch_why *why)
{
	if (!why->file)
		return;
	tool_puts(out, why->file);
	if (why->line)
		fprintf(out, ":%u", why->line);
}

static enum tool_style style(enum klp_batch_result result)
{
	if (result == KLP_BATCH_REFUSED)
		return TOOL_YELLOW;
	return klp_batch_is_done(result) ? TOOL_GREEN : TOOL_RED;
}

static bool is_trouble(const struct klp_batch_row *row)
{
	return !klp_batch_is_done(row->result);
}

static void print_row(FILE *out, const struct klp_batch_row *row, int width, bool colour)
{
	fprintf(out, "%-*s  %s%-13s%s", width, row->id, tool_style(style(row->result), colour),
		klp_batch_result_name(row->result), tool_style(TOOL_PLAIN, colour));
	if (is_trouble(row))
		fprintf(out, "  %7s  %8s", "-", "-");
	else
		fprintf(out, "  %7u  %8u", row->patched, row->warnings);
	fprintf(out, "  %7.1f%s", row->seconds, row->before ? " before" : "");
	if (row->result == KLP_BATCH_REFUSED && row->why.code) {
		fprintf(out, "  %s ", row->why.code);
		place(out, &row->why);
		if (row->errors > 1)
			fprintf(out, " and %u more", row->errors - 1);
	} else if (is_trouble(row) && row->log) {
		fputs("  ", out);
		tool_puts(out, row->log);
	}
	fputc('\n', out);
}

/* What to do about each that was neither made nor refused for a reason of the fix. */
static void print_troubles(FILE *out, const struct klp_batch_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++) {
		const struct klp_batch_row *row = &rows->v[i];

		if (!is_trouble(row))
			continue;
		fprintf(out, "\n%s: ", row->id);
		tool_puts(out, row->why.text);
		fputs("\n  hint: ", out);
		tool_puts(out, row->why.hint);
		fputc('\n', out);
	}
}

static void print_count(FILE *out, const struct klp_batch_rows *rows)
{
	static const struct {
		enum klp_batch_result from, to;
		const char *what;
	} parts[] = {
		{ KLP_BATCH_MODULE, KLP_BATCH_MODULE, "made" },
		{ KLP_BATCH_STOPPED, KLP_BATCH_STOPPED, "stopped as asked" },
		{ KLP_BATCH_NOTHING_TO_DO, KLP_BATCH_NOTHING_TO_DO, "with nothing to do" },
		{ KLP_BATCH_REFUSED, KLP_BATCH_REFUSED, "refused" },
		{ KLP_BATCH_FAILED, KLP_BATCH_NOT_RUN, "in trouble" },
	};
	const char *before = ": ";
	size_t done_before = 0;

	fprintf(out, "%zu job%s", rows->n, rows->n == 1 ? "" : "s");
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		size_t n = 0;

		for (size_t k = 0; k < rows->n; k++)
			n += rows->v[k].result >= parts[i].from && rows->v[k].result <= parts[i].to;
		if (!n)
			continue;
		fprintf(out, "%s%zu %s", before, n, parts[i].what);
		before = ", ";
	}
	for (size_t k = 0; k < rows->n; k++)
		done_before += rows->v[k].before;
	if (done_before)
		fprintf(out, "; %zu of them before", done_before);
	fputc('\n', out);
}

static void print_table(FILE *out, const struct klp_batch_rows *rows, bool colour)
{
	int width = 3;

	for (size_t i = 0; i < rows->n; i++)
		if ((int)strlen(rows->v[i].id) > width)
			width = (int)strlen(rows->v[i].id);
	fprintf(out, "%s%-*s  %-13s  %7s  %8s  %7s%s\n", tool_style(TOOL_BOLD, colour), width,
		"job", "result", "patched", "warnings", "seconds", tool_style(TOOL_PLAIN, colour));
	for (size_t i = 0; i < rows->n; i++)
		print_row(out, &rows->v[i], width, colour);
	print_troubles(out, rows);
	fputc('\n', out);
	print_count(out, rows);
}

static int worst(const struct klp_batch_rows *rows)
{
	int status = TOOL_DONE;

	for (size_t i = 0; i < rows->n; i++)
		if (is_trouble(&rows->v[i]))
			return TOOL_TROUBLE;
		else if (rows->v[i].result == KLP_BATCH_REFUSED)
			status = TOOL_REFUSED;
	return status;
}

static void tell(void *ctx, const struct klp_batch_progress *at)
{
	struct work *w = ctx;
	char text[256];

	snprintf(text, sizeof(text), "%s: %zu of %zu done, %zu running%s%s", w->settings->file,
		 at->done, at->jobs, at->running, at->begun ? ", the last: " : "",
		 at->begun ? at->begun : "");
	tool_progress_say(&w->progress, text);
	if (w->settings->verbose && at->begun)
		fprintf(stderr, "%s: begins\n", at->begun);
	if (w->settings->verbose && at->row)
		fprintf(stderr, "%s: %s, %.1f s (%zu of %zu)\n", at->row->id,
			klp_batch_result_name(at->row->result), at->row->seconds, at->done,
			at->jobs);
}

/* Without the table only what somebody must see to. */
static void show(const struct work *w, const struct klp_batch_rows *rows)
{
	if (w->settings->quiet)
		print_troubles(stderr, rows);
	else if (!w->settings->json || strcmp(w->settings->json, "-") != 0)
		print_table(stdout, rows, tool_wants_colour(stdout));
}

static int run(struct klp_arena *arena, struct work *w, const struct klp_batch *batch)
{
	struct klp_batch_rows rows = {};
	struct klp_error err = {};

	if (!w->settings->quiet && !w->settings->verbose)
		tool_progress_start(&w->progress);
	klp_batch_run(arena, batch, &w->opts, &rows, &err);
	tool_progress_stop(&w->progress);
	if (err.code) {
		tool_error(w->tool, &err);
		return TOOL_TROUBLE;
	}
	show(w, &rows);
	if (w->settings->json &&
	    !tool_write(w->tool, w->settings->json, klp_batch_table_json(arena, &rows)))
		return TOOL_TROUBLE;
	return fflush(stdout) ? TOOL_TROUBLE : worst(&rows);
}

/* ninja starts the program later, from elsewhere. */
static int emit(struct klp_arena *arena, struct work *w, const struct klp_batch *batch)
{
	struct klp_error err = {};
	char *text, *program;

	if (klp_realpath(arena, w->opts.program, &program, &err) < 0) {
		tool_error(w->tool, &err);
		return TOOL_TROUBLE;
	}
	w->opts.program = program;
	if (klp_batch_ninja(arena, batch, &w->opts, &text, &err) < 0) {
		tool_error(w->tool, &err);
		return TOOL_TROUBLE;
	}
	return tool_write(w->tool, w->settings->ninja, text) ? TOOL_DONE : TOOL_TROUBLE;
}

/* In a child of batch_main(): see guard.h. */
static int work(void *ctx)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct klp_batch batch = {};
	struct klp_error err = {};
	struct work *w = ctx;

	if (klp_batch_read(arena, w->settings->file, &w->keys, &batch, &err) < 0) {
		tool_error(w->tool, &err);
		return TOOL_TROUBLE;
	}
	return w->settings->ninja ? emit(arena, w, &batch) : run(arena, w, &batch);
}

int batch_main(const struct tool *tool, const struct batch_settings *settings)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct work w = { .tool = tool, .settings = settings };

	take_keys(arena, tool, &w.keys);
	/* the program that is running, also when the file is replaced meanwhile */
	w.opts = (struct klp_batch_opts){ .program = "/proc/self/exe",
					  .output = settings->output ? settings->output
								     : "livepatches",
					  .jobs = settings->jobs,
					  .progress = tell,
					  .ctx = &w };
	return tool_guarded(tool, work, &w);
}
