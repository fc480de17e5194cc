// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer: arbitrary bytes as what the compiler gave, preprocessed text that is made lean, in one
 * and in two parts, and assembly whose sections are taken away (cc/lean.h, cc/plain.h); and as a
 * source that is cut in two (cc/cut.h), and as the line markers of its headers (cc/entered.h).
 * Seeds: tests/fuzz/corpus/ccout.
 */
#include "cc/cut.h"
#include "cc/entered.h"
#include "cc/lean.h"
#include "cc/plain.h"
#include "fuzz.h"

static size_t lines_of(const char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += text[i] == '\n';
	return n;
}

static void fuzz_cut(struct klp_arena *arena, const char *text, size_t size)
{
	struct klp_cut cut = { .arena = arena, .name = "x.c", .text = text, .len = size };
	struct klp_unit unit = {};

	klp_vec_push(arena, &unit.argv, "gcc");
	klp_vec_push(arena, &unit.argv, "-DKBUILD_MODNAME=\"x\"");
	if (!klp_cc__cut(&cut, &unit))
		return;
	fuzz_expect(cut.rest <= size && cut.first <= cut.n && cut.n <= cut.lines.n);
	for (size_t i = cut.n; i < cut.lines.n; i++)
		fuzz_expect(cut.lines.v[i].from >= cut.rest &&
			    cut.lines.v[i].kind != KLP_CPP_INCLUDE);
}

/* The first half stands before the second. */
static void fuzz_behind(struct klp_arena *arena, const char *text, size_t size)
{
	const char *head = klp_strndup(arena, text, size / 2);
	struct klp_cdecls decls = {};
	struct klp_ctoks toks = {};
	struct klp_error unread = {};
	struct klp_buf out;

	klp_buf_init(&out, arena);
	if (klp_ctok_preprocessed(arena, "", head, size / 2, &toks, &unread) < 0 ||
	    klp_cdecl_split(arena, &toks, &decls, &unread) < 0 ||
	    !klp_cc__lean_behind(klp_cc__lean_read(arena, head, size / 2, &toks, &decls),
				 text + size / 2, size - size / 2, &out))
		return;
	fuzz_expect(lines_of(out.p, out.len) == lines_of(text, size));
}

/* The files of a text that is no compiler's. */
static void fuzz_entered(struct klp_arena *arena, const char *text, size_t size)
{
	static const char source[] = "#include <a.h>\n#define A\n#include \"b.h\"\nint x;\n";
	struct klp_cut cut = {
		.arena = arena,
		.name = "x.c",
		.text = source,
		.len = sizeof(source) - 1,
	};
	struct klp_cc_entereds entered = {};
	struct klp_unit unit = {};

	fuzz_expect(klp_cc__cut(&cut, &unit));
	if (!klp_cc__entered(arena, "/cwd", &cut, "x.c", text, size, &entered))
		return;
	for (size_t i = 0; i < entered.n; i++) {
		const struct klp_cc_entered *e = &entered.v[i];

		fuzz_expect(e->path[0] == '/' && e->at < cut.rest);
		fuzz_expect(e->from >= KLP_CC_COMMAND_LINE && e->from < (int)i);
		fuzz_expect(!e->at || e->from == KLP_CC_SOURCE);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	const char *text = klp_strndup(arena, (const char *)data, size);
	struct klp_buf lean, plain;

	klp_buf_init(&lean, arena);
	if (klp_cc__lean(text, size, &lean)) {
		fuzz_expect(lean.len <= 2 * size);
		fuzz_expect(lines_of(lean.p, lean.len) == lines_of(text, size));
	}
	fuzz_cut(arena, text, size);
	fuzz_behind(arena, text, size);
	fuzz_entered(arena, text, size);
	klp_buf_init(&plain, arena);
	klp_cc__plain(arena, text, size, text, size, &plain);
	fuzz_expect(plain.p && (size == 0 || plain.len));
	return 0;
}
