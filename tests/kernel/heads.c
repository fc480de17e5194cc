// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Is a unit that is preprocessed in two parts, the headers at its top and the rest behind their
 * macros (cc/head.h), what it is in one?
 *
 *	heads BUILD [--rebuild] <objects
 *
 * For each object named on standard input, one a line: all tokens, with their places, and all
 * declarations of both, as code and with neutral numbers; and all that libclang tells of both
 * (tu/behind.h). --rebuild: and the lean text made of the parts gives the shipped object.
 */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "cc/cc.h"
#include "tu/flags.h"
#include "tu/tu.h"
#include "tree/tree.h"
#include "tests/kernel/objects.h"
#include "tests/tu_text.h"

struct test {
	struct klp_arena *arena; /* of one unit */
	struct klp_tree *tree;
	struct klp_unit *unit;
	const char *workdir;
	bool rebuild;
	char *why; /* it failed */
	struct klp_error err;
};

struct seen {
	struct klp_ctoks toks;
	struct klp_cdecls decls;
};

static int look(struct test *t, enum klp_cc_mode mode, struct klp_cc_heads *heads, struct seen *ret)
{
	const struct klp_cc_job job = { .unit = t->unit, .mode = mode };
	struct klp_proc_result result;

	t->unit->heads = heads;
	if (klp_cc_tokens(t->arena, &job, t->unit->source, &ret->toks, &ret->decls, &result,
			  &t->err) < 0)
		return t->err.code;
	return result.status ? klp_error_set(&t->err, KLP_ETROUBLE, "the compiler fails") : 0;
}

static const char *file_of(const struct seen *s, const struct klp_ctok *tok)
{
	return s->toks.files.v[tok->file];
}

/* The source is in a file of its own while its rest is preprocessed, and its name is told. */
static bool same_place(const struct seen *a, const struct klp_ctok *x, const struct seen *b,
		       const struct klp_ctok *y)
{
	return x->line == y->line && !strcmp(file_of(a, x), file_of(b, y));
}

static void compare_tokens(struct test *t, const struct seen *a, const struct seen *b)
{
	for (size_t i = 0; i < a->toks.v.n && i < b->toks.v.n; i++) {
		const struct klp_ctok *x = &a->toks.v.v[i], *y = &b->toks.v.v[i];

		if (x->kind == y->kind && x->len == y->len && !memcmp(x->p, y->p, x->len) &&
		    same_place(a, x, b, y))
			continue;
		t->why = klp_sprintf(t->arena, "token %zu: %s:%u '%.*s', and %s:%u '%.*s'", i,
				     file_of(a, x), x->line, (int)x->len, x->p, file_of(b, y),
				     y->line, (int)y->len, y->p);
		return;
	}
	if (a->toks.v.n != b->toks.v.n)
		t->why = klp_sprintf(t->arena, "%zu tokens, and %zu", a->toks.v.n, b->toks.v.n);
}

static void compare_decls(struct test *t, const struct seen *a, const struct seen *b)
{
	for (size_t i = 0; i < a->decls.n && i < b->decls.n; i++) {
		const struct klp_cdecl *x = &a->decls.v[i], *y = &b->decls.v[i];

		if (x->kind == y->kind && !strcmp(x->name, y->name) && x->first == y->first &&
		    x->n == y->n && x->at == y->at && x->body == y->body && x->hash == y->hash)
			continue;
		t->why = klp_sprintf(t->arena, "declaration %zu: '%s', and '%s'", i, x->name,
				     y->name);
		return;
	}
	if (a->decls.n != b->decls.n)
		t->why = klp_sprintf(t->arena, "%zu declarations, and %zu", a->decls.n, b->decls.n);
}

/* *ret_cut: it was in parts, of which the first is there once. */
static int compare(struct test *t, enum klp_cc_mode mode, struct klp_cc_heads *heads, size_t *ret_n,
		   bool *ret_cut)
{
	struct seen whole = {}, parts = {}, again = {};

	if (look(t, mode, NULL, &whole) < 0 || look(t, mode, heads, &parts) < 0 ||
	    look(t, mode, heads, &again) < 0)
		return t->err.code;
	compare_tokens(t, &whole, &parts);
	if (!t->why)
		compare_decls(t, &whole, &parts);
	*ret_n += whole.toks.v.n;
	*ret_cut = parts.toks.v.n && again.toks.v.n && parts.toks.v.v[0].p == again.toks.v.v[0].p;
	return 0;
}

