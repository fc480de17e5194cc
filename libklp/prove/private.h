/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside prove/ only.
 *
 *	names.c    what names of the livepatch are called in the original
 *	compile.c  all that is compiled and preprocessed, side by side
 *	ahead.c    what of that can be begun while closure and extract work
 *	prove.c    compares, and gives each function its verdict
 *	explain.c  why code as built differs: who is called now that was inlined, and so on
 *	tokens.c   the text behind the preprocessor
 */
#ifndef KLP_PROVE_PRIVATE_H
#define KLP_PROVE_PRIVATE_H

#include "base/map.h"
#include "elf/refs.h"
#include "elf/symtab.h"
#include "prove/prove.h"

/* What names of the livepatch are called in the original. */
struct klp_prove_names {
	struct klp_map symbols;	 /* "klpe_count" -> "count.3", "klpp_foo" -> "foo" */
	struct klp_map words;	 /* the same for C: "klpe_count" -> "count" */
	struct klp_map pointers; /* those of words where C says (*klpe_count) */
};
void klp_prove__names(struct klp_arena *arena, const struct klp_plan *plan,
		      struct klp_prove_names *ret);
/* The original's name of a symbol; its own when it has no other. */
const char *klp_prove__original(const struct klp_prove_names *names, const char *symbol);

/* What comes of a text behind the preprocessor, with neutral line numbers. */
struct klp_prove_tokens {
	struct klp_ctoks toks;
	struct klp_cdecls decls;
};

/* One C file of the livepatch, and all that is made to judge it. */
struct klp_prove_subject {
	const struct klp_plan_source *shipped, *unpatched; /* shipped: NULL when it has none */
	const struct klp_view *after, *before;
	const char *alone, *unit_alone; /* objects, compiled in isolation; NULL: not to be had */
	char *unit_built;		/* the original's, with sections */
	struct klp_prove_tokens toks, shipped_toks;
	const char *trouble; /* why something isn't there */
};

enum klp_prove_kind {
	KLP_PROVE_TEXT_ALONE,
	KLP_PROVE_UNIT_ALONE,
	KLP_PROVE_UNIT_BUILT,
	KLP_PROVE_TEXT_TOKENS,
	KLP_PROVE_SHIPPED_TOKENS,
	KLP_PROVE_KINDS,
};

/* One run of the compiler, which fills in its part of the subject. */
struct klp_prove_task {
	struct klp_prove_subject *subject;
	enum klp_prove_kind kind;
	const struct klp_prove_opts *opts;
	struct klp_arena *arena;
	struct klp_error err;
	const char *trouble;
};
void klp_prove__run(struct klp_prove_task *task);
/* The object of a text, compiled in isolation. */
char *klp_prove__alone_path(struct klp_arena *arena, const char *text);
/* The task was begun before, and is done: fills in its part of the subject. Else false. */
bool klp_prove__take(struct klp_prove_ahead *ahead, struct klp_prove_task *task);

/*
 * Fills in the objects and tokens of each; alone: only the objects in isolation. What can't be
 * had is NULL, and ->trouble says why.
 */
int klp_prove__compile(struct klp_arena *arena, struct klp_prove_subject *subjects, size_t n,
		       bool alone, const struct klp_prove_opts *opts, struct klp_error *err);

/* An object and who refers to whom in it. */
struct klp_prove_code {
	struct klp_symtab symtab;
	struct klp_refs refs;
};

/*
 * How function `name` (of the original) differs in whom it calls, in words; NULL when the
 * difference lies elsewhere.
 */
const char *klp_prove__explain(struct klp_arena *arena, const char *name,
			       const struct klp_prove_code *whole,
			       const struct klp_prove_code *excerpt,
			       const struct klp_prove_names *names);

/*
 * The functions of a text whose tokens differ from those of the unit, by the original's names.
 * Functions that the unit doesn't have are passed over, and the old versions of `stale` ones (NULL:
 * none).
 */
void klp_prove__tokens(struct klp_arena *arena, const struct klp_prove_tokens *text,
		       const struct klp_view *view, const struct klp_prove_names *names,
		       const struct klp_strs *stale, struct klp_strs *ret_differ);

#endif
