// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Are all functions whose code contains another one, as debug information tells it, among those
 *that the dumps lead to? Debug information knows of less, but what it knows is so.
 *
 *	contains BUILD SOURCE OBJECT DEBUG
 *
 * OBJECT is a unit of the build, and DEBUG the same unit compiled with -g; or OBJECT is one of the
 *units of a link with optimisation, and DEBUG what was linked, with -g. Prints a line for each pair
 *that is missing, and the figures: pairs, functions, refused functions. Fails when one is missing,
 *or nothing was compared.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask/ask.h"
#include "base/file.h"
#include "closure/closure.h"
#include "elf/inlined.h"
#include "parsers/ipa.h"

struct test {
	struct klp_arena *arena;
	struct klp_tree tree;
	struct klp_unit *unit;
	struct klp_error err;
	size_t pairs, functions, refused, missing;
};

static int trouble(const struct test *t)
{
	fprintf(stderr, "contains: %s: %s\n", t->err.file, t->err.text);
	return 2;
}

/* As if a fix had changed it. */
static int changes_of(struct test *t, const struct klp_inlined *function,
		      struct klp_findings *findings, struct klp_changes *ret)
{
	struct klp_change change = {
		.function = function->function,
		.file = t->unit->source,
		.line = function->line,
		.unit = t->unit,
	};
	struct klp_ask_opts ask = { .jobs = 1 };
	const char *rel, *root;

	if (!t->unit->lto) {
		klp_vec_push(t->arena, ret, change);
		return 0;
	}
	rel = klp_tree_relative(t->arena, &t->tree, function->file, &root);
	klp_vec_push(t->arena, &ask.questions,
		     klp_sprintf(t->arena, "%s@%s", function->function,
				 rel ? rel : function->file));
	return klp_ask(t->arena, &t->tree, &ask, ret, findings, &t->err);
}

/* Names of the source for what a link renamed; another name of the same function. */
static const char *plain(struct test *t, const char *symbol)
{
	const char *alias = strstr(symbol, ".localalias");

	return klp_ipa_plain_name(
		t->arena, alias ? klp_strndup(t->arena, symbol, (size_t)(alias - symbol)) : symbol);
}

static bool is_reached(struct test *t, const struct klp_closure *closure, const char *host)
{
	for (size_t i = 0; i < closure->steps.n; i++)
		if (!strcmp(plain(t, closure->steps.v[i].to), plain(t, host)))
			return true;
	return false;
}

/* All pairs of one function, at pairs->v[first] and behind it. */
static int check(struct test *t, const struct klp_inlined_vec *pairs, size_t first)
{
	const struct klp_closure_opts opts = { .jobs = 1, .no_proof = true };
	const struct klp_inlined *function = &pairs->v[first];
	struct klp_findings findings = {};
	struct klp_closure closure = {};
	struct klp_changes changes = {};

	if (changes_of(t, function, &findings, &changes) < 0 ||
	    klp_closure_run(t->arena, &t->tree, &changes, &opts, &closure, &findings, &t->err) < 0)
		return t->err.code;
	t->functions++;
	if (t->unit->lto && klp_findings_refuse(&findings)) {
		t->refused++;
		return 0;
	}
	for (size_t i = first; i < pairs->n; i++) {
		const struct klp_inlined *p = &pairs->v[i];

		if (strcmp(p->function, function->function) || strcmp(p->file, function->file))
			continue;
		t->pairs++;
		/* Inlined into itself: nothing else contains it by that. */
		if (!strcmp(plain(t, p->host), p->function) || is_reached(t, &closure, p->host))
			continue;
		t->missing++;
		printf("missing: %s (%s:%u) is in %s\n", p->function, p->file, p->line, p->host);
	}
	return 0;
}

static int check_all(struct test *t, const char *debug)
{
	struct klp_symtab symtab;
	struct klp_inlined_vec pairs;
	struct klp_map seen;
	bool any;

	klp_map_init(&seen, t->arena);
	if (klp_symtab_load(t->arena, debug, &symtab, &t->err) < 0 ||
	    klp_inlined_load(t->arena, debug, &symtab, &pairs, &any, &t->err) < 0)
		return t->err.code;
	for (size_t i = 0; i < pairs.n; i++) {
		const struct klp_inlined *p = &pairs.v[i];
		char *key = klp_sprintf(t->arena, "%s %s", p->function, p->file ? p->file : "");

		if (!p->file || klp_map_get(&seen, key))
			continue;
		klp_map_put(&seen, key, t);
		if (check(t, &pairs, i) < 0)
			return t->err.code;
	}
	return 0;
}

int main(int argc, char **argv)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct test t = { .arena = arena };
	struct klp_tree_opts opts = { .jobs = 1 };

	if (argc != 5) {
		fprintf(stderr, "usage: contains BUILD SOURCE OBJECT DEBUG\n");
		return 2;
	}
	opts.ipa_dumps = argv[1];
	opts.source = argv[2];
	if (klp_tree_open(arena, &opts, &t.tree, &t.err) < 0 ||
	    klp_tree_unit(&t.tree, argv[3], &t.unit, &t.err) < 0 || check_all(&t, argv[4]) < 0)
		return trouble(&t);
	printf("%zu pairs, %zu functions, %zu refused, %zu missing\n", t.pairs, t.functions,
	       t.refused, t.missing);
	return t.missing || !t.pairs;
}
