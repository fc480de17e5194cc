/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The preprocessor directives of a source file, as they stand in its text, taken or not.
 * Which ones the compiler takes is libclang's knowledge (tu/tu.h: skipped ranges).
 */
#ifndef KLP_PARSERS_CPPLINE_H
#define KLP_PARSERS_CPPLINE_H

#include <stdint.h>

#include "base/vec.h"

enum klp_cppline_kind {
	KLP_CPP_INCLUDE,
	KLP_CPP_DEFINE,
	KLP_CPP_UNDEF,
	KLP_CPP_IF,    /* #if, #ifdef, #ifndef */
	KLP_CPP_ELSE,  /* #else, #elif */
	KLP_CPP_ENDIF,
	KLP_CPP_OTHER, /* #pragma, #error, #line ... */
};

struct klp_cppline {
	enum klp_cppline_kind kind;
	uint32_t from, to;  /* offsets of the '#' and of the end of the logical line, without its
			       newline; a comment begun on the line and ending on a later one is
			       included */
	uint32_t line;
	const char *name;   /* macro of a define or undef; operand of an include with its quotes
			       or brackets ("" when it is a macro); NULL otherwise */
};
KLP_VEC(klp_cpplines, struct klp_cppline);

void klp_cpplines_scan(struct klp_arena *arena, const char *text, size_t len,
		       struct klp_cpplines *ret);

#endif
