/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stage 7: the plain module's references become livepatch relocations
 * (Documentation/livepatch/module-elf-format.rst).
 *
 * What an undefined symbol stands for is told by the plan; or by annotations in the module
 * (symbols ".klp.sym.rela.PATCHED.OBJECT.NAME,POSITION", sections ".klp.module_relocs.OBJECT");
 * what is left without a plan is looked up in the symbol tables of the build. Such a symbol is
 * renamed to .klp.sym.OBJ.NAME,POS and gets section index SHN_LIVEPATCH; its relocations move from
 * .rela.SECTION to .klp.rela.OBJ.SECTION (".klp.rela.ext4..text") with SHF_RELA_LIVEPATCH, where
 * OBJ is the object whose loading resolves them. What stays undefined and is no export of vmlinux
 * is an error. Everything else of the module is written as it was.
 */
#ifndef KLP_CONVERT_CONVERT_H
#define KLP_CONVERT_CONVERT_H

#include "base/error.h"
#include "model/plan.h"
#include "tree/tree.h"

/* A symbol that an ambiguous reference may stand for. */
struct klp_candidate {
	const char *object, *symbol;
	unsigned int sympos; /* by which it would be chosen; 0: unique in its object */
	const char *section; /* ".text" */
	const char *file;    /* STT_FILE group: "namei.c"; NULL for globals */
	uint64_t address;    /* in vmlinux; in a module the offset in the section */
};
KLP_VEC(klp_candidates, struct klp_candidate);

struct klp_convert_opts {
	const struct klp_plan *plan; /* NULL: there is none, and the build is looked through */
	struct klp_tree *tree; /* exports, release, symbol tables (those only without a plan) */
	struct klp_candidates *candidates; /* NULL, or gets all candidates of the reference that
					      the error is about */
};

struct klp_convert_stats {
	unsigned int symbols;	  /* made into .klp.sym */
	unsigned int relocations; /* moved */
	struct klp_strs sections; /* the .klp.rela sections made */
	/* by asm labels and arrays beside a plan: what the plan lacks. Only where the annotation
	   says which object resolves it */
	struct klp_symrefs annotated;
};

/*
 * in is the module that Kbuild built, out the livepatch. Refused: a signed module, a converted
 * one, names that the kernel couldn't read, a reference to a module from a section that is put to
 * use before livepatch relocations are, whatever is ambiguous. `out` doesn't appear unless all
 * went well, and may not be `in`.
 */
int klp_convert(struct klp_arena *arena, const char *in, const char *out,
		const struct klp_convert_opts *opts, struct klp_convert_stats *ret,
		struct klp_error *err);

#endif
