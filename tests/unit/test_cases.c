// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From a fix to the patch set, all stages up to check with the proof: the cases of
 * tests/golden/closure (before.c, fix.diff, and in expect.json what must be redirected), each
 * one compiled here as the kernel compiles its own, by the compiler of this machine and, where
 * it is installed, by gcc 11.
 */
#include "run/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/file.h"
#include "base/proc.h"

#define GOLDEN "tests/golden/closure"

struct compiler {
	const char *name;
	const char *unknown; /* a flag of the kernel's that this compiler doesn't know, or NULL */
};

struct golden {
	const char *title; /* "gcc-11 cold_only" */
	const char *name;
	const struct compiler *compiler;
	char wrong[2048]; /* "" when all is as expected */
};

struct trial {
	struct klp_arena *arena;
	struct golden *golden;
	char *dir; /* a lone build: before.c, before.o, .before.o.cmd, the dump */
	json_t *expect;
	struct klp_report report;
	struct klp_error err;
};

/* ---- expect.json ------------------------------------------------------------------------ */

static bool lists(const json_t *expect, const char *key, const char *name)
{
	const json_t *value;
	size_t i;

	json_array_foreach(json_object_get(expect, key), i, value)
	{
		if (!strcmp(json_string_value(value), name))
			return true;
	}
	return false;
}

static bool is_patched(const struct klp_report *report, const char *symbol)
{
	for (size_t i = 0; i < report->closure.patch.n; i++)
		if (!strcmp(report->closure.patch.v[i].symbol, symbol))
			return true;
	return false;
}

static bool is_copied(const struct klp_report *report, const char *symbol)
{
	for (size_t i = 0; i < report->closure.copied.n; i++)
		if (!strcmp(report->closure.copied.v[i].symbol, symbol))
			return true;
	return false;
}

/* The patch set is `key`, and besides only what does no harm. */
static const char *differs_from(struct trial *t, const char *key)
{
	const json_t *value;
	size_t i;

	json_array_foreach(json_object_get(t->expect, key), i, value)
	{
		if (!is_patched(&t->report, json_string_value(value)))
			return klp_sprintf(t->arena, "'%s' is not patched",
					   json_string_value(value));
	}
	for (i = 0; i < t->report.closure.patch.n; i++) {
		const char *symbol = t->report.closure.patch.v[i].symbol;

		if (!lists(t->expect, key, symbol) && !lists(t->expect, "extra_ok", symbol) &&
		    !lists(t->expect, "graph_over", symbol))
			return klp_sprintf(t->arena, "'%s' is patched", symbol);
	}
	return NULL;
}

static const char *forbidden(struct trial *t)
{
	const json_t *value;
	size_t i;

	json_array_foreach(json_object_get(t->expect, "must_not_patch"), i, value)
	{
		if (is_patched(&t->report, json_string_value(value)))
			return klp_sprintf(t->arena, "'%s' is patched and must not be",
					   json_string_value(value));
	}
	json_array_foreach(json_object_get(t->expect, "must_copy"), i, value)
	{
		if (!is_copied(&t->report, json_string_value(value)) &&
		    !is_patched(&t->report, json_string_value(value)))
			return klp_sprintf(t->arena, "the original of '%s' would be called",
					   json_string_value(value));
	}
	return NULL;
}

static const char *unproven(struct trial *t)
{
	const struct klp_proof *proof = &t->report.closure.proof;

	if (!proof->compiled_units)
		return "nothing was compared";
	if (proof->outside_patch_set.n)
		return klp_sprintf(t->arena, "'%s' differs and is neither patched nor copied",
				   proof->outside_patch_set.v[0]);
	return NULL;
}

/*
 * Objects of the old layout and old values are there when the livepatch is loaded: no patch
 * set helps against that, and the fix is refused. The patch set must be right all the same.
 */
static bool is_about_data(const struct klp_finding *f)
{
	return !strcmp(f->code, "KLP-DATA-CHANGED") || !strcmp(f->code, "KLP-TYPE-CHANGED");
}

/* What the code is refused for, or NULL. */
static const struct klp_finding *refusal(const struct klp_report *report)
{
	for (size_t i = 0; i < report->findings.n; i++) {
		const struct klp_finding *f = &report->findings.v[i];

		if (f->severity == KLP_ERROR && !is_about_data(f))
			return f;
	}
	return NULL;
}

static const char *judge(struct trial *t)
{
	const struct klp_finding *f = refusal(&t->report);
	const char *wrong;

	/* A refusal names the place and what to do, or it is worth nothing. */
	if (f && json_is_true(json_object_get(t->expect, "refuse_ok")) && f->file && f->hint)
		return NULL;
	if (f)
		return klp_sprintf(t->arena, "refused: %s %s", f->code, f->message);
	wrong = differs_from(t, "must_patch");
	if (wrong && json_object_get(t->expect, "must_patch_alt"))
		wrong = differs_from(t, "must_patch_alt");
	if (!wrong)
		wrong = forbidden(t);
	return wrong ? wrong : unproven(t);
}

/* ---- one case --------------------------------------------------------------------------- */

/* The recorded command: the flags of the kernel, without those that the case takes away. */
static int compile_flags(struct trial *t, struct klp_strs *argv)
{
	static const char *const rest[] = { "-fdump-ipa-clones", "-c", "-o", "before.o",
					    "before.c" };
	const char *unknown = t->golden->compiler->unknown;
	char *flags, *save;
	size_t len;

	if (klp_file_read(t->arena, GOLDEN "/kflags", 65536, &flags, &len, &t->err) < 0)
		return t->err.code;
	klp_vec_push(t->arena, argv, t->golden->compiler->name);
	for (char *flag = strtok_r(flags, " \n", &save); flag; flag = strtok_r(NULL, " \n", &save))
		if (!lists(t->expect, "cflags_remove", flag) &&
		    (!unknown || strcmp(flag, unknown) != 0))
			klp_vec_push(t->arena, argv, flag);
	for (size_t i = 0; i < sizeof(rest) / sizeof(*rest); i++)
		klp_vec_push(t->arena, argv, rest[i]);
	return 0;
}

