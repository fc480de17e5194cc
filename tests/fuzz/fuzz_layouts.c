// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer: elf/layouts.h (BTF and DWARF) on two files that lie one behind the other in the input,
 * or one against itself. Seeds: tests/fuzz/make-seeds.
 */
#include "elf/layouts.h"

#include <stdbool.h>

#include "fuzz.h"

static bool compare(struct klp_arena *arena, const char *livepatch, const char *kernel,
		    struct klp_layout_differences *ret)
{
	enum klp_layout_source source;
	struct klp_strs objects = {};
	struct klp_error err = {};
	int rc;

	klp_vec_push(arena, &objects, kernel);
	rc = klp_layouts_compare(arena, livepatch, &objects, ret, &source, &err);
	fuzz_check_code(rc, &err);
	for (size_t i = 0; rc == 0 && i < ret->n; i++)
		fuzz_expect(ret->v[i].type && ret->v[i].why && ret->v[i].object);
	return rc == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	const char *a = fuzz_path(arena, "a.o"), *b = fuzz_path(arena, "b.o");
	size_t split = fuzz_second_elf(data, size);
	struct klp_layout_differences self = {}, other = {};

	fuzz_put(a, data, split);
	/* each type is equal to itself at least */
	if (compare(arena, a, a, &self))
		fuzz_expect(self.n == 0);
	if (split == size)
		return 0;
	fuzz_put(b, data + split, size - split);
	compare(arena, a, b, &other);
	return 0;
}
