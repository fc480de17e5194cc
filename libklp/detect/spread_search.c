// SPDX-License-Identifier: GPL-2.0-or-later
/* The words of a spread in the texts that its readers read. */
#include <ctype.h>
#include <string.h>

#include "base/file.h"
#include "detect/spread.h"

/* Which identifiers are worth a look into the map: by first character and length. */
struct filter {
	uint64_t lengths[256];
};

static bool starts_word(unsigned char c)
{
	return isalpha(c) || c == '_' || c == '$';
}

static bool in_word(unsigned char c)
{
	return isalnum(c) || c == '_' || c == '$';
}

static void filter_add(struct filter *f, const char *word)
{
	f->lengths[(unsigned char)word[0]] |= 1ull << (strlen(word) & 63);
}

/* The next identifier of [p, end) that is one of the words; NULL: none. */
static const char *next_hit(const struct klp_spread *s, const struct filter *f, const char *p,
			    const char *end, size_t *ret_len)
{
	while (p < end) {
		const char *start = p;

		if (!starts_word((unsigned char)*p)) {
			/* 0x10 isn't a word that begins with x */
			if (isdigit((unsigned char)*p))
				while (p < end && in_word((unsigned char)*p))
					p++;
			else
				p++;
			continue;
		}
		while (p < end && in_word((unsigned char)*p))
			p++;
		*ret_len = (size_t)(p - start);
		if ((f->lengths[(unsigned char)*start] >> (*ret_len & 63) & 1) &&
		    klp_map_getn(&s->words, start, *ret_len))
			return start;
	}
	return NULL;
}

/* An identifier of the code there: not in a comment or a string. */
static bool is_token(const struct klp_ctoks *toks, const char *at)
{
	size_t lo = 0, hi = toks->v.n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (toks->v.v[mid].p < at)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < toks->v.n && toks->v.v[lo].p == at && toks->v.v[lo].kind == KLP_TOK_IDENT;
}

/*
 * The header's chunks that mention a word, but for the one that defines it. `text` may be
 * another copy of the same bytes than the chunks'.
 */
static int hits_in_header(struct klp_spread *s, struct klp_source *source, const struct filter *f,
			  const char *text, size_t len)
{
	const char *p = text;
	size_t n;

	while ((p = next_hit(s, f, p, text + len, &n))) {
		uint32_t offset = (uint32_t)(p - text);
		const struct klp_chunk *c;

		p += n;
		if (klp_detect__spread_chunks(s, source) < 0)
			return s->err->code;
		c = klp_chunk_at(&source->chunks, offset);
		if (c && is_token(&source->chunks.toks, source->chunks.text + offset))
			klp_detect__spread_chunk(s, source, (uint32_t)(c - source->chunks.v.v));
	}
	return 0;
}

static int hits_in_source(struct klp_spread *s, struct klp_source *source, const struct filter *f,
			  const char *text, size_t len)
{
	size_t n;
	const char *p = next_hit(s, f, text, text + len, &n);
	struct klp_ctoks toks = {};
	bool new = false;

	for (size_t i = 0; i < source->units.n; i++)
		new = new || !s->hit[source->units.v[i]];
	if (!p || !new)
		return 0;
	if (klp_ctok_source(s->arena, source->name, text, len, true, &toks, s->err) < 0)
		return s->err->code;
	for (; p; p = next_hit(s, f, p + n, text + len, &n)) {
		if (!is_token(&toks, p))
			continue;
		for (size_t i = 0; i < source->units.n; i++)
			s->hit[source->units.v[i]] = true;
		return 0;
	}
	return 0;
}

/* More names than this are looked for as they are spelled only, and then in all readers. */
#define MAX_PASTED 200

