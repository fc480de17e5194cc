// SPDX-License-Identifier: GPL-2.0-or-later
/* libFuzzer: parsers/kbuild_cmd.h on arbitrary bytes. Seeds: tests/fuzz/corpus/kbuild_cmd. */
#include "parsers/kbuild_cmd.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	const char *text = klp_strndup(arena, (const char *)data, size);
	struct klp_error err = {};
	struct klp_cmd cmd;
	int rc = klp_cmd_parse(arena, "x", text, size, &cmd, &err);

	fuzz_check_error(rc, &err);
	fuzz_expect(rc < 0 || (cmd.target && cmd.commands.n && cmd.commands.v[0].n));
	return 0;
}
