/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The instructions of a function of an x86-64 file (vmlinux, a module, an object), as far as they
 * say where it goes on. Inside elf/ only. Untrusted input.
 */
#ifndef KLP_ELF_CODE_H
#define KLP_ELF_CODE_H

#include "base/vec.h"
#include "elf/file.h"
#include "elf/symtab.h"

enum klp_flow {
	KLP_FLOW_ON, /* to the next instruction */
	KLP_FLOW_NOP,
	KLP_FLOW_CALL,
	KLP_FLOW_BRANCH,   /* a conditional jump */
	KLP_FLOW_JUMP,	   /* a jump to a place that it names */
	KLP_FLOW_INDIRECT, /* a jump to one that it doesn't */
	KLP_FLOW_RETURN,
	KLP_FLOW_TRAP, /* UD2, INT3: what follows runs if the handler lets it */
};

/* Where a branch leads to. */
struct klp_place {
	const struct klp_sym *sym; /* the undefined symbol, or NULL for a place in the file: */
	uint32_t shndx;		   /* its section, 0 when it is in none */
	uint64_t value;		   /* as klp_sym.value counts */
};

struct klp_insn {
	uint64_t at; /* as klp_sym.value counts */
	enum klp_flow flow;
	struct klp_place to; /* of CALL, BRANCH and JUMP */
};
KLP_VEC(klp_insns, struct klp_insn);

struct klp_code {
	const struct klp_symtab *symtab;
	struct klp_elf elf;
};

/* data: the file of symtab->path; it must outlive *ret. */
int klp_code__open(struct klp_arena *arena, const struct klp_symtab *symtab,
		   const unsigned char *data, size_t len, struct klp_code *ret,
		   struct klp_error *err);

/* From `value` in a section on: *ret_left bytes of it; NULL when there are none. */
const unsigned char *klp_code__at(const struct klp_code *code, uint32_t shndx, uint64_t value,
				  uint64_t *ret_left);

/*
 * The instructions between two places of a section, in their order. *ret_bad is set, and the
 * instructions before it are given, when one isn't known: then nothing is known of what follows.
 */
int klp_code__read(struct klp_arena *arena, const struct klp_code *code, uint32_t shndx,
		   uint64_t from, uint64_t to, struct klp_insns *ret, bool *ret_bad,
		   struct klp_error *err);

/* The symbol at a place exactly, or the undefined one; NULL when there is none. */
const struct klp_sym *klp_code__named(const struct klp_code *code, const struct klp_place *place);

#endif
