// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer: the ELF reader and convert/convert.h on arbitrary bytes, which are the module and the
 * kernel that it is for at once: its own symbol table is looked through, and that of a
 * module "ext4". Seeds: tests/fuzz/make-seeds.
 */
#include "convert/convert.h"

#include <unistd.h>

#include "base/file.h"
#include "elf/image.h"
#include "elf/tables.h"
#include "fuzz.h"
#include "kernel.h"

static char *in, *out;

static size_t relocations(const struct klp_image *image)
{
	size_t n = 0;

	for (size_t i = 1; i < image->sections.n; i++)
		n += image->sections.v[i].relas.n;
	return n;
}

/* What was written can be read, and nothing got lost but annotations. */
static void check_output(struct klp_arena *arena, const struct klp_convert_stats *stats)
{
	struct klp_image before, after;
	struct klp_error err = {};

	fuzz_expect(klp_image_load(arena, in, &before, &err) == 0);
	fuzz_expect(klp_image_load(arena, out, &after, &err) == 0);
	fuzz_expect(after.syms.n == before.syms.n);
	fuzz_expect(after.sections.n == before.sections.n + stats->sections.n);
	fuzz_expect(relocations(&after) <= relocations(&before));
	for (size_t i = 1; i < before.sections.n; i++)
		fuzz_expect(after.sections.v[i].size == before.sections.v[i].size ||
			    !after.sections.v[i].data);
}

static void convert(struct klp_arena *arena, const struct klp_plan *plan)
{
	struct klp_tree tree = fuzz_tree(arena, in);
	struct klp_candidates candidates = {};
	struct klp_convert_opts opts = { .plan = plan, .tree = &tree, .candidates = &candidates };
	struct klp_convert_stats stats = {};
	struct klp_error err = {};
	int rc = klp_convert(arena, in, out, &opts, &stats, &err);

	fuzz_check_error(rc, &err);
	fuzz_expect(klp_file_exists(out) == (rc == 0));
	if (!rc)
		check_output(arena, &stats);
	unlink(out);
}

static void ask(struct klp_arena *arena)
{
	struct klp_image image;
	struct klp_tables tables;
	struct klp_error err = {};
	int rc = klp_image_load(arena, in, &image, &err);

	fuzz_check_error(rc, &err);
	if (rc)
		return;
	for (uint32_t i = 0; i < image.sections.n; i++) {
		klp_image_user(&image, i, 8);
		klp_image_covering(&image, i, image.sections.v[i].size / 2);
	}
	err = (struct klp_error){};
	rc = klp_tables_read(arena, &image, "6.1.0", &tables, &err);
	fuzz_check_error(rc, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	struct klp_plan plan = fuzz_plan(arena);

	in = fuzz_path(arena, "ext4.ko");
	out = fuzz_path(arena, "out.ko");
	fuzz_put(in, data, size);
	ask(arena);
	convert(arena, NULL);
	convert(arena, &plan);
	return 0;
}
