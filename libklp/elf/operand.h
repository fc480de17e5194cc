/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * x86-64 machine code around a 32-bit operand that a relocation fills, as far as the meaning
 * of the relocation's addend depends on it; and branches that have no relocation. Inside
 * elf/ only. (Intel SDM vol. 2, appendix A.)
 */
#ifndef KLP_ELF_OPERAND_H
#define KLP_ELF_OPERAND_H

#include <stdbool.h>
#include <stdint.h>

/*
 * From the operand at code[offset] to the end of its instruction: 4, and the length of the
 * immediate behind a RIP-relative operand. The addend of a relative relocation counts from
 * there.
 */
int klp_operand_to_end(const unsigned char *code, uint64_t offset);

/* CALL, JMP or Jcc at p, of which `left` bytes may be read; false when it is none. */
struct klp_branch {
	unsigned int opcode, len; /* bytes before the displacement; of the whole */
	int64_t displacement;	  /* counts from the end */
};
bool klp_branch_decode(const unsigned char *p, uint64_t left, struct klp_branch *ret);

#endif
