// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * klp-prep: from a unified diff and a kernel's build directory to a livepatch module.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "batch.h"
#include "build_options.h"
#include "common.h"
#include "guard.h"
#include "progress.h"
#include "report/report.h"
#include "run/run.h"
#include "summary.h"

enum {
	OPT_STOP_AFTER = TOOL_LONG,
	OPT_JSON,
	OPT_KEEP,
	OPT_NO_PROOF,
	OPT_BASE,
	OPT_NO_REPLACE,
	OPT_CALLBACKS,
	OPT_STATE,
	OPT_EXTERNS,
	OPT_POLICY,
	OPT_LAYOUT,
	OPT_SHADOW,
	OPT_BATCH,
	OPT_EMIT_NINJA,
};

#define OF_JOB	 .flags = TOOL_OF_JOB
#define OF_BATCH .flags = TOOL_OF_BATCH

static const struct tool_option options[] = {
	{ 'p', "patch", "FILE", "the fix, a unified diff (-p1); several: in order; -: stdin",
	  .takes = TOOL_FILE, .flags = TOOL_MANY | TOOL_OF_JOB },
	{ 'f', "function", "LIST", "FUNCTION[@path/file.c],...: as they are, for you to edit",
	  .flags = TOOL_MANY | TOOL_OF_JOB },
	TOOL_IPA_DUMPS_OPTION,
	TOOL_BUILD_OPTION,
	TOOL_SOURCE_OPTION,
	{ 'o', "output", "DIR", "module directory to write (default: livepatch-NAME)",
	  .takes = TOOL_DIR, OF_BATCH },
	{ 'n', "name", "NAME", "module name (default: from the patch's, or the function)" },
	{ OPT_BASE, "base", "DIR", "an earlier output: hold its fixes, too, and replace it",
	  .takes = TOOL_LIVEPATCH, OF_JOB },
	{ OPT_NO_REPLACE, "no-replace", NULL,
	  "stand beside other livepatches (default: replace all)", OF_JOB },
	{ OPT_CALLBACKS, "callbacks", "[=FILE]",
	  "with the callbacks that FILE defines, or skeletons", .takes = TOOL_FILE, OF_JOB },
	{ OPT_STATE, "state", "ID:VERSION", "with this klp_state; may be given several times",
	  .flags = TOOL_MANY | TOOL_OF_JOB },
	{ OPT_EXTERNS, "externs", "HOW", "reach the kernel by reloc (default), or kallsyms",
	  .words = "reloc kallsyms", OF_JOB },
	{ OPT_SHADOW, "shadow", "STRUCT.MEMBER",
	  "write accessors of a shadow variable for what a fix adds",
	  .flags = TOOL_MANY | TOOL_OF_JOB },
	{ OPT_POLICY, "policy", "FILE", "decisions against the defaults, with reasons",
	  .takes = TOOL_FILE, OF_JOB },
	{ OPT_LAYOUT, "layout", "HOW", "module (default), or suse, for the tree of that name",
	  .words = "module suse", OF_JOB },
	{ OPT_STOP_AFTER, "stop-after", "STAGE",
	  "detect, closure, check, extract, render, build, convert\n"
	  "or verify (default: verify, the last)",
	  .words = "detect closure check extract render build convert verify", OF_JOB },
	{ OPT_JSON, "json", "FILE", "the report as JSON, besides OUTPUT/report.json; -: stdout",
	  .takes = TOOL_NEW_FILE, OF_BATCH },
	{ OPT_KEEP, "keep", "DIR", "keep each stage's result, and the build's log, in DIR",
	  .takes = TOOL_DIR },
	{ OPT_NO_PROOF, "no-proof", NULL, "leave out the compile-and-compare proofs", OF_JOB },
	{ OPT_BATCH, "batch", "FILE", "run the jobs of FILE side by side; what is done is kept",
	  .takes = TOOL_FILE, OF_BATCH },
	{ OPT_EMIT_NINJA, "emit-ninja", "FILE", "write the batch's jobs as a Ninja file instead",
	  .takes = TOOL_NEW_FILE, OF_BATCH },
	TOOL_JOBS_OPTION,
	{ 'q', "quiet", NULL, "no summary; errors only", OF_BATCH },
	{ 'v', "verbose", NULL, "say what is being done, and how long each stage took", OF_BATCH },
	TOOL_COMMON_OPTIONS,
};

