// SPDX-License-Identifier: GPL-2.0-or-later
#include "detect/headers.h"

#include <ctype.h>
#include <string.h>

#include "base/file.h"
#include "base/proc.h"
#include "detect/assembly.h"
#include "detect/spread.h"
#include "elf/symtab.h"
#include "parsers/cenum.h"
#include "parsers/ipa.h"

struct reach {
	struct klp_arena *arena;
	struct klp_tree *tree;
	const struct klp_detect_opts *opts;
	const struct klp_detect_result *versions;
	const struct klp_strs *files;
	struct klp_spread spread;
	bool *chosen; /* of the spread's readers */
	struct klp_findings *findings;
	struct klp_error *err;
};

/* ---- what changes in a header ----------------------------------------------------------- */

static bool is_enum(const struct klp_chunks *chunks, const struct klp_chunk *c,
		    struct klp_arena *arena, struct klp_enumerators *ret)
{
	struct klp_ctoks toks = {};

	if (c->kind != KLP_CHUNK_DECL || c->odd ||
	    (c->decl != KLP_CDECL_TYPE && c->decl != KLP_CDECL_TYPEDEF))
		return false;
	klp_chunk_tokens(arena, chunks, c, &toks);
	klp_enumerators(arena, toks.v.v, toks.v.n, ret);
	return ret->n != 0;
}

static const struct klp_enumerator *find_enumerator(const struct klp_enumerators *list,
						    const char *name)
{
	for (size_t i = 0; i < list->n; i++)
		if (!strcmp(list->v[i].name, name))
			return &list->v[i];
	return NULL;
}

/* The enumerators of the header's version, of all its enums that aren't in both versions. */
static void changed_enumerators(struct klp_arena *arena, const struct klp_source *source,
				const uint32_t *twins, struct klp_enumerators *ret)
{
	for (size_t i = 0; i < source->chunks.v.n; i++) {
		struct klp_enumerators list = {};

		if (twins[i] != KLP_CHUNK_NONE ||
		    !is_enum(&source->chunks, &source->chunks.v.v[i], arena, &list))
			continue;
		for (size_t k = 0; k < list.n; k++)
			klp_vec_push(arena, ret, list.v[k]);
	}
}

/*
 * An enumerator that is added at an end leaves the others what they were; who uses the new one
 * is edited himself.
 */
static void enums(struct reach *r, const struct klp_source *old, const struct klp_source *new,
		  const uint32_t *to_new, const uint32_t *to_old)
{
	struct klp_enumerators before = {}, after = {};

	changed_enumerators(r->arena, old, to_new, &before);
	changed_enumerators(r->arena, new, to_old, &after);
	for (size_t i = 0; i < before.n; i++) {
		const struct klp_enumerator *e = find_enumerator(&after, before.v[i].name);

		if (!e || e->value != before.v[i].value)
			klp_detect__spread_word(&r->spread, before.v[i].name);
	}
}

static bool declares(const struct klp_source *source, const struct klp_chunk *c)
{
	for (size_t i = 0; i < source->chunks.v.n; i++) {
		const struct klp_chunk *other = &source->chunks.v.v[i];

		if (other->kind == c->kind && c->name[0] && !strcmp(other->name, c->name))
			return true;
	}
	return false;
}

/* Each chunk of one version that the other doesn't have. */
static void differing(struct reach *r, struct klp_source *source, const struct klp_source *other,
		      const uint32_t *twins)
{
	for (uint32_t i = 0; i < source->chunks.v.n; i++) {
		const struct klp_chunk *c = &source->chunks.v.v[i];
		struct klp_enumerators list = {};
		bool new = !source->old && !declares(other, c);

		if (twins[i] != KLP_CHUNK_NONE || source->affected[i])
			continue;
		if (is_enum(&source->chunks, c, r->arena, &list)) {
			source->affected[i] = true; /* seen by enums() */
			klp_vec_push(r->arena, &r->spread.types, source);
			continue;
		}
		/* Nobody whom the fix doesn't edit uses what wasn't there. */
		if (new && c->kind == KLP_CHUNK_DECL && !c->odd && c->decl == KLP_CDECL_FUNCTION)
			continue;
		klp_detect__spread_chunk(&r->spread, source, i);
	}
}

