/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inlining as the debug information of an object tells it, for objects whose compiler wrote no
 * dump. It knows of less than a dump: a body that left no instruction (a constant, a folded
 * condition) is not there, nor are decisions that were taken before it was written. Untrusted
 * input.
 */
#ifndef KLP_ELF_INLINED_H
#define KLP_ELF_INLINED_H

#include "base/error.h"
#include "base/vec.h"
#include "elf/symtab.h"

struct klp_inlined {
	const char *function; /* as in the source */
	const char *file;     /* where it is declared, as the compiler had it; NULL when unknown */
	unsigned int line;
	const char *host; /* the symbol whose code contains it, NULL without a symtab */
};
KLP_VEC(klp_inlined_vec, struct klp_inlined);

/* A function that has code of its own. */
struct klp_placed {
	const char *symbol;   /* at its entry */
	const char *function; /* as in the source */
	const char *file;     /* where it is declared; NULL when unknown */
	unsigned int line;
};
KLP_VEC(klp_placed_vec, struct klp_placed);

/* Of every function with debug information, in the order of that. symtab: of the same file. */
int klp_placed_load(struct klp_arena *arena, const char *path, const struct klp_symtab *symtab,
		    struct klp_placed_vec *ret, struct klp_error *err);

/*
 * Each pair once, in the order of the debug information, however deep the one is in the other.
 * symtab: of the same file, for the hosts; or NULL. *ret_any is false, and that is no error,
 * when the object has no debug information.
 */
int klp_inlined_load(struct klp_arena *arena, const char *path, const struct klp_symtab *symtab,
		     struct klp_inlined_vec *ret, bool *ret_any, struct klp_error *err);

#endif