static int build(struct trial *t)
{
	char *cmd = klp_strdup(t->arena, "cmd_before.o :=");
	struct klp_proc_opts proc = { .cwd = t->dir };
	struct klp_proc_result result;
	struct klp_strs argv = {};

	if (compile_flags(t, &argv) < 0 ||
	    klp_file_copy(klp_sprintf(t->arena, GOLDEN "/%s/before.c", t->golden->name),
			  klp_path_join(t->arena, t->dir, "before.c"), &t->err) < 0)
		return t->err.code;
	for (size_t i = 0; i < argv.n; i++)
		cmd = klp_sprintf(t->arena, "%s %s", cmd, argv.v[i]);
	cmd = klp_sprintf(t->arena, "%s\n", cmd);
	klp_vec_push(t->arena, &argv, NULL);
	proc.argv = argv.v;
	if (klp_proc_run(t->arena, &proc, &result, &t->err) < 0)
		return t->err.code;
	if (result.status)
		return klp_error_set(&t->err, KLP_ETROUBLE, "%s", result.err);
	return klp_file_write(klp_path_join(t->arena, t->dir, ".before.o.cmd"), cmd, strlen(cmd),
			      &t->err);
}

static int follow(struct trial *t)
{
	struct klp_run_opts opts = {
		.ipa_dumps = t->dir,
		.no_output = true,
		.stop_after = KLP_STAGE_CHECK,
		.jobs = 1, /* the cases run side by side */
	};

	klp_vec_push(t->arena, &opts.patches,
		     klp_sprintf(t->arena, GOLDEN "/%s/fix.diff", t->golden->name));
	return klp_run(t->arena, &opts, &t->report, &t->err);
}

static void note(struct trial *t, const char *wrong)
{
	char *names = klp_strdup(t->arena, "");

	for (size_t i = 0; i < t->report.closure.patch.n; i++)
		names = klp_sprintf(t->arena, "%s %s", names, t->report.closure.patch.v[i].symbol);
	snprintf(t->golden->wrong, sizeof(t->golden->wrong), "%s (patch set:%s)", wrong, names);
}

static void try(void *ctx, size_t i)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct trial t = { .arena = arena, .golden = (struct golden *)ctx + i };
	const char *wrong = NULL;

	t.expect = json_load_file(klp_sprintf(arena, GOLDEN "/%s/expect.json", t.golden->name), 0,
				  NULL);
	if (!t.expect)
		wrong = "there is no expect.json";
	else if (klp_tmpdir_new(arena, &t.dir, &t.err) < 0 || build(&t) < 0 || follow(&t) < 0)
		wrong = t.err.text;
	else
		wrong = judge(&t);
	if (wrong)
		note(&t, wrong);
	json_decref(t.expect);
	if (t.dir)
		klp_rmtree(t.dir);
}

static void test_case(void **state)
{
	const struct golden *golden = *state;

	if (golden->wrong[0])
		fail_msg("%s", golden->wrong);
}

/* ---- all of them ------------------------------------------------------------------------ */

static bool is_installed(struct klp_arena *arena, const char *compiler)
{
	const char *const argv[] = { compiler, "--version", NULL };
	const struct klp_proc_opts opts = { .argv = argv };
	struct klp_proc_result result;
	struct klp_error err = {};

	return klp_proc_run(arena, &opts, &result, &err) == 0 && !result.status;
}

/* What the tools are built with, unless that writes no dumps. */
static const char *first_compiler(void)
{
	const char *cc = getenv("CC");

	return cc && strstr(cc, "gcc") && !strchr(cc, ' ') ? cc : "gcc";
}

static int run_compiler(struct klp_arena *arena, const struct compiler *compiler,
			const struct klp_strs *files)
{
	struct golden *goldens = klp_alloc_array(arena, files->n, sizeof(*goldens));
	struct CMUnitTest *tests = klp_alloc_array(arena, files->n, sizeof(*tests));

	for (size_t i = 0; i < files->n; i++) {
		goldens[i] = (struct golden){
			.name = klp_path_dir(arena, files->v[i]),
			.compiler = compiler,
		};
		goldens[i].title = klp_sprintf(arena, "%s %s", compiler->name, goldens[i].name);
		tests[i] = (struct CMUnitTest){
			.name = goldens[i].title,
			.test_func = test_case,
			.initial_state = &goldens[i],
		};
	}
	klp_parallel(files->n, 2, try, goldens);
	return _cmocka_run_group_tests(compiler->name, tests, files->n, NULL, NULL);
}

int main(void)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	const struct compiler compilers[] = {
		{ first_compiler(), NULL },
		{ "gcc-11", "-ftrivial-auto-var-init=zero" },
	};
	struct klp_strs files = {};
	struct klp_error err = {};
	int failed = 0;

	if (klp_find_files(arena, GOLDEN, "expect.json", 1000, &files, &err) < 0 || !files.n) {
		print_error("%s (run the tests from the top directory)\n", err.text);
		return 1;
	}
	for (size_t i = 0; i < sizeof(compilers) / sizeof(*compilers); i++) {
		if (i && !strcmp(compilers[i].name, compilers[0].name))
			continue;
		if (i && !is_installed(arena, compilers[i].name))
			print_message("ok - %s # SKIP %s is not installed\n", compilers[i].name,
				      compilers[i].name);
		else
			failed += run_compiler(arena, &compilers[i], &files);
	}
	return failed;
}
