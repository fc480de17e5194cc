/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the fuzz targets share. A target ends by fuzz_check_error() or fuzz_check_code(): what fails
 * must say so as every part of the library does.
 */
#ifndef KLP_TESTS_FUZZ_H
#define KLP_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/error.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the run unless cond holds, so that libFuzzer keeps the input. */
static inline void fuzz_expect(int cond)
{
	if (!cond)
		abort();
}

static inline void fuzz_check_code(int rc, const struct klp_error *err)
{
	fuzz_expect(rc <= 0 && rc == (int)err->code && !rc == !err->text[0]);
}

/* A parser says what to do about it, too; of other errors the tools know something general. */
static inline void fuzz_check_error(int rc, const struct klp_error *err)
{
	fuzz_check_code(rc, err);
	fuzz_expect(!rc == !err->hint[0]);
}

/* ---- for what is read from a file (file.c) ---- */

/* NAME in a directory of this process, in memory where there is such a place; removed at its end.
 */
char *fuzz_path(struct klp_arena *arena, const char *name);
void fuzz_put(const char *path, const uint8_t *data, size_t size);
/* Where a second ELF file begins among the bytes; size when none does. */
size_t fuzz_second_elf(const uint8_t *data, size_t size);

#endif
