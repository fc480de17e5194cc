// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The floor of extraction: what it costs to load libclang and to parse a unit once, with the
 * arguments and options that klp-prep gives, and nothing done with the result.
 *
 *	floor BUILD OBJECT
 *
 * Prints milliseconds of wall time and of processor time.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

#include "base/file.h"
#include "tree/tree.h"
#include "tu/clang.h"
#include "tu/flags.h"
#include "tu/tu.h"

static double cpu_ms(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e3 +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e3;
}

static double wall_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int parse(const struct klp_unit *unit, const struct klp_strs *args, struct klp_error *err)
{
	CXTranslationUnit tu;
	CXIndex index;

	if (klp_clang_load(err) < 0)
		return err->code;
	index = clang_createIndex(0, 0);
	if (!index ||
	    clang_parseTranslationUnit2(index, unit->source_path, args->v, (int)args->n, NULL, 0,
					KLP_TU_PARSE_OPTIONS, &tu) != CXError_Success)
		return klp_error_set(err, KLP_ETROUBLE, "libclang can't parse '%s'", unit->source);
	clang_disposeTranslationUnit(tu);
	clang_disposeIndex(index);
	return 0;
}

static int measure(struct klp_arena *arena, const char *build, const char *object,
		   const char *workdir, struct klp_error *err)
{
	struct klp_tree_opts where = { .ipa_dumps = build };
	struct klp_strs args = {};
	struct klp_unit *unit;
	struct klp_tree tree;
	char *preamble;
	double wall, cpu;

	if (klp_tree_open(arena, &where, &tree, err) < 0 ||
	    klp_tree_unit(&tree, object, &unit, err) < 0 ||
	    klp_tu_preamble(arena, unit, workdir, NULL, 0, &preamble, err) < 0)
		return err->code;
	klp_tu_flags(arena, unit, preamble, &args);
	wall = wall_ms();
	cpu = cpu_ms();
	if (parse(unit, &args, err) < 0)
		return err->code;
	printf("%.1f %.1f\n", wall_ms() - wall, cpu_ms() - cpu);
	return 0;
}

int main(int argc, char **argv)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct klp_error err = {};
	char *workdir;
	int rc;

	if (argc != 3) {
		fprintf(stderr, "usage: floor BUILD OBJECT\n");
		return 2;
	}
	rc = klp_tmpdir_new(arena, &workdir, &err);
	if (rc == 0) {
		rc = measure(arena, argv[1], argv[2], workdir, &err);
		klp_rmtree(workdir);
	}
	if (rc < 0)
		fprintf(stderr, "floor: %s\n", err.text);
	return rc < 0 ? 2 : 0;
}
