// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * klp-verify: stage 8 as a question of its own. Will the kernel of a build take this livepatch,
 * whichever tool made it, and will it do what it says?
 */
#include <string.h>
#include <unistd.h>

#include "common.h"
#include "elf/symtabs.h"
#include "progress.h"
#include "report/livepatch.h"
#include "summary.h"
#include "verify/upgrade.h"
#include "verify/verify.h"

enum { OPT_JSON = TOOL_LONG, OPT_SHOW, OPT_CHECKS };

static const struct tool_option options[] = {
	{ 'b', "build", "DIR", "the kernel build that the livepatch is for", .takes = TOOL_BUILD },
	{ OPT_SHOW, "show", NULL, "print what the livepatch does; without --build, no more" },
	{ OPT_JSON, "json", NULL, "print the answer as JSON" },
	{ OPT_CHECKS, "checks", NULL, "print what is looked at, and where the kernel does" },
	{ 'q', "quiet", NULL, "print nothing; the exit status answers" },
	TOOL_COMMON_OPTIONS,
};

static const struct tool tool = {
	.name = "klp-verify",
	.usage = "--build BUILD [--show] [--json] X.ko...",
	.summary = "Says whether a kernel accepts a livepatch module and what would go wrong with "
		   "it,\n"
		   "whichever tool made the module. Several are looked at in the order of loading.",
	.options = options,
	.operands = TOOL_FILE,
	.epilog =
		"exit status: 0 nothing is wrong, 1 findings of severity error, 2 usage or trouble",
};

struct args {
	const char *build;
	char **modules;
	int n;
	bool json, quiet, show;
};

static void print_checks(void)
{
	const struct klp_verify_rule *r;

	for (size_t i = 0; (r = klp_verify_rule(i)); i++)
		printf("%s: %s\n    %s\n", r->code, r->what, r->source);
}

/* False when there is nothing more to do. */
static bool parse(int argc, char **argv, struct args *args)
{
	int key;

	while ((key = tool_getopt(&tool, argc, argv)) != -1) {
		if (key == 'b') {
			args->build = optarg;
		} else if (key == 'q') {
			args->quiet = true;
		} else if (key == OPT_JSON) {
			args->json = true;
		} else if (key == OPT_SHOW) {
			args->show = true;
		} else if (key == OPT_CHECKS) {
			print_checks();
			return false;
		}
	}
	if (optind == argc)
		tool_usage_error(&tool, "give one livepatch or more, in the order of loading",
				 "no module given");
	if (!args->build && !args->show)
		tool_usage_error(&tool,
				 "add --build DIR, or --show to see only what the module says",
				 "no kernel build given");
	args->modules = argv + optind;
	args->n = argc - optind;
	return true;
}

static void print_function(const struct klp_table_func *func)
{
	printf("    ");
	tool_puts(stdout, func->old_name ? func->old_name : "?");
	if (func->sympos)
		printf(",%llu", (unsigned long long)func->sympos);
	printf(" -> ");
	tool_puts(stdout, func->new_name && *func->new_name ? func->new_name : "?");
	putchar('\n');
}

static void print_object(const struct klp_table_object *object)
{
	printf("  ");
	tool_puts(stdout, klp_table_object_name(object));
	putchar('\n');
	for (size_t i = 0; i < object->funcs.n; i++)
		print_function(&object->funcs.v[i]);
	for (int i = 0; i < KLP_NCALLBACKS; i++) {
		if (!object->callbacks[i])
			continue;
		printf("    %s: ", klp_callback_name((enum klp_callback)i));
		tool_puts(stdout, object->callbacks[i]);
		putchar('\n');
	}
}

static void print_references(const struct klp_table_references *list)
{
	const char *function = "";

	if (list->n)
		printf("  references\n");
	for (size_t i = 0; i < list->n; i++) {
		const struct klp_table_reference *r = &list->v[i];

		if (strcmp(function, r->function)) {
			printf("    ");
			tool_puts(stdout, r->function);
			putchar('\n');
		}
		function = r->function;
		printf("      ");
		tool_puts(stdout, r->object);
		putchar(':');
		tool_puts(stdout, r->symbol);
		if (r->sympos)
			printf(",%lu", r->sympos);
		if (r->count > 1)
			printf(" (%u times)", r->count);
		if (strcmp(r->object, r->section_object)) {
			printf(", resolved with ");
			tool_puts(stdout, r->section_object);
		}
		putchar('\n');
	}
}

static void print_livepatch(const struct klp_livepatch *m)
{
	printf("livepatch ");
	tool_puts(stdout, m->name);
	if (m->readable && !m->tables.changed_by)
		fputs(m->tables.replace ? ", replaces all that were loaded before"
					: ", replaces no other",
		      stdout);
	putchar('\n');
	for (size_t i = 0; i < m->tables.objects.n; i++)
		print_object(&m->tables.objects.v[i]);
	for (size_t i = 0; i < m->tables.states.n; i++)
		printf("  state %llu, version %u\n", (unsigned long long)m->tables.states.v[i].id,
		       m->tables.states.v[i].version);
	print_references(&m->references);
}

