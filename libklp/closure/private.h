/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside closure/: what is known of one unit, and the questions that the rules ask.
 *
 *	closure.c   which units carry which change
 *	contain.c   from the dump: whose code contains the function
 *	rules.c     what to do about a symbol that must be redirected
 *	callers.c   from the object: who calls what can't be redirected
 *	users.c     from all objects: whether other units reach a global
 *	work.c      the unit's dump, symbols and references, loaded when needed
 *	lto.c       instead of the unit's: those of the link that made its code
 */
#ifndef KLP_CLOSURE_PRIVATE_H
#define KLP_CLOSURE_PRIVATE_H

#include "closure/closure.h"
#include "elf/refs.h"
#include "elf/symtab.h"
#include "model/compare.h"
#include "parsers/ipa.h"

/* Why a symbol is reached: becomes the reason of its patch entry, or of its callers'. */
struct klp_cause {
	enum klp_reason_kind kind;
	const char *of;
	const struct klp_unit *of_unit; /* NULL: that of the symbol */
	const char *evidence;
	const struct klp_change *change; /* the symbol is the changed function itself */
};

struct klp_work {
	struct klp_arena *arena;
	struct klp_tree *tree;
	const struct klp_closure_opts *opts;
	struct klp_closure *closure;
	struct klp_findings *findings;
	struct klp_error *err;

	struct klp_unit *unit;	  /* with lto: the one at hand of those that were linked */
	struct klp_lto_work *lto; /* compiled for link-time optimisation: all of one link are one
				     work, the dump and the symbols are the link's; else NULL */
	bool usable;		  /* there is a dump of this very object, or what follows */
	bool dwarf_only;	  /* the dump is made up from the debug information */
	bool blind;		  /* neither: only the proof can tell */
	const char *dump_name;	  /* relative to the directory of dumps; NULL without one */
	struct klp_ipa_dump dump;
	uint32_t *same;		  /* of each node: the first one of its name; made when needed */
	struct klp_symtab symtab; /* of the object as shipped */
	bool traced;		  /* functions without a traceable entry can't be redirected */

	bool refs_loaded;
	struct klp_refs refs; /* of that object */

	bool compared; /* hidden.c: the unit before and after the fix */
	struct klp_compare compare;
	struct klp_symtab before; /* of the unit before, a section for each function */
	struct klp_refs before_refs;
	struct klp_symtab after;   /* likewise with the fix */
	bool after_refs_loaded;
	struct klp_refs after_refs;
	struct klp_compare *unspecialised; /* likewise without ipa-cp; NULL until asked for */

	struct klp_map steps;		 /* "from>to" of those that are noted */
	struct klp_map up;		 /* symbols whose callers were looked up already */
	struct klp_map special;		 /* those that are copied for their new callers alone */
	struct klp_copied_vec copied;	 /* candidates: those that get patched are left out */
	const struct klp_change *change; /* the one at hand */
	bool any_code;			 /* its code is somewhere in the object */
	const char *first;		 /* the first symbol patched because of it */
};

/* work.c */
int klp_closure__open(struct klp_work *work);
/* Says what the unit is known by when it has no dump. Call when it has been compared. */
void klp_closure__say_source(struct klp_work *work);
/* The file and line of a symbol's function, as far as the dump tells. */
void klp_closure__place(const struct klp_work *work, const char *symbol, const char **ret_file,
			unsigned int *ret_line);
/* Once for what several ways lead to. symbol: the place; NULL for the unit as a whole. */
void klp_closure__finding(struct klp_work *work, enum klp_severity severity, const char *code,
			  const char *symbol, const char *message, const char *hint);
/* Notes one step of the way that the changed code took; false when it is known already. */
bool klp_closure__step(struct klp_work *work, const char *to, const struct klp_cause *cause);
/* The same, where `to` is in another unit. */
bool klp_closure__step_to(struct klp_work *work, const char *to, const struct klp_unit *to_unit,
			  const struct klp_cause *cause);
void klp_closure__copy(struct klp_work *work, const char *function, enum klp_copy_reason reason,
		       const char *needed_by);

