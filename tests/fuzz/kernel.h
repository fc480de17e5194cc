/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The build that convert and verify are asked about: bytes are the module "ext4" and vmlinux at
 * once, so that one input reaches whoever reads either.
 */
#ifndef KLP_TESTS_FUZZ_KERNEL_H
#define KLP_TESTS_FUZZ_KERNEL_H

#include <string.h>

#include "base/file.h"
#include "fuzz.h"
#include "model/plan.h"
#include "tree/tree.h"

static inline struct klp_tree fuzz_tree(struct klp_arena *arena, const char *kernel)
{
	static const struct klp_export exports[] = {
		{ "printk", "vmlinux", "EXPORT_SYMBOL", "", 0 },
		{ "jbd2_start", "fs/jbd2/jbd2", "EXPORT_SYMBOL", "", 0 },
		{ "ext4_do", "ext4", "EXPORT_SYMBOL", "", 0 },
	};
	struct klp_tree tree = { .arena = arena, .release = "6.1.0", .vmlinux = kernel };

	tree.build = klp_path_dir(arena, kernel);
	klp_map_init(&tree.config, arena);
	klp_map_init(&tree.exports, arena);
	for (size_t i = 0; i < sizeof(exports) / sizeof(exports[0]); i++)
		klp_map_put(&tree.exports, exports[i].symbol, (void *)(uintptr_t)&exports[i]);
	klp_vec_push(arena, &tree.modules, klp_path_base(kernel));
	return tree;
}

/* What a plan says that fits the seeds. */
static inline struct klp_plan fuzz_plan(struct klp_arena *arena)
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

#endif
