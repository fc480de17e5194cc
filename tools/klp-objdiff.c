// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * klp-objdiff: which functions differ between two objects, whatever their numbering and
 * order; the comparison that the two-compile proof rests on, as a question of its own.
 */
#include <unistd.h>

#include "common.h"
#include "elf/compare.h"
#include "report/compare.h"

enum { OPT_JSON = TOOL_LONG };

static const struct tool_option options[] = {
	{ OPT_JSON, "json", NULL, "print the answer as JSON" },
	{ 'q', "quiet", NULL, "print nothing; the exit status answers" },
	TOOL_COMMON_OPTIONS,
};

static const struct tool tool = {
	.name = "klp-objdiff",
	.usage = "[--json] A.o B.o",
	.summary =
		"Compares two relocatable objects function by function: code, references, and the\n"
		"entries of __bug_table and the like. Numbering, order and debugging information\n"
		"don't count.",
	.options = options,
	.operands = TOOL_FILE,
	.epilog = "exit status: 0 no difference, 1 differences, 2 usage or trouble",
};

struct args {
	const char *a, *b;
	bool json, quiet;
};

static void parse(int argc, char **argv, struct args *args)
{
	int key;

	while ((key = tool_getopt(&tool, argc, argv)) != -1) {
		if (key == OPT_JSON)
			args->json = true;
		else if (key == 'q')
			args->quiet = true;
	}
	if (optind + 2 != argc)
		tool_usage_error(&tool, "give the objects made before and after the change",
				 "two objects are needed");
	args->a = argv[optind];
	args->b = argv[optind + 1];
}

static void print_list(const char *heading, const struct klp_differences *list, bool why)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct klp_difference *d = &list->v[i];

		printf("%s ", heading);
		tool_puts(stdout, d->a ? d->a : d->b);
		if (why) {
			fputs(": ", stdout);
			tool_puts(stdout, d->why);
		}
		putchar('\n');
	}
}

static void print_readers(const char *verb, const struct klp_readers *list)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct klp_reader *r = &list->v[i];

		tool_puts(stdout, r->function);
		printf(" %s ", verb);
		tool_puts(stdout, r->of);
		if (r->via) {
			fputs(" by way of ", stdout);
			tool_puts(stdout, r->via);
		}
		putchar('\n');
	}
}

static void print(const struct klp_compare *c)
{
	print_list("changed:", &c->changed, true);
	print_list("only in A:", &c->only_a, true);
	print_list("only in B:", &c->only_b, true);
	print_list("data changed:", &c->changed_data, true);
	print_list("data only in A:", &c->data_only_a, false);
	print_list("data only in B:", &c->data_only_b, false);
	print_readers("reads", &c->readers);
	print_readers("calls", &c->clone_callers);
	printf("%u function%s identical\n", c->identical, c->identical == 1 ? "" : "s");
}

static int run(struct klp_arena *arena, const struct args *args)
{
	struct klp_compare compare = {};
	struct klp_error err = {};
	bool written = true;

	if (klp_compare_objects(arena, args->a, args->b, &compare, &err) < 0) {
		tool_error(&tool, &err);
		return TOOL_TROUBLE;
	}
	if (!compare.sectioned && klp_compare_differs(&compare))
		fprintf(stderr,
			"%s: warning: not both objects were compiled with -ffunction-sections:\n"
			"  a function may be called changed only because code around it moved\n",
			tool.name);
	if (args->json && !args->quiet)
		written = tool_write(&tool, "-", klp_compare_json(arena, &compare));
	else if (!args->quiet)
		print(&compare);
	if (!written || fflush(stdout))
		return TOOL_TROUBLE;
	return klp_compare_differs(&compare) ? TOOL_REFUSED : TOOL_DONE;
}

int main(int argc, char **argv)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct args args = {};

	parse(argc, argv, &args);
	return run(arena, &args);
}