/* The parts of a name, in the same chunk of a header or the same source file. */
static int pasted_in(struct klp_spread *s, struct klp_source *source, const char *text, size_t len)
{
	if (!klp_paste_makes(&s->paste, text, len))
		return 0;
	for (size_t i = 0; i < source->units.n; i++)
		s->hit[source->units.v[i]] = true;
	if (!source->is_header)
		return 0;
	if (klp_detect__spread_chunks(s, source) < 0)
		return s->err->code;
	for (uint32_t i = 0; i < source->chunks.v.n; i++) {
		const struct klp_chunk *c = &source->chunks.v.v[i];

		if (!source->affected[i] &&
		    klp_paste_makes(&s->paste, source->chunks.text + c->from, c->to - c->from))
			klp_detect__spread_chunk(s, source, i);
	}
	return 0;
}

/* Every file, for `what` is done with its text. */
static int for_all(struct klp_spread *s,
		   int (*what)(struct klp_spread *s, struct klp_source *source, const char *text,
			       size_t len))
{
	KLP_CLEANUP_FILEBUF struct klp_filebuf buf = {};

	for (size_t i = 0; i < s->sources.n && !s->everywhere; i++) {
		struct klp_source *source = s->sources.v[i];

		if (!klp_file_exists(source->path))
			continue;
		if (klp_filebuf_load(&buf, source->path, KLP_MAX_TEXT, s->err) < 0 ||
		    what(s, source, buf.data, buf.len) < 0)
			return s->err->code;
	}
	return 0;
}

static int collect_pastes(struct klp_spread *s, struct klp_source *source, const char *text,
			  size_t len)
{
	(void)source;
	klp_paste_collect(&s->paste, text, len);
	return 0;
}

/* Names that a macro puts together are spelled nowhere. */
static int search_pasted(struct klp_spread *s)
{
	size_t known = s->paste.names.n;

	if (!s->paste.arena) {
		klp_paste_init(s->arena, &s->paste);
		if (for_all(s, collect_pastes) < 0)
			return s->err->code;
	}
	for (size_t i = 0; i < s->words.n && i < MAX_PASTED; i++)
		klp_paste_add(&s->paste, s->words.entries[i].key);
	if (s->words.n > MAX_PASTED && !s->everywhere)
		s->everywhere = klp_sprintf(s->arena, "more than %d names", MAX_PASTED);
	return s->paste.names.n > known ? for_all(s, pasted_in) : 0;
}

static int search(struct klp_spread *s, const struct filter *f)
{
	KLP_CLEANUP_FILEBUF struct klp_filebuf buf = {};

	for (size_t i = 0; i < s->sources.n && !s->everywhere; i++) {
		struct klp_source *source = s->sources.v[i];
		int rc;

		/* a generated header may be gone; then the unit can't be preprocessed either */
		if (!klp_file_exists(source->path))
			continue;
		if (klp_filebuf_load(&buf, source->path, KLP_MAX_TEXT, s->err) < 0)
			return s->err->code;
		rc = source->is_header ? hits_in_header(s, source, f, buf.data, buf.len)
				       : hits_in_source(s, source, f, buf.data, buf.len);
		if (rc < 0)
			return rc;
	}
	return 0;
}

int klp_detect__spread_run(struct klp_spread *s)
{
	while (s->searched < s->words.n && !s->everywhere) {
		struct filter f = {};

		for (; s->searched < s->words.n; s->searched++)
			filter_add(&f, s->words.entries[s->searched].key);
		if (search(s, &f) < 0)
			return s->err->code;
		/* what is found in this way may have names of its own */
		if (s->searched == s->words.n && search_pasted(s) < 0)
			return s->err->code;
	}
	return 0;
}

int klp_detect__spread_mentions(struct klp_spread *s, const char *path, const char **ret_word)
{
	KLP_CLEANUP_FILEBUF struct klp_filebuf buf = {};
	struct filter f = {};
	const char *p;
	size_t n;

	*ret_word = NULL;
	for (size_t i = 0; i < s->words.n; i++)
		filter_add(&f, s->words.entries[i].key);
	if (klp_filebuf_load(&buf, path, KLP_MAX_TEXT, s->err) < 0)
		return s->err->code;
	p = next_hit(s, &f, buf.data, buf.data + buf.len, &n);
	if (p)
		*ret_word = klp_strndup(s->arena, p, n);
	return 0;
}
