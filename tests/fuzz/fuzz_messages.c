// SPDX-License-Identifier: GPL-2.0-or-later
/* libFuzzer: build/messages.h on what a compiler might print. Seeds: tests/fuzz/corpus/messages. */
#include "build/messages.h"

#include <string.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	const char *text = klp_strndup(arena, (const char *)data, size);
	struct klp_messages messages = {};
	struct klp_strs prefixes = {};

	klp_vec_push(arena, &prefixes, "/build/");
	klp_messages_parse(arena, text, &prefixes, &messages);
	for (size_t i = 0; i < messages.n; i++) {
		fuzz_expect(messages.v[i].text && !strchr(messages.v[i].text, '\n'));
		fuzz_expect(!messages.v[i].file || messages.v[i].file[0]);
	}
	return 0;
}
