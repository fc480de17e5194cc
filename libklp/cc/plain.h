/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside cc/: what GCC writes with -ffunction-sections and -fdata-sections, as it writes it
 * without. The two differ in where code and data are put and in nothing else, so that one
 * compilation gives both objects, and only the assembler runs twice.
 *
 * That they differ in nothing else is not taken on trust: klp_cc_rebuild() uses the result only
 * where it is the shipped object byte by byte. What is overlooked here costs a compilation, no
 * more.
 */
#ifndef KLP_CC_PLAIN_H
#define KLP_CC_PLAIN_H

#include "base/buf.h"

/*
 * source: the preprocessed text that was compiled. text: the assembly for x86 that GCC made of it,
 * len bytes and a '\0' behind them. Adds to out the same with the sections of functions and
 * variables made .text, .data, .bss, .rodata and their kin again. Sections that the source names in
 * one string stay, as do those in asm statements that the compiler wouldn't write.
 */
void klp_cc__plain(struct klp_arena *arena, const char *source, size_t source_len, const char *text,
		   size_t len, struct klp_buf *out);

#endif
