/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which line of the source a place in the code of an object stands for, and through which inlined
 * functions it got there: by its debug information. Untrusted input.
 */
#ifndef KLP_ELF_LINE_H
#define KLP_ELF_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"

/* A function that was inlined, and where its call stands. */
struct klp_line_call {
	const char *function;
	const char *file;  /* NULL when it isn't known */
	unsigned int line; /* of the outermost macro, where one made the call */
};
KLP_VEC(klp_line_calls, struct klp_line_call);

/* Files are as the compiler had them, made absolute where its directory is known. */
struct klp_line {
	const char *file;
	unsigned int line;
	struct klp_line_calls inlined; /* there: the innermost first */
	struct klp_strs files;	       /* all that the unit's line table has */
};

/* False when there is no debug information, or none about that place, or it can't be read. */
bool klp_line_at(struct klp_arena *arena, const char *path, uint32_t shndx, uint64_t offset,
		 struct klp_line *ret);

#endif
