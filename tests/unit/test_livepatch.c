// SPDX-License-Identifier: GPL-2.0-or-later
#include "elf/livepatch.h"

#include <elf.h>

#include "tests/unit/lab.h"

static bool ignores(uint16_t machine, const char *name)
{
	struct klp_image image = { .machine = machine };
	struct klp_image_sym sym = { .name = name };

	return klp_lp_loader_ignores(&image, &sym);
}

static void what_the_loader_ignores(void **state)
{
	(void)state;
	assert_true(ignores(EM_X86_64, "_GLOBAL_OFFSET_TABLE_"));
	assert_true(ignores(EM_S390, "_GLOBAL_OFFSET_TABLE_"));
	assert_true(ignores(EM_PPC64, ".TOC."));
	assert_false(ignores(EM_PPC64, "_GLOBAL_OFFSET_TABLE_"));
	assert_false(ignores(EM_AARCH64, "_GLOBAL_OFFSET_TABLE_"));
	assert_false(ignores(EM_X86_64, ".TOC."));
	assert_false(ignores(EM_S390, "_GLOBAL_OFFSET_TABLE"));
}

static void which_section_is_per_cpu(void **state)
{
	(void)state;
	assert_true(klp_lp_is_percpu(".data..percpu"));
	assert_true(klp_lp_is_percpu(".data..percpu..page_aligned"));
	assert_false(klp_lp_is_percpu(".data..percpu_not"));
	assert_false(klp_lp_is_percpu(".data"));
	assert_false(klp_lp_is_percpu(".data.percpu"));
}

static void which_sections_are_early(void **state)
{
	(void)state;
	assert_non_null(klp_lp_early("__jump_table", "ext4", 0x60100));
	assert_non_null(klp_lp_early(".init.text", "ext4", 0));
	assert_non_null(klp_lp_early(".exit.text", "ext4", 0));
	assert_non_null(klp_lp_early(".exit.data", "", 0));
	assert_null(klp_lp_early(".exit_not", "ext4", 0));
	assert_null(klp_lp_early(".text", "ext4", 0));
	assert_null(klp_lp_early("__jump_table", "vmlinux", 0));
	assert_null(klp_lp_early("__jump_table", "vmlinux", 0x50800));
	assert_non_null(klp_lp_early("__jump_table", "vmlinux", 0x50700));
	assert_null(klp_lp_early(".text", "vmlinux", 0x50700));
	/* it runs when all of vmlinux is resolved, in any kernel */
	assert_null(klp_lp_early(".exit.text", "vmlinux", 0x50700));
}

int main(void)
{
#define T(f) cmocka_unit_test(f)
	const struct CMUnitTest tests[] = {
		T(what_the_loader_ignores),
		T(which_section_is_per_cpu),
		T(which_sections_are_early),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
