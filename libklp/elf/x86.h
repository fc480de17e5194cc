/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where x86-64 instructions begin and end. Inside elf/ only. Rule: Intel SDM vol. 2, chapter 2
 * (format) and appendix A (opcode maps), for 64-bit mode.
 */
#ifndef KLP_ELF_X86_H
#define KLP_ELF_X86_H

#include <stdint.h>

/*
 * The length of the instruction at p, of which `left` bytes may be read; 0 for what is none, is
 * cut off, or isn't known here (XOP, 3DNow!). *ret_opcode: how many bytes of prefixes stand
 * before its opcode (or its VEX or EVEX prefix).
 */
unsigned int klp_x86_length(const unsigned char *p, uint64_t left, unsigned int *ret_opcode);

#endif
