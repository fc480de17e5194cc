// SPDX-License-Identifier: GPL-2.0-or-later
/* libFuzzer: parsers/diff.h on arbitrary bytes. Seeds: tests/fuzz/corpus/diff. */
#include "parsers/diff.h"

#include "base/file.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	const char *text = klp_strndup(arena, (const char *)data, size);
	struct klp_error err = {};
	struct klp_diff diff;
	int rc = klp_diff_parse(arena, "x", text, size, &diff, &err);

	fuzz_check_error(rc, &err);
	for (size_t i = 0; rc == 0 && i < diff.files.n; i++) {
		const struct klp_diff_file *f = &diff.files.v[i];

		fuzz_expect(f->old_path || f->new_path);
		fuzz_expect(!f->old_path || klp_path_is_safe(f->old_path));
		fuzz_expect(!f->new_path || klp_path_is_safe(f->new_path));
	}
	return 0;
}
