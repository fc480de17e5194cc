/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside extract/ only: the static variables of functions. Each is the original's, found by its
 * place among those of the same name (locals_original.c), by its symbol (locals_symbol.c,
 * locals_probe.c) and by its text (locals_text.c), or the livepatch's own (locals.c decides);
 * locals_edit.c takes a shared one's definition out of the text.
 */
#ifndef KLP_EXTRACT_LOCALS_H
#define KLP_EXTRACT_LOCALS_H

#include "elf/refs.h"
#include "elf/symtab.h"
#include "model/plan.h"
#include "parsers/cdecl.h"
#include "tu/view.h"

struct extraction;
struct entity;

/* A static local that the livepatch shares with the original. */
struct shared_local {
	struct entity *entity;
	const struct klp_tu_local *local;
};
KLP_VEC(shared_locals, struct shared_local);

/* Who refers to whom in an object of the unit. */
struct references {
	const struct klp_symtab *symtab; /* NULL until it is asked for */
	struct klp_refs refs;
	struct klp_map holders; /* function -> struct klp_map, the names of those that hold it */
};

/* locals.c */
/* The livepatch, compiled, may have its variables of that name beside the kernel's. */
bool klp_extract__is_private_state(const struct extraction *x, const struct klp_symtab *symtab,
				   const char *name);
/* Decides on the static locals of a function; shared ones become entities. */
int klp_extract__local_statics(struct extraction *x, size_t item, const struct klp_tu_decl *d);
/* What a reference to a static local means; NULL for one that the livepatch has itself. */
struct entity *klp_extract__local_entity(const struct extraction *x, const struct klp_tu_decl *d,
					 const struct klp_tu_ref *r);
/* How many newlines. */
size_t klp_extract__count_lines(const char *text, size_t len);

/* locals_original.c */
/* A static local of a function in one of the unit's two versions. */
struct original_local {
	const struct klp_view *view;
	const struct klp_tu_decl *function;
	const struct klp_tu_local *local;
};

enum pairing { PAIR_NONE, PAIR_FOUND, PAIR_UNCLEAR };
/*
 * The original's variable behind one of the new text: of equal names by their order, as long
 * as there are as many. A macro that the fix writes out counts as what it was before.
 */
enum pairing klp_extract__find_original(const struct extraction *x, const struct klp_tu_decl *d,
					const struct klp_tu_local *l, struct original_local *ret);
/* Another type, size or initialiser: 1, the same: 0, <0 error. */
int klp_extract__local_changed(struct extraction *x, const struct klp_tu_decl *d,
			       const struct klp_tu_local *l, const struct original_local *old);
/*
 * The same, for its place in the text and what is done with it: where the original's view was
 * lent a tu (tu/view.h), of a parse of its own.
 */
int klp_extract__exact_original(struct extraction *x, const struct original_local *l,
				struct original_local *ret);
/* The unit as the running kernel was made of it. */
const struct klp_view *klp_extract__original_view(const struct extraction *x);

/* locals_edit.c */
/* The statement that defines it. */
const char *klp_extract__local_def(const struct extraction *x, const struct klp_tu_local *l);
/* One statement defines both. */
bool klp_extract__same_statement(const struct klp_tu_local *a, const struct klp_tu_local *b);
/* The shared ones' definitions become declarations. */
void klp_extract__local_edits(struct extraction *x);
/* Likewise for those of macros, whose uses are written out; when all other edits are there. */
void klp_extract__macro_local_edits(struct extraction *x);
/* The use of a macro that defines the local, written out; NULL when it can't be. */
char *klp_extract__written_out(struct extraction *x, const struct klp_tu_local *l);

/* locals_symbol.c */
enum local_is {
	LOCAL_FOUND,
	LOCAL_GONE,	 /* no symbol */
	LOCAL_AMBIGUOUS, /* one of several, or one that may be another function's */
};
/*
 * locals_probe.c: the symbol in x->sectioned of one that can't be told from another by what is
 * known. *ret_is stays LOCAL_AMBIGUOUS when that doesn't tell either.
 */
int klp_extract__probe_local(struct extraction *x, const struct original_local *l,
			     enum local_is *ret_is, const struct klp_sym **ret);
/* The running kernel's symbol of a static local of the original. Reports nothing itself. */
int klp_extract__local_symbol(struct extraction *x, const struct original_local *l,
			      enum local_is *ret_is, struct klp_symref *ret);

/* The compiled text refers to a static local of which the kernel has no symbol. */
void klp_extract__local_gone(struct extraction *x, const struct entity *e);
/* "count.3" is a `count`. */
bool klp_extract__is_numbered(const char *symbol, const char *name);

/* locals_text.c */
/* A static local's name and what follows it, up to the ',' or ';'. */
struct local_text {
	const struct klp_ctok *v;
	size_t n;
};
KLP_VEC(local_texts, struct local_text);
/* The definitions of static locals of that name in a function. */
void klp_extract__local_texts(struct extraction *x, const struct klp_view *view,
			      const struct klp_cdecl *d, const char *name, struct local_texts *ret);
/* 1 when both are defined in the same words, macros expanded; 0 when not; <0 error. */
int klp_extract__local_same_text(struct extraction *x, const struct original_local *a,
				 const struct original_local *b);

#endif
