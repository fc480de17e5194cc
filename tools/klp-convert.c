// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * klp-convert: stage 7 alone. The module that Kbuild built, and the plan that was written
 * beside its sources, give the livepatch module.
 */
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "common.h"
#include "convert/convert.h"
#include "report/report.h"
#include "tree/tree.h"

static const struct tool_option options[] = {
	{ 'b', "build", "DIR", "the kernel build that the module was built for",
	  .takes = TOOL_BUILD },
	{ 'p', "plan", "FILE", "the plan (default: IN.plan.json, if there is one)",
	  .takes = TOOL_FILE },
	{ 'o', "output", "FILE", "the livepatch module to write", .takes = TOOL_NEW_FILE },
	{ 'v', "verbose", NULL, "print what was converted" },
	TOOL_COMMON_OPTIONS,
};

static const struct tool tool = {
	.name = "klp-convert",
	.usage = "-b BUILD [--plan FILE] IN.ko -o OUT.ko",
	.summary =
		"Turns the references of a module to what the kernel doesn't export into "
		"livepatch\n"
		"symbols and relocations (Documentation/livepatch/module-elf-format.rst of the\n"
		"kernel): those that its plan names; without a plan, those that are annotated in "
		"the\n"
		"module, and what is undefined besides, where the build has just one of the name.",
	.options = options,
	.operands = TOOL_FILE,
	.epilog = "exit status: 0 done, 1 the module can't be converted, 2 usage or "
		  "trouble",
};

struct args {
	const char *build, *plan, *in, *out;
	bool verbose;
};

static void parse(int argc, char **argv, struct args *args)
{
	int key;

	while ((key = tool_getopt(&tool, argc, argv)) != -1) {
		if (key == 'b')
			args->build = optarg;
		else if (key == 'p')
			args->plan = optarg;
		else if (key == 'o')
			args->out = optarg;
		else if (key == 'v')
			args->verbose = true;
	}
	if (optind + 1 != argc)
		tool_usage_error(&tool, "give the module that Kbuild built",
				 "one module is needed");
	args->in = argv[optind];
	if (!args->build)
		tool_usage_error(&tool, "add --build DIR: it says what the kernel exports, and has",
				 "no kernel build given");
	if (!args->out)
		tool_usage_error(&tool, "add --output FILE", "no output given");
}

/* IN.plan.json for IN.ko, or NULL when there is none. */
static const char *default_plan(struct klp_arena *arena, const char *module)
{
	size_t len = strlen(module);
	const char *path;

	if (len > 3 && !strcmp(module + len - 3, ".ko"))
		len -= 3;
	path = klp_sprintf(arena, "%.*s.plan.json", (int)len, module);
	return klp_file_exists(path) ? path : NULL;
}

/* What a reference that is refused may stand for, each by the position that would choose it. */
static void print_candidates(struct klp_arena *arena, const struct klp_candidates *candidates)
{
	for (size_t i = 0; i < candidates->n; i++) {
		const struct klp_candidate *c = &candidates->v[i];

		if (!i)
			fprintf(stderr, "  %-12s %-8s %-18s %-16s %-20s %s\n", "object", "position",
				"address", "section", "file", "name");
		tool_puts(stderr,
			  klp_sprintf(arena, "  %-12s %-8u 0x%016llx %-16s %-20s %s\n", c->object,
				      c->sympos, (unsigned long long)c->address, c->section,
				      c->file && *c->file ? c->file : "-", c->symbol));
	}
}

static void print_stats(const struct args *args, const struct klp_convert_stats *stats)
{
	printf("%s: %u symbols, %u relocations in %zu sections\n", args->out, stats->symbols,
	       stats->relocations, stats->sections.n);
	for (size_t i = 0; i < stats->sections.n; i++)
		printf("  %s\n", stats->sections.v[i]);
}

static int run(struct klp_arena *arena, const struct args *args, struct klp_candidates *candidates,
	       struct klp_error *err)
{
	const char *plan_path = args->plan ? args->plan : default_plan(arena, args->in);
	struct klp_tree_opts tree_opts = { .build = args->build, .no_units = true };
	struct klp_convert_stats stats = {};
	struct klp_plan plan = {};
	struct klp_tree tree;
	struct klp_convert_opts opts = {
		.plan = plan_path ? &plan : NULL,
		.tree = &tree,
		.candidates = candidates,
	};

	if ((plan_path && klp_plan_read(arena, plan_path, &plan, err) < 0) ||
	    klp_tree_open(arena, &tree_opts, &tree, err) < 0) {
		klp_error_hint(err, "are the paths right, and may they be read?");
		return TOOL_TROUBLE;
	}
	if (klp_convert(arena, args->in, args->out, &opts, &stats, err) < 0)
		return err->code == KLP_EINPUT ? TOOL_REFUSED : TOOL_TROUBLE;
	if (args->verbose)
		print_stats(args, &stats);
	return TOOL_DONE;
}

int main(int argc, char **argv)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct klp_candidates candidates = {};
	struct klp_error err = {};
	struct args args = {};
	int status;

	parse(argc, argv, &args);
	status = run(arena, &args, &candidates, &err);
	if (status != TOOL_DONE) {
		tool_error(&tool, &err);
		print_candidates(arena, &candidates);
	}
	return status;
}
