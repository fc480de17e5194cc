// SPDX-License-Identifier: GPL-2.0-or-later
#include "detect/spread.h"

#include <ctype.h>
#include <string.h>

#include "base/file.h"
#include "parsers/cenum.h"

/* Beyond this it is a change of the language, so to speak: every reader counts. */
#define MAX_WORDS     5000
#define MAX_FUNCTIONS 300

static bool ends_in(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n >= m && !strcmp(s + n - m, suffix);
}

/* ---- who reads what --------------------------------------------------------------------- */

static struct klp_source *source_new(struct klp_spread *s, const char *name, const char *path)
{
	struct klp_source *source = klp_new(s->arena, struct klp_source);

	source->name = name;
	source->path = path;
	source->is_header = !ends_in(name, ".c");
	klp_vec_push(s->arena, &s->sources, source);
	return source;
}

/* A file by its recorded spelling; NULL: neither of the source nor of the build. */
static struct klp_source *source_for(struct klp_spread *s, struct klp_map *spellings,
				     const char *spelling, const struct klp_overlay *after)
{
	const char *root, *name, *path;
	struct klp_source *source = klp_map_get(spellings, spelling);

	if (source)
		return source->name ? source : NULL;
	name = klp_tree_relative(s->arena, s->tree, spelling, &root);
	source = name ? klp_map_get(&s->by_name, name) : NULL;
	if (!source && name) {
		path = klp_strs_has(&after->files, name) ? after->dir : root;
		source = source_new(s, name, klp_path_join(s->arena, path, name));
		klp_map_put(&s->by_name, name, source);
	}
	if (!source)
		source = klp_new(s->arena, struct klp_source);
	klp_map_put(spellings, spelling, source);
	return source->name ? source : NULL;
}

static void add_dep(struct klp_spread *s, struct klp_map *spellings, uint32_t unit,
		    const char *spelling, const struct klp_overlay *after)
{
	struct klp_source *source = source_for(s, spellings, spelling, after);

	if (!source)
		return;
	if (source->is_header)
		source->reader = unit;
	else if (!source->units.n || source->units.v[source->units.n - 1] != unit)
		klp_vec_push(s->arena, &source->units, unit);
}

int klp_detect__spread_open(struct klp_spread *s, unsigned int jobs, const struct klp_strs *headers,
			    const struct klp_overlay *after)
{
	struct klp_map spellings, seen;

	klp_map_init(&spellings, s->arena);
	klp_map_init(&seen, s->arena);
	klp_map_init(&s->by_name, s->arena);
	klp_map_init(&s->words, s->arena);
	for (size_t i = 0; i < headers->n; i++) {
		struct klp_units units;

		if (klp_tree_units_of(s->arena, s->tree, headers->v[i], jobs, &units, s->err) < 0)
			return s->err->code;
		for (size_t k = 0; k < units.n; k++) {
			if (klp_map_get(&seen, units.v[k]->object))
				continue;
			klp_map_put(&seen, units.v[k]->object, s);
			klp_vec_push(s->arena, &s->readers, units.v[k]);
		}
	}
	s->hit = klp_alloc_array(s->arena, s->readers.n, sizeof(*s->hit));
	for (uint32_t i = 0; i < s->readers.n; i++) {
		const struct klp_unit *unit = s->readers.v[i];

		add_dep(s, &spellings, i, unit->source_path, after);
		for (size_t k = 0; k < unit->deps.n; k++)
			add_dep(s, &spellings, i, unit->deps.v[k], after);
	}
	return 0;
}

struct klp_source *klp_detect__spread_old(struct klp_spread *s, const char *name, const char *path)
{
	struct klp_source *source = source_new(s, name, path);

	source->old = true;
	return source;
}

struct klp_source *klp_detect__spread_source(struct klp_spread *s, const char *name)
{
	return klp_map_get(&s->by_name, name);
}

int klp_detect__spread_chunks(struct klp_spread *s, struct klp_source *source)
{
	char *text;
	size_t len;

	if (source->affected)
		return 0;
	if (klp_file_read(s->arena, source->path, KLP_MAX_TEXT, &text, &len, s->err) < 0 ||
	    klp_chunks_split(s->arena, source->name, text, len, &source->chunks, s->err) < 0)
		return s->err->code;
	source->affected =
		klp_alloc_array(s->arena, source->chunks.v.n + 1, sizeof(*source->affected));
	return 0;
}

/* ---- what is affected, and what that affects -------------------------------------------- */