static int one_header(struct reach *r, const char *file)
{
	const struct klp_overlay *before = &r->versions->before;
	struct klp_source *new = klp_detect__spread_source(&r->spread, file), *old;
	uint32_t *to_new, *to_old;

	if (!klp_strs_has(&before->files, file) || !new)
		return 0; /* a new one: nobody read it */
	old = klp_detect__spread_old(&r->spread, file, klp_path_join(r->arena, before->dir, file));
	old->reader = new->reader;
	if (!klp_strs_has(&r->versions->after.files, file)) {
		/* it goes: everything in it differs */
		if (klp_detect__spread_chunks(&r->spread, old) < 0)
			return r->err->code;
		for (uint32_t i = 0; i < old->chunks.v.n; i++)
			klp_detect__spread_chunk(&r->spread, old, i);
		return 0;
	}
	if (klp_detect__spread_chunks(&r->spread, old) < 0 ||
	    klp_detect__spread_chunks(&r->spread, new) < 0)
		return r->err->code;
	klp_chunks_match(r->arena, &old->chunks, &new->chunks, &to_new, &to_old);
	enums(r, old, new, to_new, to_old);
	differing(r, old, new, to_new);
	differing(r, new, old, to_old);
	return 0;
}

/* ---- functions of headers --------------------------------------------------------------- */

/*
 * Emitted in the object, as it is or as a clone. The debug information holds the names of all
 * that was inlined, too: only the symbol table counts.
 */
static int has_symbol(const struct klp_unit *unit, const char *function, struct klp_filebuf *reader,
		      bool *ret, struct klp_error *err)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	struct klp_strs symbols = {};
	size_t len = strlen(function);

	*ret = false;
	if (klp_symtab_functions(scratch, unit->object_path, function, reader, &symbols, err) < 0)
		return err->code;
	for (size_t i = 0; i < symbols.n && !*ret; i++)
		*ret = klp_ipa_base_len(symbols.v[i]) == len;
	return 0;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/*
 * The unit's own text calls it, or says so in a comment. Code of a function that has neither
 * symbol nor line in the dump may be there all the same, under the name of another function: GCC
 * makes one of two with equal code, and writes nothing of it.
 */
static bool is_called(const struct klp_unit *unit, const char *function)
{
	KLP_CLEANUP_MAPPED struct klp_mapped text = {};
	struct klp_error ignored = {};
	size_t n = strlen(function);
	const char *p, *end;

	/* one that isn't there is said where it is read */
	if (klp_mapped_open(unit->source_path, &text, &ignored) < 0 || !text.data)
		return false;
	end = text.data + text.len;
	for (p = text.data; (p = memmem(p, (size_t)(end - p), function, n)); p += n) {
		const char *behind = p + n;

		while (behind < end && isspace((unsigned char)*behind))
			behind++;
		if ((p == text.data || !is_word(p[-1])) && behind < end && *behind == '(')
			return true;
	}
	return false;
}

int klp_detect__may_hold(const struct klp_unit *unit, const char *function, bool *ret,
			 struct klp_error *err)
{
	KLP_CLEANUP_FILEBUF struct klp_filebuf reader = {};
	KLP_CLEANUP_MAPPED struct klp_mapped dump = {};

	*ret = true;
	/* the dump of link-time optimisation isn't the unit's alone */
	if (!unit->dump || unit->lto || !klp_file_exists(unit->object_path))
		return 0;
	if (klp_mapped_open(unit->dump, &dump, err) < 0)
		return err->code;
	if (dump.data && memmem(dump.data, dump.len, function, strlen(function)))
		return 0;
	if (has_symbol(unit, function, &reader, ret, err) < 0)
		return err->code;
	*ret = *ret || is_called(unit, function);
	return 0;
}

/* Units by their objects: what the dumps name are the tree's own structs. */
static void choose(struct reach *r, const struct klp_units *units)
{
	for (size_t i = 0; i < units->n; i++)
		for (size_t k = 0; k < r->spread.readers.n; k++)
			if (r->spread.readers.v[k] == units->v[i])
				r->chosen[k] = true;
}

/*
 * Neither inlined nor cloned, and so in no dump: the object's symbol table has its name, or the
 * unit's text does.
 */
