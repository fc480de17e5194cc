/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the recorded compiler's arguments to libclang's: what matters to a parser is kept,
 * what only matters to GCC's code generator is dropped, by a table that says why. And the
 * preamble that makes clang's preprocessor answer as GCC's did.
 */
#ifndef KLP_TU_FLAGS_H
#define KLP_TU_FLAGS_H

#include "base/error.h"
#include "cc/cc.h"
#include "model/unit.h"

/*
 * The arguments, without compiler and source, all paths absolute. preamble is the file of
 * klp_tu_preamble(), its builtins beside it. Ends without a NULL.
 */
void klp_tu_flags(struct klp_arena *arena, const struct klp_unit *unit, const char *preamble,
		  struct klp_strs *ret);

/*
 * Writes the preamble for a unit below workdir (once for equal content): GCC's predefined
 * macros, and __has_attribute and __has_builtin redefined so that each NAME that occurs in
 * the files the unit reads is answered as the recorded compiler answers it. Beside it, as
 * *ret_path with "builtins" appended, declarations of builtins that GCC has and this libclang
 * doesn't: headers use them once __has_builtin said yes. overlays[0..n-1] hold further versions of
 * files that are read; a NULL among them is none. Versions of one unit share a preamble.
 */
int klp_tu_preamble(struct klp_arena *arena, const struct klp_unit *unit, const char *workdir,
		    const struct klp_overlay *const *overlays, size_t n, char **ret_path,
		    struct klp_error *err);

#endif
