/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who refers to whom in a relocatable object, by its relocations. Exact for an object that
 * was compiled with -ffunction-sections -fdata-sections (cc/cc.h makes one): there every
 * function and variable has a section of its own, so that a reference through a section
 * symbol names it, and calls inside a unit keep their relocations. (In an object as Kbuild
 * makes it the assembler resolves calls between local functions, without a trace; and an
 * address one past the end of an object can't be told from the start of the next one.)
 * x86-64 only: other machines are an error.
 */
#ifndef KLP_ELF_REFS_H
#define KLP_ELF_REFS_H

#include "base/vec.h"
#include "elf/symtab.h"

struct klp_ref {
	const struct klp_sym *from; /* the FUNC or OBJECT that holds the reference; its
				       parent for a .cold one; NULL in other sections */
	const char *section;	    /* the section that holds it: ".text.foo", ".rela" stripped */
	uint64_t offset;	    /* in that section */
	const struct klp_sym *to;   /* what is referred to: section symbols are resolved to the
				       symbol at the address; NULL for e.g. a string section */
	uint64_t to_offset;	    /* of the place referred to in that symbol, or in its .cold
				       part: 0 is the function itself, not a place in it */
	const char *to_section;	    /* section of the target, NULL when undefined */
	bool code;		    /* `section` is executable */
	bool branch;		    /* a call or jump: PLT32 or PC32 in such an instruction */
};
KLP_VEC(klp_refs, struct klp_ref);

/* symtab must have been loaded from the same file. Debug sections are left out. */
int klp_refs_load(struct klp_arena *arena, const struct klp_symtab *symtab, struct klp_refs *ret,
		  struct klp_error *err);

/*
 * The references to a function from its own section that have no relocation: the assembler
 * settles calls, jumps and RIP-relative addresses between places of one section by itself.
 * Found by their bytes. In a function whose instructions can't be told apart (data among them,
 * or one that isn't known) what merely looks like one is given too: this may name more than
 * there is, never less. to->to_offset is 0 in each.
 */
int klp_refs_settled(struct klp_arena *arena, const struct klp_symtab *symtab,
		     const struct klp_sym *to, struct klp_refs *ret, struct klp_error *err);

#endif