struct symbols {
	struct reach *r;
	bool *found;		/* for each reader */
	struct klp_error *errs; /* likewise */
};

static void look_into_object(void *ctx, size_t i)
{
	KLP_CLEANUP_FILEBUF struct klp_filebuf reader = {};
	struct symbols *s = ctx;
	const struct klp_reached_functions *functions = &s->r->spread.functions;
	const struct klp_unit *unit = s->r->spread.readers.v[i];

	/* an object that isn't there can't be asked, nor can one without a dump */
	if (s->r->chosen[i] || !unit->dump || unit->lto || !klp_file_exists(unit->object_path)) {
		s->found[i] = true;
		return;
	}
	for (size_t k = 0; k < functions->n && !s->found[i]; k++)
		if (has_symbol(unit, functions->v[k].name, &reader, &s->found[i], &s->errs[i]) < 0)
			return;
	for (size_t k = 0; k < functions->n && !s->found[i]; k++)
		s->found[i] = is_called(unit, functions->v[k].name);
}

static int holders(struct reach *r)
{
	const struct klp_spread *s = &r->spread;
	struct symbols symbols = { .r = r };
	struct klp_map done;

	klp_map_init(&done, r->arena);
	for (size_t i = 0; i < s->functions.n; i++) {
		const struct klp_reached_function *f = &s->functions.v[i];
		char *key = klp_sprintf(r->arena, "%s %s", f->source->name, f->name);
		struct klp_units units = {};

		if (klp_map_get(&done, key))
			continue;
		klp_map_put(&done, key, r);
		if (klp_tree_carriers(r->arena, r->tree, f->name, f->source->name, r->opts->jobs,
				      &units, r->err) < 0)
			return r->err->code;
		choose(r, &units);
	}
	if (!s->functions.n)
		return 0;
	symbols.found = klp_alloc_array(r->arena, s->readers.n, sizeof(*symbols.found));
	symbols.errs = klp_alloc_array(r->arena, s->readers.n, sizeof(*symbols.errs));
	klp_parallel(s->readers.n, r->opts->jobs, look_into_object, &symbols);
	for (size_t i = 0; i < s->readers.n; i++) {
		if (symbols.errs[i].code) {
			*r->err = symbols.errs[i];
			return r->err->code;
		}
		r->chosen[i] = symbols.found[i];
	}
	return 0;
}

/* ---- the answer ------------------------------------------------------------------------- */

static bool reads(const struct klp_spread *s, size_t reader, const struct klp_source *source)
{
	const struct klp_unit *unit = s->readers.v[reader];

	/* the recorded spellings end in the name, whatever leads to the source */
	for (size_t i = 0; i < unit->deps.n; i++) {
		const char *dep = unit->deps.v[i];
		size_t n = strlen(dep), m = strlen(source->name);

		if (n >= m && !strcmp(dep + n - m, source->name) &&
		    (n == m || dep[n - m - 1] == '/'))
			return true;
	}
	return false;
}

/* A type means the same to all: one unit that sees it is enough. */
static void add_witnesses(struct reach *r)
{
	struct klp_spread *s = &r->spread;

	for (size_t i = 0; i < s->types.n; i++) {
		bool seen = false;

		for (size_t k = 0; k < s->readers.n && !seen; k++)
			seen = r->chosen[k] && reads(s, k, s->types.v[i]);
		if (!seen && s->readers.n)
			r->chosen[s->types.v[i]->reader] = true;
	}
}

static size_t count(const struct reach *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->spread.readers.n; i++)
		n += r->chosen[i];
	return n;
}

static void not_in_c(struct reach *r, const char *file, const char *word, const char *reader,
		     const char *code)
{
	bool assembly = !strcmp(code, "KLP-ASM-CHANGED");
	struct klp_finding *f = klp_finding_add(
		r->arena, r->findings, KLP_ERROR, code,
		assembly ? "the fix changes '%s' of '%s', which is read by the assembly of '%s'"
			 : "the fix changes '%s' of '%s', from which '%s' makes a further header",
		word, file, reader);

	f->symbol = word;
	f->file = file;
	f->hint = assembly ? "a livepatch replaces C functions only: keep the old definition, and "
			     "use one of another name in the C functions to be fixed"
			   : "that header's readers would all have to be followed: keep the old "
			     "definition, and use one of another name in the functions to be fixed";
}

