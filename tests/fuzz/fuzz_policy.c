// SPDX-License-Identifier: GPL-2.0-or-later
/* libFuzzer: parsers/policy.h on arbitrary bytes. Seeds: tests/fuzz/corpus/policy. */
#include "parsers/policy.h"

#include "base/arena.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	const char *text = klp_strndup(arena, (const char *)data, size);
	struct klp_policy policy = {};
	struct klp_error err = {};

	fuzz_check_error(klp_policy_parse(arena, "x", text, size, &policy, &err), &err);
	for (size_t i = 0; i < policy.rules.n; i++) {
		const struct klp_policy_rule *rule = &policy.rules.v[i];

		fuzz_expect(rule->subject[0] && rule->line && rule->text[0]);
		fuzz_expect(klp_policy_find(&policy, rule->kind, rule->subject, rule->file, NULL) !=
			    NULL);
	}
	return 0;
}