static const struct tool tool = {
	.name = "klp-prep",
	.usage = "{--patch FIX.diff | --function FUNCTION@file.c} --ipa-dumps BUILD [OPTION]...",
	.summary =
		"Makes a livepatch module from a source fix for the kernel that was built in "
		"BUILD:\n"
		"finds what must be patched and why, extracts it, builds it, checks the result.\n"
		"With --function the module replaces functions by themselves, for you to edit.",
	.options = options,
	.epilog = "Exit status: 0 done (a loadable module, or the stage asked for; or nothing to "
		  "do),\n"
		  "1 refused (the findings say why, and what to do), 2 usage or trouble.",
};

struct settings {
	struct klp_run_opts run;
	const char *json;
	const char *batch, *ninja;
	bool quiet, verbose;
};

static void take_functions(struct klp_arena *arena, const char *list, struct klp_strs *ret)
{
	for (const char *p = list;; p++) {
		size_t len = strcspn(p, ",");

		klp_vec_push(arena, ret, klp_strndup(arena, p, len));
		p += len;
		if (!*p)
			return;
	}
}

/* include/linux/livepatch.h struct klp_state: an unsigned long, not 0, and an unsigned int */
static void take_state(struct klp_arena *arena, const char *arg, struct klp_table_states *ret)
{
	struct klp_table_state state;
	unsigned int version;
	char *end;

	errno = 0;
	state.id = strtoull(arg, &end, 0);
	if (arg[0] < '0' || arg[0] > '9' || *end != ':' || errno || !state.id)
		tool_usage_error(&tool, "give a number that is not 0 and a version, --state 17:1",
				 "'%s' is no ID:VERSION", arg);
	version = tool_number(&tool, "--state ID:VERSION", end + 1, 0, UINT32_MAX);
	state.version = version;
	for (size_t i = 0; i < ret->n; i++)
		if (ret->v[i].id == state.id)
			tool_usage_error(&tool, "a state has one version",
					 "state %" PRIu64 " is given twice", state.id);
	klp_vec_push(arena, ret, state);
}

static enum klp_run_externs externs(const char *how)
{
	if (!strcmp(how, "kallsyms"))
		return KLP_EXTERNS_KALLSYMS;
	if (strcmp(how, "reloc") != 0)
		tool_usage_error(&tool, "--externs is reloc or kallsyms",
				 "there is no way '%s' to resolve a reference", how);
	return KLP_EXTERNS_RELOC;
}

static enum klp_run_layout layout(const char *how)
{
	if (!strcmp(how, "suse"))
		return KLP_LAYOUT_SUSE;
	if (strcmp(how, "module") != 0)
		tool_usage_error(&tool, "--layout is module or suse", "there is no layout '%s'",
				 how);
	return KLP_LAYOUT_MODULE;
}

static void take_shadow(struct klp_arena *arena, const char *arg, struct klp_strs *ret)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789_.";
	size_t n = strlen(arg);

	if (!strchr(arg, '.') || strspn(arg, letters) != n || strstr(arg, "..") || arg[0] == '.' ||
	    arg[n - 1] == '.' || n > 200)
		tool_usage_error(&tool, "give the struct's tag and the member, --shadow note.seen",
				 "'%s' is no STRUCT.MEMBER", arg);
	klp_strs_add(arena, ret, arg);
}

