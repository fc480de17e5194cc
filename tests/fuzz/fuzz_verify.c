// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer: verify/verify.h and verify/upgrade.h on arbitrary bytes, as a livepatch and as the
 * kernel that it is for; once more behind convert, where that takes them. Seeds:
 * tests/fuzz/make-seeds.
 */
#include "verify/verify.h"

#include <unistd.h>

#include "convert/convert.h"
#include "elf/symtabs.h"
#include "kernel.h"
#include "verify/upgrade.h"

static void check_findings(const struct klp_findings *findings)
{
	for (size_t i = 0; i < findings->n; i++) {
		const struct klp_finding *f = &findings->v[i];

		fuzz_expect(f->code && f->code[0] && f->message && f->message[0]);
		fuzz_expect(f->severity == KLP_NOTE || (f->hint && f->hint[0]));
	}
}

static void verify(struct klp_arena *arena, const char *module, const char *kernel,
		   const struct klp_plan *plan)
{
	struct klp_tree tree = fuzz_tree(arena, kernel);
	struct klp_symtabs symtabs;
	struct klp_verify_opts opts = { .tree = &tree, .symtabs = &symtabs, .plan = plan };
	struct klp_livepatches both = {};
	struct klp_findings findings = {};
	struct klp_livepatch got = {};
	struct klp_upgrades upgrades = {};
	struct klp_error err = {};
	int rc;

	klp_symtabs_init(&symtabs, arena);
	rc = klp_verify(arena, module, &opts, &got, &findings, &err);
	fuzz_check_code(rc, &err);
	check_findings(&findings);
	if (rc)
		return;
	err = (struct klp_error){};
	rc = klp_verify_read(arena, module, &got, &err);
	fuzz_check_code(rc, &err);
	check_findings(&got.findings);
	klp_vec_push(arena, &both, got);
	klp_vec_push(arena, &both, got);
	findings = (struct klp_findings){};
	klp_verify_together(arena, &both, &findings);
	err = (struct klp_error){};
	rc = klp_verify_upgrades(arena, &both, &upgrades, &findings, &err);
	fuzz_check_code(rc, &err);
	check_findings(&findings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	const char *in = fuzz_path(arena, "ext4.ko"), *out = fuzz_path(arena, "out.ko");
	struct klp_plan plan = fuzz_plan(arena);
	struct klp_tree tree = fuzz_tree(arena, in);
	struct klp_candidates candidates = {};
	struct klp_convert_opts opts = { .plan = &plan, .tree = &tree, .candidates = &candidates };
	struct klp_convert_stats stats = {};
	struct klp_error err = {};

	fuzz_put(in, data, size);
	unlink(out);
	verify(arena, in, in, NULL);
	if (klp_convert(arena, in, out, &opts, &stats, &err) == 0)
		verify(arena, out, in, &plan);
	return 0;
}