/*
 * lto.c. open: the dump and the symbols, work->usable as the link allows. The others answer for any
 * unit: which one a symbol is from (NULL, and a finding, when that can't be told); where that
 * function is in the source (false: not known here); whether two symbols are the same function.
 */
int klp_closure__open_lto(struct klp_work *work);
struct klp_unit *klp_closure__unit_of(struct klp_work *work, const char *symbol);
bool klp_closure__lto_place(const struct klp_work *work, const char *symbol, const char **ret_file,
			    unsigned int *ret_line);
bool klp_closure__same(struct klp_work *work, const struct klp_sym *a, const struct klp_sym *b);
/*
 * The symbols that a function of a file became, a clone by its own name; those at the address
 * of another one left out. function: with `clones` all that come of it. False, and a finding, when it
 * can't be told of each.
 */
bool klp_closure__lto_symbols(struct klp_work *work, const char *function, const char *file,
			      bool clones, struct klp_strs *ret);
/*
 * The nodes of other functions that are one with a symbol; and a finding (KLP-LTO-GONE) when a
 * function without a symbol was equal to another one, or unused.
 */
KLP_VEC(klp_lto_nodes, uint32_t);
void klp_closure__lto_equals(struct klp_work *work, const char *symbol, struct klp_lto_nodes *ret);
void klp_closure__lto_gone(struct klp_work *work, const char *name, const char *file);
/* The unit of a node of the joined dump, as far as its file tells; else the one at hand. */
struct klp_unit *klp_closure__node_unit(struct klp_work *work, const struct klp_ipa_node *node);
/* The dump of which an edge is a line, relative to the directory of dumps. */
const char *klp_closure__dump_of(const struct klp_work *work, const struct klp_ipa_edge *edge);

struct klp_lto;
bool klp_closure__is_work_of(const struct klp_work *work, const struct klp_lto *lto);

/*
 * hidden.c: two names of one function in the kernel (attribute alias; the entries of a system
 * call without arguments) that are so with the fix, too, and whose code it changes: to redirect
 * one is to redirect both.
 */
bool klp_closure__change_alike(const struct klp_work *work, const char *a, const char *b);
/* Two names of one address that the fix parts: equal functions that gcc had made one. */
bool klp_closure__part(const struct klp_work *work, const char *a, const char *b);

/* "foo" of "foo.isra.0" */
const char *klp_closure__source_name(struct klp_arena *arena, const char *symbol);
bool klp_closure__is_clone(const char *symbol);

/* contain.c: the symbols whose code contains the changed function, each to the rules. */
int klp_closure__contain(struct klp_work *work, const struct klp_change *change);

/*
 * rules.c. Nobody outside can name it: also a static that a link with optimisation made known from
 * one of its parts to the others.
 */
bool klp_closure__is_static(const struct klp_sym *sym);

/* rules.c: the author wants its old code to stay. */
bool klp_closure__is_left_out(struct klp_work *work, const struct klp_sym *sym);

/* rules.c: an emitted symbol must be redirected. One that isn't emitted is no matter. */
int klp_closure__reach(struct klp_work *work, const char *symbol, const struct klp_cause *cause);

/*
 * callers.c: a symbol that can't be redirected; its callers are, and its source function is
 * copied. refusal_code and refusal_hint: of the finding when not all callers can be known.
 */
struct klp_detour {
	enum klp_reason_kind kind;
	const char *why; /* for people: "its signature changes" */
	const char *refusal_code;
	const char *refusal_hint;
	bool only_changed; /* callers whose code the fix doesn't change call the other function
			      that shares the symbol */
};
int klp_closure__callers(struct klp_work *work, const struct klp_sym *sym,
			 const struct klp_detour *detour);

/*
 * users.c: why something outside the unit may call a function, for people ("it is exported",
 * "see 'fs/exec.o'"); *ret is NULL when nothing can. Looks through all objects of the build.
 */
int klp_closure__outside_user(struct klp_work *work, const struct klp_sym *sym, const char **ret);

#endif
