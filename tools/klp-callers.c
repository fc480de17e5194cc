// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * klp-callers: stages 1 to 3 as a question. Who must be patched when these functions change,
 * and why?
 */
#include <unistd.h>

#include "build_options.h"
#include "callers.h"
#include "common.h"
#include "guard.h"
#include "progress.h"
#include "report/report.h"
#include "run/run.h"

enum { OPT_JSON = TOOL_LONG, OPT_DOT };

static const struct tool_option options[] = {
	TOOL_IPA_DUMPS_OPTION,
	TOOL_BUILD_OPTION,
	{ 'p', "patch", "FILE",
	  "ask about the functions that this diff changes (the\n"
	  "source is needed for that); may be given several times",
	  .takes = TOOL_FILE, .flags = TOOL_MANY },
	TOOL_SOURCE_OPTION,
	{ OPT_JSON, "json", NULL, "print JSON: changed, patch, copied, findings" },
	{ OPT_DOT, "dot", NULL, "print a picture for Graphviz" },
	TOOL_JOBS_OPTION,
	{ 'v', "verbose", NULL, "say what is being done" },
	TOOL_COMMON_OPTIONS,
};

static const struct tool tool = {
	.name = "klp-callers",
	.usage = "--ipa-dumps BUILD {FUNCTION[@FILE]... | --patch FIX.diff} [OPTION]...",
	.summary =
		"Prints the functions that must be patched when the given ones change: every one "
		"into\n"
		"which the compiler put their code, with the reason.",
	.options = options,
	.epilog = "Exit status: 0 there is an answer, 1 a finding says why there is none or why it "
		  "can't\nbe patched, 2 usage or trouble.",
};

struct settings {
	struct klp_run_opts run;
	bool json, dot;
};

static void parse(struct klp_arena *arena, int argc, char **argv, struct settings *s)
{
	s->run.stop_after = KLP_STAGE_CHECK;
	s->run.no_output = true;
	for (int key; (key = tool_getopt(&tool, argc, argv)) != -1;) {
		if (tool_build_option(&tool, key, arena, &s->run))
			continue;
		switch (key) {
		case OPT_JSON:
			s->json = true;
			break;
		case OPT_DOT:
			s->dot = true;
			break;
		case 'v':
			s->run.log = tool_log(KLP_LOG_DEBUG);
			break;
		}
	}
	for (int i = optind; i < argc; i++)
		klp_vec_push(arena, &s->run.functions, argv[i]);
}

static void check_usage(const struct settings *s)
{
	if (!s->run.functions.n && !s->run.patches.n)
		tool_usage_error(&tool, "give FUNCTION, FUNCTION@file.c, or a diff with --patch",
				 "no function was given");
	if (s->run.functions.n && s->run.patches.n)
		tool_usage_error(&tool, "ask about one of them at a time",
				 "both a patch and functions were given");
	tool_need_build(&tool, &s->run);
	if (s->json && s->dot)
		tool_usage_error(&tool, NULL, "--json and --dot exclude each other");
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

	if (!opts.log.fn)
		opts.log = tool_progress_start(&progress);
	klp_run(arena, &opts, &report, &err);
	tool_progress_stop(&progress);
	if (err.code) {
		tool_error(&tool, &err);
		return TOOL_TROUBLE;
	}
	if (s->json && !tool_write(&tool, "-", klp_report_callers_json(arena, &report)))
		return TOOL_TROUBLE;
	if (s->dot)
		callers_dot(stdout, &report);
	else if (!s->json)
		callers_print(stdout, &report, tool_wants_colour(stdout));
	/* A picture has no room for them, and without one there is nothing to see. */
	for (size_t i = 0; s->dot && i < report.findings.n; i++)
		if (report.findings.v[i].severity == KLP_ERROR)
			tool_finding(stderr, &report.findings.v[i], tool_wants_colour(stderr));
	if (fflush(stdout))
		return TOOL_TROUBLE;
	return report.refused ? TOOL_REFUSED : TOOL_DONE;
}

int main(int argc, char **argv)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct settings s = {};

	parse(arena, argc, argv, &s);
	check_usage(&s);
	return tool_guarded(&tool, work, &s);
}
