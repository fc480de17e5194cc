/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The patch set: every symbol of the running kernel that must be redirected for the fix to
 * take full effect, each with the reasons; and the functions whose text must come along
 * because there is no original to call. Made by stage closure, completed by stage check.
 */
#ifndef KLP_MODEL_CLOSURE_H
#define KLP_MODEL_CLOSURE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/unit.h"

enum klp_reason_kind {
	KLP_REASON_CHANGED,	  /* the fix edits it */
	KLP_REASON_INLINED,	  /* it contains an inlined copy */
	KLP_REASON_CLONE,	  /* it calls a clone whose ABI is the compiler's */
	KLP_REASON_PART,	  /* it calls the outlined part of a split function */
	KLP_REASON_NOT_TRACEABLE, /* it calls a function that can't be redirected */
	KLP_REASON_HIDDEN,	  /* its machine code relies on the changed function */
	KLP_REASON_NAMED,	  /* it was asked for by name */
};

struct klp_reason {
	enum klp_reason_kind kind;
	const char *of;			/* the function that is the reason */
	const char *evidence;		/* "fs/exec.c.000i.ipa-clones:118: ... inlining to", or the
					   relocation */
	const struct klp_unit *of_unit; /* where that is from; NULL: the unit of the patched one */
};
KLP_VEC(klp_reasons, struct klp_reason);

struct klp_patched {
	const char *object;  /* "vmlinux" or the module's name */
	const char *symbol;  /* in the symbol table of the running kernel */
	unsigned int sympos; /* 0 when the name is unique, else 1-based in the order in which
				the kernel counts; set by check */
	const char *file;    /* the source function's file, relative to the kernel source */
	unsigned int line;
	struct klp_unit *unit;
	struct klp_reasons reasons; /* never empty */
	struct klp_strs same;	    /* other symbols at its address that are the same function: a
				       header's, of several units that were linked as one */
	uint64_t address, size;	    /* in the object; set by check */
};
KLP_VEC(klp_patched_vec, struct klp_patched);

enum klp_copy_reason {
	KLP_COPY_NO_SYMBOL,   /* inlined away, nothing to call */
	KLP_COPY_SPECIALISED, /* what is left was specialised to its old callers */
	KLP_COPY_INLINE,      /* declared inline */
	KLP_COPY_NEW,	      /* added by the fix */
	KLP_COPY_ASKED,	      /* its author wants it so */
};

struct klp_copied {
	const char *symbol;
	const char *file;
	enum klp_copy_reason reason;
	const char *needed_by;
	struct klp_unit *unit;
};
KLP_VEC(klp_copied_vec, struct klp_copied);

/*
 * How the changed code came from one function to another: the tree behind the reasons. Unlike
 * those it also names functions that are nowhere by themselves any more. Each function of a
 * unit is reached once, by the first way found.
 */
struct klp_step {
	const struct klp_unit *unit;	/* of `from` */
	const struct klp_unit *to_unit; /* NULL: the same */
	const char *from, *to;		/* symbols, or functions of the source that have none */
	enum klp_reason_kind kind;
	const char *evidence;
};
KLP_VEC(klp_steps, struct klp_step);

/*
 * What was proved by compiling each touched unit before and after the fix: nothing outside
 * the patch set changed in machine code.
 */
struct klp_proof {
	unsigned int compiled_units;	   /* 0: not done */
	struct klp_strs changed_in_object; /* symbols whose machine code differs */
	struct klp_strs outside_patch_set; /* of those, what is neither patched nor copied */
};

struct klp_closure {
	struct klp_proof proof;
	struct klp_patched_vec patch;	 /* sorted by object, file, symbol */
	struct klp_copied_vec copied;	 /* sorted by file, symbol */
	struct klp_steps steps;		 /* in the order in which they were found */
	struct klp_patched_vec left_out; /* what would have to be patched, and isn't because its
					    author says so: old code goes on running there; sorted
					    as patch */
};

/* The patch entry of a symbol in a unit, or NULL. */
struct klp_patched *klp_closure_find(struct klp_closure *closure, const struct klp_unit *unit,
				     const char *symbol);
/* Likewise of what is left out. */
struct klp_patched *klp_closure_left_out(struct klp_closure *closure, const struct klp_unit *unit,
					 const char *symbol);
/* The copy entry of a function in a unit, or NULL. */
struct klp_copied *klp_closure_copied(struct klp_closure *closure, const struct klp_unit *unit,
				      const char *symbol);
/* Sorts both lists; call once after the last addition. Pointers into them become stale. */
void klp_closure_sort(struct klp_closure *closure);

/* "changed", "inlined", "clone", "part", "not-traceable", "hidden-dependency", "named" */
const char *klp_reason_kind_name(enum klp_reason_kind kind);
/* "no-symbol", "specialised", "inline", "new", "asked" */
const char *klp_copy_reason_name(enum klp_copy_reason reason);
/* What is said of the patched function, "holds an inlined copy of "; r->of follows, if... */
const char *klp_reason_says(enum klp_reason_kind kind);
/* ...the reason lies in another function than itself. */
bool klp_reason_is_of_another(enum klp_reason_kind kind);
/* What is said of the copied one: "has no symbol to call" */
const char *klp_copy_reason_says(enum klp_copy_reason reason);

#endif
