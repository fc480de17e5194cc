// SPDX-License-Identifier: GPL-2.0-or-later
#include "detect/spread.h"

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
