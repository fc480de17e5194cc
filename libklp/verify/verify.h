/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stage 8, and a question of its own: is a finished livepatch one that the kernel of a build
 * accepts, and that does what it says? Whichever tool made it: what it patches is read from its own
 * tables (elf/tables.h). A table of checks, each with the kernel's rule behind it; what they
 * find are findings, with the words of the kernel's log where it would refuse too.
 */
#ifndef KLP_VERIFY_VERIFY_H
#define KLP_VERIFY_VERIFY_H

#include "base/error.h"
#include "model/finding.h"
#include "model/plan.h"
#include "model/tables.h"
#include "tree/tree.h"

struct klp_symtabs; /* elf/symtabs.h */

struct klp_verify_opts {
	struct klp_tree *tree;	     /* may have been opened without its units */
	struct klp_symtabs *symtabs; /* by klp_symtabs_init(); one for many modules of a build saves
					their loading vmlinux's table again */
	const struct klp_plan *plan; /* what the module was made by, or NULL: not compared then */
};

/*
 * module: a livepatch as it is loaded, signed or not. ret, which may be NULL, gets what
 * klp_verify_read() gives, but for its findings: all go to `findings`.
 */
int klp_verify(struct klp_arena *arena, const char *module, const struct klp_verify_opts *opts,
	       struct klp_livepatch *ret, struct klp_findings *findings, struct klp_error *err);

/*
 * What a livepatch module says of itself, without a build. Tables that can't be read are its first
 * finding.
 */
int klp_verify_read(struct klp_arena *arena, const char *module, struct klp_livepatch *ret,
		    struct klp_error *err);

/* Livepatches that are to be loaded one after the other: what they do to each other. */
void klp_verify_together(struct klp_arena *arena, const struct klp_livepatches *modules,
			 struct klp_findings *findings);

/* What is looked at. */
struct klp_verify_rule {
	const char *code; /* of the findings */
	const char *what; /* that is so when nothing is found */
	const char
		*source; /* where the kernel wants it so: "kernel/module/main.c check_modinfo()" */
};
/* The i-th rule, from 0, in the order in which they are looked at; NULL behind the last. */
const struct klp_verify_rule *klp_verify_rule(size_t i);

#endif
