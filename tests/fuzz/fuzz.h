/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the fuzz targets share. A target ends by fuzz_check_error(): a parser that fails must
 * say so as every part of the library does.
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

static inline void fuzz_check_error(int rc, const struct klp_error *err)
{
	fuzz_expect(rc <= 0 && rc == (int)err->code);
	fuzz_expect(rc == 0 || (err->text[0] && err->hint[0]));
}

#endif