static void parse(struct klp_arena *arena, int argc, char **argv, struct settings *s)
{
	const char *of_one = NULL; /* an option that is of no use to a batch */
	int stage;

	s->run.stop_after = KLP_STAGE_VERIFY;
	for (int key; (key = tool_getopt(&tool, argc, argv)) != -1;) {
		if (!(tool_option_of(&tool, key)->flags & TOOL_OF_BATCH))
			of_one = tool_option_of(&tool, key)->name;
		if (tool_build_option(&tool, key, arena, &s->run))
			continue;
		switch (key) {
		case 'f':
			take_functions(arena, optarg, &s->run.named);
			break;
		case 'o':
			s->run.output = optarg;
			break;
		case 'n':
			s->run.name = optarg;
			break;
		case OPT_BASE:
			s->run.base = optarg;
			break;
		case OPT_EXTERNS:
			s->run.externs = externs(optarg);
			break;
		case OPT_LAYOUT:
			s->run.layout = layout(optarg);
			break;
		case OPT_NO_REPLACE:
			s->run.no_replace = true;
			break;
		case OPT_CALLBACKS:
			s->run.callbacks = true;
			s->run.callbacks_file = optarg;
			break;
		case OPT_STATE:
			take_state(arena, optarg, &s->run.states);
			break;
		case OPT_SHADOW:
			take_shadow(arena, optarg, &s->run.shadows);
			break;
		case OPT_POLICY:
			s->run.policy = optarg;
			break;
		case OPT_STOP_AFTER:
			stage = klp_stage_parse(optarg);
			if (stage < 0)
				tool_usage_error(&tool, NULL, "there is no stage '%s'", optarg);
			s->run.stop_after = (enum klp_stage)stage;
			break;
		case OPT_JSON:
			s->json = optarg;
			break;
		case OPT_KEEP:
			s->run.keep = optarg;
			break;
		case OPT_NO_PROOF:
			s->run.no_proof = true;
			break;
		case OPT_BATCH:
			s->batch = optarg;
			break;
		case OPT_EMIT_NINJA:
			s->ninja = optarg;
			break;
		case 'q':
			s->quiet = true;
			break;
		case 'v':
			s->verbose = true;
			break;
		}
	}
	if (optind < argc)
		tool_usage_error(&tool, NULL, "there are no operands, but '%s' was given",
				 argv[optind]);
	if (s->ninja && !s->batch)
		tool_usage_error(&tool, "give the jobs with --batch FILE",
				 "--emit-ninja writes the jobs of a batch");
	if (s->batch && of_one)
		tool_usage_error(&tool, "say it in the batch's file, of a job or in 'defaults'",
				 "--%s is said of one job, not beside --batch", of_one);
	if (s->batch)
		return;
	if (!s->run.patches.n && !s->run.named.n && !s->run.base)
		tool_usage_error(&tool,
				 "give the fix as a unified diff with --patch FILE, or name "
				 "functions with --function",
				 "neither a patch nor a function was given");
	tool_need_build(&tool, &s->run);
}

/* With --quiet, or with the report on standard output, only refusals are shown, on stderr. */
static void show(const struct settings *s, const struct klp_report *report)
{
	if (!s->quiet && !(s->json && !strcmp(s->json, "-"))) {
		summary_print(stdout, report,
			      &(struct summary_opts){ .colour = tool_wants_colour(stdout),
						      .timing = s->verbose });
		return;
	}
	for (size_t i = 0; i < report->findings.n; i++)
		if (report->findings.v[i].severity == KLP_ERROR)
			tool_finding(stderr, &report->findings.v[i], tool_wants_colour(stderr));
}

/* In a child of main(): see guard.h. */
static int work(void *ctx)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	const struct settings *s = ctx;
	struct tool_progress progress = {};
	struct klp_run_opts opts = s->run;
	struct klp_report report = {};
	struct klp_error err = {};

	if (!s->verbose && !s->quiet)
		opts.log = tool_progress_start(&progress);
	klp_run(arena, &opts, &report, &err);
	tool_progress_stop(&progress);
	if (err.code) {
		tool_error(&tool, &err);
		return TOOL_TROUBLE;
	}
	show(s, &report);
	if (s->json && !tool_write(&tool, s->json, klp_report_json(arena, &report)))
		return TOOL_TROUBLE;
	if (fflush(stdout))
		return TOOL_TROUBLE;
	return report.refused ? TOOL_REFUSED : TOOL_DONE;
}

static int batch(const struct settings *s)
{
	const struct batch_settings settings = { .file = s->batch,
						 .output = s->run.output,
						 .json = s->json,
						 .ninja = s->ninja,
						 .jobs = s->run.jobs,
						 .quiet = s->quiet,
						 .verbose = s->verbose };

	return batch_main(&tool, &settings);
}

int main(int argc, char **argv)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct settings s = {};

	parse(arena, argc, argv, &s);
	if (s.batch)
		return batch(&s);
	if (s.verbose)
		s.run.log = tool_log(KLP_LOG_DEBUG);
	return tool_guarded(&tool, work, &s);
}
