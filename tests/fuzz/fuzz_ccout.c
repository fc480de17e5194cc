// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer: arbitrary bytes as what the compiler gave, preprocessed text that is made lean and
 * assembly whose sections are taken away (cc/lean.h, cc/plain.h). Seeds: tests/fuzz/corpus/ccout.
 */
#include "cc/lean.h"
#include "cc/plain.h"
#include "fuzz.h"

static size_t lines_of(const char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += text[i] == '\n';
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	const char *text = klp_strndup(arena, (const char *)data, size);
	struct klp_buf lean, plain;

	klp_buf_init(&lean, arena);
	if (klp_cc__lean(text, size, &lean)) {
		fuzz_expect(lean.len <= size);
		fuzz_expect(lines_of(lean.p, lean.len) == lines_of(text, size));
	}
	klp_buf_init(&plain, arena);
	klp_cc__plain(arena, text, size, text, size, &plain);
	fuzz_expect(plain.p && (size == 0 || plain.len));
	return 0;
}
