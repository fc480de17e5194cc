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

struct klp_line {
	const char *file; /* as the compiler had it */
	unsigned int line;
	struct klp_strs inlined; /* names of the functions inlined there, the innermost first */
};

/* False when there is no debug information, or none about that place, or it can't be read. */
bool klp_line_at(struct klp_arena *arena, const char *path, uint32_t shndx, uint64_t offset,
		 struct klp_line *ret);

#endif
