// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer: elf/compare.h on two files that lie one behind the other in the input, or one against
 * itself. Seeds: tests/fuzz/make-seeds.
 */
#include "elf/compare.h"

#include "fuzz.h"

static bool compare(struct klp_arena *arena, const char *a, const char *b, struct klp_compare *ret)
{
	struct klp_compare_names names = { .exact = true };
	struct klp_compare ignored = {};
	struct klp_error err = {};
	struct klp_map map;
	int rc = klp_compare_objects(arena, a, b, ret, &err);

	fuzz_check_code(rc, &err);
	err = (struct klp_error){};
	klp_map_init(&map, arena);
	klp_map_put(&map, "klpp_v", (void *)(uintptr_t) "v");
	names.map = &map;
	fuzz_check_code(klp_compare_excerpt(arena, a, b, &names, &ignored, &err), &err);
	return rc == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	const char *a = fuzz_path(arena, "a.o"), *b = fuzz_path(arena, "b.o");
	size_t split = fuzz_second_elf(data, size);
	struct klp_compare self = {}, there = {}, back = {};

	fuzz_put(a, data, split);
	if (compare(arena, a, a, &self))
		fuzz_expect(!klp_compare_differs(&self));
	if (split == size)
		return 0;
	fuzz_put(b, data + split, size - split);
	/* what one has alone, the other has not */
	if (compare(arena, a, b, &there) && compare(arena, b, a, &back))
		fuzz_expect(there.only_a.n == back.only_b.n && there.only_b.n == back.only_a.n &&
			    klp_compare_differs(&there) == klp_compare_differs(&back));
	return 0;
}