static void too_wide(struct reach *r, size_t n)
{
	struct klp_finding *f;
	const char *why = r->spread.everywhere;

	if (why)
		why = klp_sprintf(r->arena, ", because of %s", why);
	f = klp_finding_add(r->arena, r->findings, KLP_ERROR, "KLP-HEADER-WIDE",
			    "the change of '%s' may reach %zu units%s: more than %d are not "
			    "followed",
			    r->files->v[0], n, why ? why : "", KLP_MAX_HEADER_UNITS);
	f->file = r->files->v[0];
	f->hint = "keep what the header has as it is, and give the new definition another name "
		  "that only the functions to be fixed use; or leave the header's hunk out and "
		  "put the new text into the .c files";
}

/*
 * Macros and constants are all that assembly takes from a header. What generates further headers
 * says the names itself.
 */
static int other_readers(struct reach *r, const char *file)
{
	struct klp_assembly assembly = {};
	struct klp_strs generators = {};
	const char *word;

	if (klp_detect__assembly(r->arena, r->tree, file, &assembly, r->err) < 0 ||
	    klp_detect__generators(r->arena, r->tree, file, &generators, r->err) < 0)
		return r->err->code;
	for (size_t i = 0; i < assembly.n; i++) {
		const char *source = assembly.v[i].source;

		word = "?";
		if (source && klp_file_exists(source) &&
		    klp_detect__spread_mentions(&r->spread, source, &word) < 0)
			return r->err->code;
		if (word)
			not_in_c(r, file, word, assembly.v[i].object, "KLP-ASM-CHANGED");
	}
	for (size_t i = 0; i < generators.n; i++) {
		if (klp_detect__spread_mentions(&r->spread, generators.v[i], &word) < 0)
			return r->err->code;
		if (word)
			not_in_c(r, file, word, klp_path_base(generators.v[i]), "KLP-HEADER-WIDE");
	}
	return 0;
}

/* Also the units that the fix edits themselves: they are compared in any case. */
static int choose_units(struct reach *r, struct klp_units *ret)
{
	struct klp_spread *s = &r->spread;
	size_t n;

	for (size_t i = 0; i < s->readers.n; i++)
		r->chosen[i] = s->hit[i] || s->everywhere;
	if (!s->everywhere && holders(r) < 0)
		return r->err->code;
	n = count(r);
	if (n > KLP_MAX_HEADER_UNITS) {
		too_wide(r, n);
		return 0;
	}
	add_witnesses(r);
	for (size_t i = 0; i < s->readers.n; i++)
		if (r->chosen[i])
			klp_vec_push(r->arena, ret, s->readers.v[i]);
	klp_log(r->opts->log, KLP_LOG_DEBUG,
		"headers: %zu units read them, %zu names and %zu functions matter, %zu units are "
		"compared",
		s->readers.n, s->words.n, s->functions.n, ret->n);
	return 0;
}

int klp_detect__header_units(struct klp_arena *arena, struct klp_tree *tree,
			     const struct klp_detect_opts *opts,
			     const struct klp_detect_result *versions, const struct klp_strs *files,
			     struct klp_units *ret, struct klp_findings *findings,
			     struct klp_error *err)
{
	struct reach r = {
		.arena = arena,
		.tree = tree,
		.opts = opts,
		.versions = versions,
		.files = files,
		.spread = { .arena = arena, .tree = tree, .err = err },
		.findings = findings,
		.err = err,
	};

	if (!files->n)
		return 0;
	if (klp_detect__spread_open(&r.spread, opts->jobs, files, &versions->after) < 0)
		return err->code;
	for (size_t i = 0; i < files->n; i++)
		if (one_header(&r, files->v[i]) < 0)
			return err->code;
	if (klp_detect__spread_run(&r.spread) < 0)
		return err->code;
	for (size_t i = 0; r.spread.words.n && i < files->n; i++)
		if (other_readers(&r, files->v[i]) < 0)
			return err->code;
	r.chosen = klp_alloc_array(arena, r.spread.readers.n, sizeof(*r.chosen));
	return choose_units(&r, ret);
}
