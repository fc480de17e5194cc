// SPDX-License-Identifier: GPL-2.0-or-later
/* libFuzzer: parsers/kconfig.h on arbitrary bytes. Seeds: tests/fuzz/corpus/kconfig. */
#include "parsers/kconfig.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	const char *text = klp_strndup(arena, (const char *)data, size);
	struct klp_error err = {};
	struct klp_map map;

	klp_map_init(&map, arena);
	fuzz_check_error(klp_kconfig_parse(arena, "x", text, size, &map, &err), &err);
	return 0;
}
