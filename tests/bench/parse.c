// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What it costs libclang to parse units of a kernel: see the script libclang beside this.
 *
 *	parse BUILD <objects
 *
 * One after another in one process; prints "VERSION UNITS WITHOUT-ERROR USER SYSTEM RSS", the
 * times in seconds of this process alone (the compilers that it asks for their macros are
 * children), the peak of its memory in MiB. Units with errors are told on stderr.
 */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "base/file.h"
#include "tree/tree.h"
#include "tu/flags.h"
#include "tu/tu.h"

static bool parse(struct klp_tree *tree, const char *object, const char *workdir)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct klp_tu_problem problem = {};
	struct klp_error err = {};
	struct klp_unit *unit;
	struct klp_tu tu;
	char *preamble;

	if (klp_tree_unit(tree, object, &unit, &err) < 0 ||
	    klp_tu_preamble(arena, unit, workdir, NULL, 0, &preamble, &err) < 0 ||
	    klp_tu_parse(arena, unit, NULL, preamble, NULL, &tu, &problem, &err) < 0)
		fprintf(stderr, "%s: %s\n", object, err.text);
	else if (problem.text)
		fprintf(stderr, "%s: %s:%u: %s\n", object, problem.file, problem.line,
			problem.text);
	else
		return true;
	return false;
}

static double seconds(const struct timeval *t)
{
	return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

int main(int argc, char **argv)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct klp_tree_opts where = {};
	struct klp_error err = {};
	struct klp_tree tree;
	unsigned int units = 0, good = 0;
	char object[4096], *workdir;
	struct rusage before, after;

	if (argc != 2) {
		fprintf(stderr, "usage: parse BUILD <objects\n");
		return 2;
	}
	where.ipa_dumps = argv[1];
	if (klp_tree_open(arena, &where, &tree, &err) < 0 ||
	    klp_tmpdir_new(arena, &workdir, &err) < 0) {
		fprintf(stderr, "parse: %s\n", err.text);
		return 2;
	}
	getrusage(RUSAGE_SELF, &before);
	while (fgets(object, sizeof(object), stdin)) {
		object[strcspn(object, "\n")] = '\0';
		units++;
		good += parse(&tree, object, workdir);
	}
	getrusage(RUSAGE_SELF, &after);
	klp_rmtree(workdir);
	printf("%s %u %u %.1f %.1f %ld\n", klp_tu_version(arena), units, good,
	       seconds(&after.ru_utime) - seconds(&before.ru_utime),
	       seconds(&after.ru_stime) - seconds(&before.ru_stime), after.ru_maxrss / 1024);
	return good != units;
}
