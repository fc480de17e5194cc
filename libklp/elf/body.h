/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A function's machine code as a whole, with its .cold parts: where it leads, and whether a task
 * can stay in it. Inside elf/ only, x86-64 only.
 */
#ifndef KLP_ELF_BODY_H
#define KLP_ELF_BODY_H

#include "elf/code.h"

/* A run of the function's code: itself, or one of its .cold parts. */
struct klp_body_part {
	uint32_t shndx;
	uint64_t value, size;
	size_t first, n; /* its instructions */
};
KLP_VEC(klp_body_parts, struct klp_body_part);

struct klp_body {
	const struct klp_code *code;
	const struct klp_sym *function;
	struct klp_body_parts parts;
	struct klp_insns insns; /* the function's entry is the first */
	bool leaves;		/* something leads back to its caller, or may */
	const char *unknown;	/* "has ...": why it isn't known where it leads, or NULL */
};

/* No function that isn't defined or has no size may be given; `unknown` says what else is amiss. */
int klp_body__read(struct klp_arena *arena, const struct klp_code *code,
		   const struct klp_sym *function, struct klp_body *ret, struct klp_error *err);

/* Whether an instruction can be followed by itself. */
bool klp_body__again(struct klp_arena *arena, const struct klp_body *body, size_t insn);

/*
 * For one that never leaves and is known: it comes to a loop from which no end of the task can be
 * reached, or calls a function that does.
 */
int klp_body__stays(struct klp_arena *arena, const struct klp_body *body, bool *ret,
		    struct klp_error *err);

#endif
