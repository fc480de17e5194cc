// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer: the ELF reader and convert/convert.h on arbitrary bytes, which are the module and the
 * kernel that it is for at once: its own symbol table is looked through, and that of a
 * module "ext4". Seeds: tests/fuzz/make-seeds.
 */
#include "convert/convert.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "elf/image.h"
#include "elf/tables.h"
#include "fuzz.h"
#include "parsers/symvers.h"

static char dir[64], in[96], out[96];

int LLVMFuzzerInitialize(int *argc, char ***argv);

static void clean(void)
{
	klp_rmtree(dir);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	strcpy(dir, access("/dev/shm", W_OK) ? "/tmp/klp-fuzz-XXXXXX" : "/dev/shm/klp-fuzz-XXXXXX");
	fuzz_expect(mkdtemp(dir) != NULL);
	snprintf(in, sizeof(in), "%s/ext4.ko", dir);
	snprintf(out, sizeof(out), "%s/out.ko", dir);
	atexit(clean);
	return 0;
}

static void put(const uint8_t *data, size_t size)
{
	FILE *f = fopen(in, "wb");

	fuzz_expect(f && fwrite(data, 1, size, f) == size && fclose(f) == 0);
	unlink(out);
}

static struct klp_tree make_tree(struct klp_arena *arena)
{
	static const struct klp_export exports[] = {
		{ "printk", "vmlinux", "EXPORT_SYMBOL", "", 0 },
		{ "jbd2_start", "fs/jbd2/jbd2", "EXPORT_SYMBOL", "", 0 },
		{ "ext4_do", "ext4", "EXPORT_SYMBOL", "", 0 },
	};
	struct klp_tree tree = { .arena = arena, .build = dir, .release = "6.1.0", .vmlinux = in };

	klp_map_init(&tree.exports, arena);
	for (size_t i = 0; i < sizeof(exports) / sizeof(exports[0]); i++)
		klp_map_put(&tree.exports, exports[i].symbol, (void *)(uintptr_t)&exports[i]);
	klp_vec_push(arena, &tree.modules, "ext4.ko");
	return tree;
}

static struct klp_plan make_plan(struct klp_arena *arena)
{
	struct klp_plan plan = { .name = "fix" };

	klp_vec_push(arena, &plan.funcs, (struct klp_plan_func){ "ext4", "g", 0, "klpp_e" });
	klp_vec_push(arena, &plan.refs,
		     (struct klp_symref){ "klpe_a", "vmlinux", "a", 1, "vmlinux", KLP_HOW_RELOC,
					  "klpp_v" });
	klp_vec_push(arena, &plan.refs,
		     (struct klp_symref){ "klpe_b", "ext4", "b", 0, "ext4", KLP_HOW_RELOC,
					  "klpp_e" });
	return plan;
}

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
	struct klp_tree tree = make_tree(arena);
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
	struct klp_plan plan = make_plan(arena);

	put(data, size);
	ask(arena);
	convert(arena, NULL);
	convert(arena, &plan);
	return 0;
}
