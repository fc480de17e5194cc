// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * klp-audit: is this kernel build fit to be livepatched? One page.
 */
#include <string.h>
#include <unistd.h>

#include "audit/audit.h"
#include "build_options.h"
#include "common.h"
#include "progress.h"
#include "report/report.h"

enum { OPT_JSON = TOOL_LONG };

static const struct tool_option options[] = {
	{ OPT_JSON, "json", NULL, "print JSON" },
	TOOL_JOBS_OPTION,
	TOOL_COMMON_OPTIONS,
};

static const struct tool tool = {
	.name = "klp-audit",
	.usage = "BUILD [OPTION]...",
	.summary =
		"Says whether a kernel build is fit to be livepatched: its configuration, what "
		"the\n"
		"compiler's optimizations do across functions, and what became of the functions.",
	.options = options,
	.epilog = "Exit status: 0 fit, 1 a finding says why not, 2 usage or trouble.",
	.operands = TOOL_BUILD,
};

static void heading(const char *text, bool colour)
{
	printf("\n%s%s%s\n", tool_style(TOOL_BOLD, colour), text, tool_style(TOOL_PLAIN, colour));
}

static void print_build(const struct klp_audit *a)
{
	fputs("kernel ", stdout);
	tool_puts(stdout, a->release ? a->release : "(release unknown)");
	fputs("\ncompiler ", stdout);
	tool_puts(stdout, a->version ? a->version : "(version unknown)");
	fputs(" as", stdout);
	for (size_t i = 0; i < a->compilers.n; i++) {
		putchar(' ');
		tool_puts(stdout, a->compilers.v[i]);
	}
	printf("\n%u C objects, %u of them of modules; %u traced, %u with -flive-patching, %u with "
	       "LTO, %u by clang; %u without a dump\n",
	       a->units, a->modules, a->traced, a->live_patching, a->lto, a->clang,
	       a->without_dump);
}

static void print_config(const struct klp_audit *a, bool colour)
{
	if (!a->config.n)
		return;
	heading("configuration", colour);
	for (size_t i = 0; i < a->config.n; i++) {
		const struct klp_audit_option *o = &a->config.v[i];

		printf("  %s%-4s%s %-32s ", tool_style(o->good ? TOOL_GREEN : TOOL_RED, colour),
		       o->good ? "ok" : "BAD", tool_style(TOOL_PLAIN, colour), o->name);
		tool_puts(stdout, o->value ? o->value : "-");
		printf("   %s\n", o->why);
	}
}

static void print_passes(const struct klp_audit *a, bool colour)
{
	static const char *const traces[] = {
		[KLP_TRACE_DUMP] = "the dump tells",
		[KLP_TRACE_SYMBOL] = "symbols tell",
		[KLP_TRACE_NONE] = "NO TRACE",
	};

	heading("gcc's optimizations across functions, units that they were on for", colour);
	/* "off" would be read as: nothing was inlined there. */
	if (a->clang)
		printf("  not known of %u units: clang compiled them, and notes none of its own\n",
		       a->clang);
	for (size_t i = 0; a->clang < a->units && i < a->passes.n; i++) {
		const struct klp_audit_pass *p = &a->passes.v[i];
		bool hidden = p->live && p->trace == KLP_TRACE_NONE;

		printf("  %-30s %5u  %s%-14s%s  %s\n", p->name, p->live,
		       tool_style(hidden ? TOOL_YELLOW : TOOL_PLAIN, colour),
		       p->live ? traces[p->trace] : "off", tool_style(TOOL_PLAIN, colour),
		       p->effect);
	}
}

static void print_count(const char *what, unsigned int n, unsigned int of)
{
	printf("  %-44s %7u", what, n);
	if (of)
		printf("  %5.1f %%", 100.0 * n / of);
	putchar('\n');
}

static void print_counts(const struct klp_audit *a, bool colour)
{
	heading("functions of .c files, by unit", colour);
	print_count("seen or emitted", a->functions, 0);
	print_count("inlined, nothing else left", a->inlined_away, a->functions);
	print_count("inlined and still there: both to patch", a->inlined_emitted, a->functions);
	print_count("cloned (.isra, .constprop, .part)", a->cloned, a->functions);
	heading("function symbols of vmlinux and modules, without init code", colour);
	print_count("all", a->symbols, 0);
	print_count("traceable", a->traceable, a->symbols);
	print_count("of one address with another static one", a->folded, a->symbols);
	print_count("name not unique in its object", a->duplicates, a->symbols);
}

static void print(const struct klp_audit *a, bool colour)
{
	print_build(a);
	print_config(a, colour);
	print_passes(a, colour);
	print_counts(a, colour);
	if (a->findings.n)
		heading("findings", colour);
	for (size_t i = 0; i < a->findings.n; i++)
		tool_finding(stdout, &a->findings.v[i], colour);
}

int main(int argc, char **argv)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	struct klp_audit_opts opts = { .jobs = (unsigned int)(cores > 0 ? cores : 1) };
	struct tool_progress progress;
	struct klp_audit audit = {};
	struct klp_error err = {};
	bool json = false;

	for (int key; (key = tool_getopt(&tool, argc, argv)) != -1;) {
		if (key == OPT_JSON)
			json = true;
		else if (key == 'j')
			opts.jobs = tool_number(&tool, "--jobs", optarg, 1, TOOL_MAX_JOBS);
	}
	if (optind + 1 != argc)
		tool_usage_error(&tool, "give the directory in which the kernel was built",
				 "one build is needed");
	opts.build = argv[optind];
	tool_progress_start(&progress);
	tool_progress_say(&progress, opts.build);
	klp_audit(arena, &opts, &audit, &err);
	tool_progress_stop(&progress);
	if (err.code) {
		tool_error(&tool, &err);
		return TOOL_TROUBLE;
	}
	if (!json)
		print(&audit, tool_wants_colour(stdout));
	else if (!tool_write(&tool, "-", klp_audit_json(arena, &audit)))
		return TOOL_TROUBLE;
	if (fflush(stdout))
		return TOOL_TROUBLE;
	return klp_findings_refuse(&audit.findings) ? TOOL_REFUSED : TOOL_DONE;
}
