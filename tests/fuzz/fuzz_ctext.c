// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer: arbitrary bytes as a C source and as the output of a preprocessor: ctoken, cppline,
 * cdecl, chunk, cenum and paste of parsers/. What they give are places in the text. Seeds:
 * tests/fuzz/corpus/ctext.
 */
#include <string.h>

#include "fuzz.h"
#include "parsers/cenum.h"
#include "parsers/chunk.h"
#include "parsers/paste.h"

static void check_tokens(const struct klp_ctoks *toks, const char *text, size_t len)
{
	const char *at = text;

	for (size_t i = 0; i < toks->v.n; i++) {
		const struct klp_ctok *t = &toks->v.v[i];

		fuzz_expect(t->len && t->p >= at && t->p + t->len <= text + len);
		fuzz_expect(t->file < toks->files.n);
		at = t->p + t->len;
	}
}

/* Each token belongs to one declaration. */
static void check_decls(struct klp_arena *arena, const struct klp_ctoks *toks)
{
	struct klp_enumerators enums = {};
	struct klp_cdecls decls = {};
	struct klp_error err = {};
	int rc = klp_cdecl_split(arena, toks, &decls, &err);
	size_t at = 0;

	fuzz_check_error(rc, &err);
	for (size_t i = 0; rc == 0 && i < decls.n; i++) {
		const struct klp_cdecl *d = &decls.v[i];

		fuzz_expect(d->n && d->first >= at && (size_t)d->first + d->n <= toks->v.n);
		fuzz_expect(d->name && d->at >= d->first && d->at <= d->first + d->n);
		fuzz_expect(!d->body || (d->body > d->first && d->body < d->first + d->n &&
					 klp_tok_is(&toks->v.v[d->body], "{")));
		at = d->first + d->n;
		klp_enumerators(arena, toks->v.v + d->first, d->n, &enums);
	}
}

static void check_lines(struct klp_arena *arena, const char *text, size_t len)
{
	struct klp_cpplines lines = {};
	size_t at = 0;

	klp_cpplines_scan(arena, text, len, &lines);
	for (size_t i = 0; i < lines.n; i++) {
		const struct klp_cppline *l = &lines.v[i];

		fuzz_expect(l->from >= at && l->from < l->to && l->to <= len);
		fuzz_expect(text[l->from] == '#');
		at = l->to;
	}
}

static void check_chunks(struct klp_arena *arena, const char *text, size_t len)
{
	struct klp_chunks chunks;
	struct klp_error err = {};
	uint32_t *there, *back;
	size_t at = 0;
	int rc = klp_chunks_split(arena, "x", text, len, &chunks, &err);

	fuzz_check_error(rc, &err);
	if (rc)
		return;
	klp_chunks_match(arena, &chunks, &chunks, &there, &back);
	for (size_t i = 0; i < chunks.v.n; i++) {
		const struct klp_chunk *c = &chunks.v.v[i];
		struct klp_ctoks toks = {};

		fuzz_expect(c->from >= at && c->from < c->to && c->to <= len && c->name);
		fuzz_expect((size_t)c->first + c->n <= chunks.toks.v.n);
		fuzz_expect(c->parent == KLP_CHUNK_NONE || c->parent < i);
		fuzz_expect(klp_chunk_at(&chunks, c->from) == c);
		fuzz_expect(there[i] == i && back[i] == i);
		klp_chunk_tokens(arena, &chunks, c, &toks);
		at = c->to;
	}
}

static void check_paste(struct klp_arena *arena, const char *text, size_t len)
{
	struct klp_paste paste;

	klp_paste_init(arena, &paste);
	klp_paste_collect(&paste, text, len);
	klp_paste_add(&paste, "LIMIT_A");
	klp_paste_add(&paste, "a_b_c");
	klp_paste_makes(&paste, text, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = klp_arena_new();
	const char *text = klp_strndup(arena, (const char *)data, size);
	int rc;

	for (int directives = 0; directives < 2; directives++) {
		struct klp_error err = {};
		struct klp_ctoks toks = {};

		rc = klp_ctok_source(arena, "x", text, size, directives, &toks, &err);
		fuzz_check_error(rc, &err);
		if (rc == 0)
			check_tokens(&toks, text, size);
	}
	{
		struct klp_error err = {};
		struct klp_ctoks toks = {};

		rc = klp_ctok_preprocessed(arena, "x", text, size, &toks, &err);
		fuzz_check_error(rc, &err);
		if (rc == 0) {
			check_tokens(&toks, text, size);
			check_decls(arena, &toks);
		}
	}
	check_lines(arena, text, size);
	check_chunks(arena, text, size);
	check_paste(arena, text, size);
	return 0;
}
