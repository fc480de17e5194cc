// SPDX-License-Identifier: GPL-2.0-or-later
/* libFuzzer: parsers/ipa.h on arbitrary bytes. Seeds: tests/fuzz/corpus/ipa. */
#include "parsers/ipa.h"

#include <string.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	const char *text = klp_strndup(arena, (const char *)data, size);
	struct klp_error err = {};
	struct klp_ipa_dump dump;
	int rc = klp_ipa_parse(arena, "x", text, size, &dump, &err);

	fuzz_check_error(rc, &err);
	fuzz_expect(rc || !dump.malformed == !dump.malformed_why);
	fuzz_expect(rc || !dump.malformed == !dump.malformed_line);
	for (size_t i = 0; rc == 0 && i < dump.edges.n; i++)
		fuzz_expect(dump.edges.v[i].from < dump.nodes.n &&
			    dump.edges.v[i].to < dump.nodes.n);
	for (size_t i = 0; rc == 0 && i < dump.nodes.n; i++) {
		const struct klp_ipa_node *node = &dump.nodes.v[i];

		fuzz_expect(klp_ipa_base_len(node->name) <= strlen(node->name));
		if (strlen(node->name) < 1000)
			fuzz_expect(klp_ipa_find(&dump, node->name, node->order) == i);
	}
	return 0;
}