static void everywhere(struct klp_spread *s, const struct klp_source *source,
		       const struct klp_chunk *c, const char *what)
{
	if (!s->everywhere)
		s->everywhere = klp_sprintf(s->arena, "%s at %s:%u", what, source->name, c->line);
}

void klp_detect__spread_word(struct klp_spread *s, const char *name)
{
	if (!*name || klp_map_get(&s->words, name))
		return;
	klp_map_put(&s->words, name, (void *)name);
	if (s->words.n > MAX_WORDS && !s->everywhere)
		s->everywhere = klp_sprintf(s->arena, "more than %d names", MAX_WORDS);
}

static void reach_function(struct klp_spread *s, const struct klp_source *source, const char *name)
{
	struct klp_reached_function f = { name, source };

	klp_vec_push(s->arena, &s->functions, f);
	if (s->functions.n > MAX_FUNCTIONS && !s->everywhere)
		s->everywhere =
			klp_sprintf(s->arena, "more than %d functions of headers", MAX_FUNCTIONS);
}

static void reach_type(struct klp_spread *s, const struct klp_source *source)
{
	for (size_t i = 0; i < s->types.n; i++)
		if (s->types.v[i] == source)
			return;
	klp_vec_push(s->arena, &s->types, source);
}

static bool has_word(const struct klp_ctoks *toks, const char *word)
{
	for (size_t i = 0; i < toks->v.n; i++)
		if (klp_tok_is(&toks->v.v[i], word))
			return true;
	return false;
}

static void reach_decl(struct klp_spread *s, const struct klp_source *source,
		       const struct klp_chunk *c)
{
	struct klp_enumerators enumerators = {};
	struct klp_ctoks toks = {};

	if (c->odd) {
		everywhere(s, source, c, "a declaration that only the compiler understands");
		return;
	}
	klp_chunk_tokens(s->arena, &source->chunks, c, &toks);
	switch (c->decl) {
	case KLP_CDECL_FUNCTION:
		reach_function(s, source, c->name);
		break;
	case KLP_CDECL_TYPE:
	case KLP_CDECL_TYPEDEF:
		klp_enumerators(s->arena, toks.v.v, toks.v.n, &enumerators);
		for (size_t i = 0; i < enumerators.n; i++)
			klp_detect__spread_word(s, enumerators.v[i].name);
		reach_type(s, source);
		break;
	case KLP_CDECL_VARIABLE:
		/* `static const unsigned int limit = 5;`: a constant */
		if (has_word(&toks, "static") && has_word(&toks, "="))
			klp_detect__spread_word(s, c->name);
		reach_type(s, source);
		break;
	case KLP_CDECL_PROTOTYPE:
		reach_type(s, source);
		break;
	case KLP_CDECL_ASM:
		everywhere(s, source, c, "assembly");
		break;
	case KLP_CDECL_ASSERT:
	case KLP_CDECL_EMPTY:
		break;
	}
}

/* Whatever stands in the branches of a conditional. */
static void reach_governed(struct klp_spread *s, struct klp_source *source, uint32_t condition)
{
	const struct klp_chunk_vec *v = &source->chunks.v;

	for (uint32_t i = condition + 1; i < v->n; i++)
		if (v->v[i].parent == condition)
			klp_detect__spread_chunk(s, source, i);
}

static bool says(const struct klp_source *source, const struct klp_chunk *c, const char *word)
{
	for (uint32_t i = c->first; i < c->first + c->n && i < c->first + 2; i++)
		if (klp_tok_is(&source->chunks.toks.v.v[i], word))
			return true;
	return false;
}

void klp_detect__spread_chunk(struct klp_spread *s, struct klp_source *source, uint32_t chunk)
{
	const struct klp_chunk *c = &source->chunks.v.v[chunk];

	if (source->affected[chunk])
		return;
	source->affected[chunk] = true;
	switch (c->kind) {
	case KLP_CHUNK_DEFINE:
		klp_detect__spread_word(s, c->name);
		break;
	case KLP_CHUNK_CONDITION:
		reach_governed(s, source, chunk);
		break;
	case KLP_CHUNK_INCLUDE:
		/* `#include TRACE_INCLUDE(x)` */
		if (c->name[0] != '<' && c->name[0] != '"')
			everywhere(s, source, c, "an include by a macro");
		break;
	case KLP_CHUNK_DIRECTIVE:
		if (says(source, c, "pragma"))
			everywhere(s, source, c, "a #pragma");
		break;
	case KLP_CHUNK_DECL:
		reach_decl(s, source, c);
		break;
	}
}

/* ---- searching -------------------------------------------------------------------------- */

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
