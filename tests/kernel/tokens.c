// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Does clang's preprocessor, given what libklp/tu makes of a recorded command, see what the
 * recorded compiler sees?
 *
 *	tokens BUILD CLANG <objects
 *
 * For each object named on standard input, one a line: the tokens of both, compared one by
 * one. __LINE__ and __COUNTER__ are replaced as everywhere in libklp; __FILE__ too, because
 * libclang is given absolute paths. Pragmas are passed over: what they say to clang isn't
 * what they say to gcc; so are declarations of gcc's builtins, made for clang. And libclang
 * must parse the unit without an error.
 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "tree/tree.h"
#include "tu/flags.h"
#include "tu/tu.h"
#include "parsers/ctoken.h"
#include "tests/kernel/objects.h"

struct test {
	struct klp_arena *arena; /* of one unit */
	struct klp_tree *tree;
	const char *clang, *workdir;
	struct klp_unit *unit;
	struct klp_tu tu;
	struct klp_ctoks gcc_says, clang_says;
	char *why; /* it failed */
	struct klp_error err;
};

static int parse(struct test *t)
{
	struct klp_tu_problem problem = {};
	char *preamble;

	if (klp_tu_preamble(t->arena, t->unit, t->workdir, NULL, 0, &preamble, &t->err) < 0 ||
	    klp_tu_parse(t->arena, t->unit, NULL, preamble, NULL, &t->tu, &problem, &t->err) < 0)
		return t->err.code;
	if (problem.text)
		t->why = klp_sprintf(t->arena, "libclang: %s:%u: %s", problem.file, problem.line,
				     problem.text);
	return 0;
}

static int split(struct test *t, const struct klp_proc_result *result, struct klp_ctoks *ret)
{
	if (result->status)
		return klp_error_set(&t->err, KLP_ETROUBLE, "%.*s", (int)strcspn(result->err, "\n"),
				     result->err);
	return klp_ctok_preprocessed(t->arena, t->unit->source, result->out, result->out_len, ret,
				     &t->err);
}

static int ask_gcc(struct test *t)
{
	static const char *const more[] = { "-D__FILE__=__klp_file__", NULL };
	const struct klp_cc_job job = {
		.unit = t->unit,
		.mode = KLP_CC_PREPROCESS_NEUTRAL,
		.more = more,
	};
	struct klp_proc_result result;

	if (klp_cc_run(t->arena, &job, &result, &t->err) < 0)
		return t->err.code;
	return split(t, &result, &t->gcc_says);
}

static int ask_clang(struct test *t)
{
	static const char *const neutral[] = {
		"-D__FILE__=__klp_file__",
		"-D__LINE__=__klp_line__",
		"-D__COUNTER__=__klp_counter__",
		"-E",
	};
	struct klp_strs argv = {};
	struct klp_proc_opts opts = { .cwd = t->unit->cwd, .max_output = KLP_MAX_TEXT };
	struct klp_proc_result result;

	klp_vec_push(t->arena, &argv, t->clang);
	for (size_t i = 0; i < t->tu.clang_args.n; i++)
		klp_vec_push(t->arena, &argv, t->tu.clang_args.v[i]);
	for (size_t i = 0; i < sizeof(neutral) / sizeof(*neutral); i++)
		klp_vec_push(t->arena, &argv, neutral[i]);
	klp_vec_push(t->arena, &argv, t->unit->source_path);
	klp_vec_push(t->arena, &argv, NULL);
	opts.argv = argv.v;
	if (klp_proc_run(t->arena, &opts, &result, &t->err) < 0)
		return t->err.code;
	return split(t, &result, &t->clang_says);
}

/* The next token, or NULL: no pragma, and nothing that libklp/tu put before the unit. */
static const struct klp_ctok *next(struct test *t, const struct klp_ctoks *toks, size_t *i)
{
	while (*i < toks->v.n && (toks->v.v[*i].kind == KLP_TOK_PRAGMA ||
				  klp_path_below(toks->files.v[toks->v.v[*i].file], t->workdir)))
		(*i)++;
	return *i < toks->v.n ? &toks->v.v[(*i)++] : NULL;
}

static const char *text_of(struct test *t, const struct klp_ctok *tok)
{
	return tok ? klp_strndup(t->arena, tok->p, tok->len) : "nothing";
}

/* How many tokens are equal; t->why tells of the first that isn't. */
static size_t compare(struct test *t)
{
	size_t i = 0, j = 0, n = 0;

	for (;; n++) {
		const struct klp_ctok *a = next(t, &t->gcc_says, &i),
				      *b = next(t, &t->clang_says, &j);

		if (!a && !b)
			return n;
		if (a && b && a->len == b->len && !memcmp(a->p, b->p, a->len))
			continue;
		t->why = klp_sprintf(t->arena, "token %zu, %s:%u: '%s' for gcc, '%s' for clang", n,
				     a ? t->gcc_says.files.v[a->file] : "end", a ? a->line : 0,
				     text_of(t, a), text_of(t, b));
		return n;
	}
}

static bool test_unit(const void *ctx, const char *object)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct test t = *(const struct test *)ctx;
	size_t n = 0;

	t.arena = arena;
	if (klp_tree_unit(t.tree, object, &t.unit, &t.err) < 0 || parse(&t) < 0 ||
	    ask_gcc(&t) < 0 || ask_clang(&t) < 0)
		t.why = t.err.text;
	if (!t.why)
		n = compare(&t);
	if (!t.why && !n)
		t.why = "no token at all";
	if (t.why)
		printf("not ok %s: %s\n", object, t.why);
	else
		printf("ok %s (%zu tokens)\n", object, n);
	fflush(stdout);
	return !t.why;
}

int main(int argc, char **argv)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct klp_tree_opts where = {};
	struct klp_error err = {};
	struct klp_tree tree;
	struct test test = { .tree = &tree };
	char *workdir;
	int status;

	if (argc != 3) {
		fprintf(stderr, "usage: tokens BUILD CLANG <objects\n");
		return 2;
	}
	where.ipa_dumps = argv[1];
	test.clang = argv[2];
	if (klp_tree_open(arena, &where, &tree, &err) < 0 ||
	    klp_tmpdir_new(arena, &workdir, &err) < 0) {
		fprintf(stderr, "tokens: %s\n", err.text);
		return 2;
	}
	test.workdir = workdir;
	status = each_object(test_unit, &test);
	klp_rmtree(workdir);
	return status;
}