/* ---- what libclang tells ---------------------------------------------------------------- */

static int describe(struct test *t, const struct klp_ctoks *toks, const char *preamble,
		    struct klp_buf *out, bool *ret_behind)
{
	struct klp_tu_problem problem = {};
	struct klp_tu tu;

	if (klp_tu_parse(t->arena, t->unit, NULL, preamble, toks, &tu, &problem, &t->err) < 0)
		return t->err.code;
	if (problem.text)
		return klp_error_set(&t->err, KLP_ETROUBLE, "libclang: %s:%u: %s", problem.file,
				     problem.line, problem.text);
	tu_text(t->arena, &tu, t->workdir, out);
	*ret_behind = tu.behind;
	return 0;
}

/* *ret_behind: libclang has read it behind its headers. */
static int compare_parsed(struct test *t, struct klp_cc_heads *heads, bool *ret_behind)
{
	struct klp_buf whole, parts;
	struct seen seen = {};
	char *preamble;
	size_t at;

	if (klp_tu_preamble(t->arena, t->unit, t->workdir, NULL, 0, &preamble, &t->err) < 0 ||
	    look(t, KLP_CC_PREPROCESS_NEUTRAL, heads, &seen) < 0 ||
	    describe(t, NULL, preamble, &whole, ret_behind) < 0 ||
	    describe(t, &seen.toks, preamble, &parts, ret_behind) < 0)
		return t->err.code;
	at = tu_text_differs(&whole, &parts);
	if (at != SIZE_MAX)
		t->why = klp_sprintf(t->arena, "'%s', and behind its headers '%s'",
				     tu_text_line(t->arena, &whole, at),
				     tu_text_line(t->arena, &parts, at));
	return 0;
}

static int rebuild(struct test *t, struct klp_cc_heads *heads)
{
	enum klp_rebuild how;

	t->unit->heads = heads;
	if (klp_cc_rebuild(t->arena, t->unit, t->workdir, &how, &t->err) < 0)
		return t->err.code;
	if (how != KLP_REBUILD_EQUAL || !klp_cc_lean(t->arena, t->unit, t->workdir))
		t->why = "the lean text doesn't give the shipped object";
	return 0;
}

static bool test_unit(const void *ctx, const char *object)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct klp_cc_heads *heads;
	struct test t = *(const struct test *)ctx;
	bool code = false, neutral = false, behind = false;
	size_t n = 0;

	t.arena = arena;
	heads = klp_cc_heads_new(arena, klp_sprintf(arena, "%s/heads", t.workdir));
	if (klp_tree_unit(t.tree, object, &t.unit, &t.err) < 0 ||
	    compare(&t, KLP_CC_PREPROCESS_CODE, heads, &n, &code) < 0 ||
	    (!t.why && compare(&t, KLP_CC_PREPROCESS_NEUTRAL, heads, &n, &neutral) < 0) ||
	    (!t.why && compare_parsed(&t, heads, &behind) < 0) ||
	    (!t.why && t.rebuild && rebuild(&t, heads) < 0))
		t.why = t.err.text;
	if (!t.why && code != neutral)
		t.why = "in parts only once";
	if (t.unit)
		t.unit->heads = NULL; /* they go with the arena */
	if (t.why)
		printf("not ok %s: %s\n", object, t.why);
	else
		printf("ok %s (%zu tokens, %s%s)\n", object, n, code ? "in parts" : "in one",
		       behind ? ", libclang behind its headers" : "");
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

	if (argc < 2 || argc > 3 || (argc == 3 && strcmp(argv[2], "--rebuild") != 0)) {
		fprintf(stderr, "usage: heads BUILD [--rebuild] <objects\n");
		return 2;
	}
	where.ipa_dumps = argv[1];
	test.rebuild = argc == 3;
	if (klp_tree_open(arena, &where, &tree, &err) < 0 ||
	    klp_tmpdir_new(arena, &workdir, &err) < 0) {
		fprintf(stderr, "heads: %s\n", err.text);
		return 2;
	}
	test.workdir = workdir;
	status = each_object(test_unit, &test);
	klp_rmtree(workdir);
	return status;
}