static void print_findings(const char *of, const struct klp_findings *findings)
{
	bool colour = tool_wants_colour(stdout);

	if (!findings->n)
		return;
	tool_puts(stdout, of);
	printf(":\n");
	for (size_t i = 0; i < findings->n; i++)
		tool_finding(stdout, &findings->v[i], colour);
}

static void print_verdict(const struct klp_livepatch *m)
{
	bool fine = true;

	for (size_t i = 0; i < m->findings.n; i++)
		fine = fine && m->findings.v[i].severity == KLP_NOTE;
	if (!fine) {
		print_findings(m->path, &m->findings);
		return;
	}
	tool_puts(stdout, m->path);
	printf(": nothing is wrong\n");
	for (size_t i = 0; i < m->findings.n; i++)
		tool_finding(stdout, &m->findings.v[i], tool_wants_colour(stdout));
}

/* What several do to each other. */
struct together {
	struct klp_findings findings;
	struct klp_upgrades upgrades;
};

static bool print(struct klp_arena *arena, const struct args *args,
		  const struct klp_livepatches *modules, const struct together *together)
{
	if (args->quiet)
		return true;
	if (args->json)
		return tool_write(&tool, "-",
				  klp_livepatches_json(arena, modules, &together->findings,
						       &together->upgrades));
	for (size_t i = 0; i < modules->n; i++) {
		const struct klp_livepatch *m = &modules->v[i];

		if (args->show)
			print_livepatch(m);
		if (args->build)
			print_verdict(m);
		else
			print_findings(m->path, &m->findings);
	}
	for (size_t i = 0; i < together->upgrades.n; i++)
		summary_upgrade(stdout, &together->upgrades.v[i]);
	print_findings("together", &together->findings);
	return !fflush(stdout);
}

static int look_at(struct klp_arena *arena, const struct args *args,
		   const struct klp_verify_opts *opts, const char *path,
		   struct klp_livepatches *modules, struct klp_error *err)
{
	struct klp_livepatch m = {};
	struct klp_findings findings = {};

	if (args->build ? klp_verify(arena, path, opts, &m, &findings, err) < 0
			: klp_verify_read(arena, path, &m, err) < 0)
		return err->hint[0]
			       ? err->code
			       : klp_error_hint(err, "give a livepatch module as it is loaded, "
						     "not compressed");
	if (args->build)
		m.findings = findings;
	klp_vec_push(arena, modules, m);
	return 0;
}

static int look_at_all(struct klp_arena *arena, const struct args *args,
		       struct tool_progress *progress, struct klp_livepatches *modules,
		       struct together *together, struct klp_error *err)
{
	const struct klp_tree_opts tree_opts = { .build = args->build, .no_units = true };
	struct klp_symtabs symtabs;
	struct klp_tree tree = {};
	const struct klp_verify_opts opts = { &tree, &symtabs, NULL };

	klp_symtabs_init(&symtabs, arena);
	if (args->build && klp_tree_open(arena, &tree_opts, &tree, err) < 0)
		return err->code;
	for (int i = 0; i < args->n; i++) {
		tool_progress_say(progress, args->modules[i]);
		if (look_at(arena, args, &opts, args->modules[i], modules, err) < 0)
			return err->code;
	}
	klp_verify_together(arena, modules, &together->findings);
	return klp_verify_upgrades(arena, modules, &together->upgrades, &together->findings, err);
}

static int run(struct klp_arena *arena, const struct args *args, struct klp_error *err)
{
	struct tool_progress progress = {};
	struct together together = {};
	struct klp_livepatches modules = {};
	bool refused;

	if (!args->quiet)
		tool_progress_start(&progress);
	look_at_all(arena, args, &progress, &modules, &together, err);
	tool_progress_stop(&progress);
	if (err->code)
		return TOOL_TROUBLE;
	refused = klp_findings_refuse(&together.findings);
	for (size_t i = 0; i < modules.n; i++)
		refused = refused || klp_findings_refuse(&modules.v[i].findings);
	if (!print(arena, args, &modules, &together))
		return TOOL_TROUBLE;
	return refused ? TOOL_REFUSED : TOOL_DONE;
}

int main(int argc, char **argv)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct klp_error err = {};
	struct args args = {};
	int status;

	if (!parse(argc, argv, &args))
		return fflush(stdout) ? TOOL_TROUBLE : TOOL_DONE;
	status = run(arena, &args, &err);
	if (status == TOOL_TROUBLE && err.code)
		tool_error(&tool, &err);
	return status;
}
