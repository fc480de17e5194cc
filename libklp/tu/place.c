// SPDX-License-Identifier: GPL-2.0-or-later
#include "tu/place.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tu/visit.h"

/* Index of an own file, or KLP_NOWHERE. */
static uint32_t own_file(struct klp_tu__places *places, CXFile file)
{
	uintptr_t found;
	char *path;

	if (!file)
		return KLP_NOWHERE;
	/* clang_File_isEqual() takes all files that aren't on the disk for one */
	if (file == places->last_file)
		return places->last_index;
	path = klp_path_clean(places->arena, klp_tu__take(places->arena, clang_getFileName(file)));
	found = (uintptr_t)klp_map_get(places->files, path);
	places->last_file = file;
	places->last_index =
		found && places->tu->files.v[found - 1].own ? (uint32_t)found - 1 : KLP_NOWHERE;
	return places->last_index;
}

struct klp_tu__place klp_tu__place_of(struct klp_tu__places *places, CXSourceLocation location)
{
	struct klp_tu__place p;
	CXFile file;

	clang_getFileLocation(location, &file, &p.line, NULL, &p.offset);
	p.file = own_file(places, file);
	return p;
}

struct klp_tu__place klp_tu__expansion_of(struct klp_tu__places *places, CXSourceLocation location)
{
	struct klp_tu__place p;
	CXFile file;

	clang_getExpansionLocation(location, &file, &p.line, NULL, &p.offset);
	p.file = own_file(places, file);
	return p;
}

uint32_t klp_tu__spelled_at(const struct klp_tu__places *places, struct klp_tu__place p,
			    const char *name)
{
	const struct klp_tu_file *f;
	size_t n = strlen(name);

	if (p.file == KLP_NOWHERE)
		return KLP_NOWHERE;
	f = &places->tu->files.v[p.file];
	if (p.offset + n > f->len || memcmp(f->text + p.offset, name, n))
		return KLP_NOWHERE;
	/* the whole word: a macro called foo_bar is no `foo` */
	if (p.offset + n < f->len) {
		char c = f->text[p.offset + n];

		if (c == '_' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z'))
			return KLP_NOWHERE;
	}
	return p.offset;
}

static enum CXChildVisitResult visit_expansion(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct klp_tu__places *places = data;
	CXSourceRange extent;
	struct klp_tu__place from, to;

	(void)parent;
	if (clang_getCursorKind(cursor) != CXCursor_MacroExpansion)
		return CXChildVisit_Continue;
	extent = clang_getCursorExtent(cursor);
	from = klp_tu__expansion_of(places, clang_getRangeStart(extent));
	to = klp_tu__expansion_of(places, clang_getRangeEnd(extent));
	if (from.file != KLP_NOWHERE && to.file == from.file)
		klp_vec_push(places->arena, &places->expansions,
			     (struct klp_tu__expansion){ from.file, from.offset, to.offset });
	return CXChildVisit_Continue;
}

static int compare_expansions(const void *a, const void *b)
{
	const struct klp_tu__expansion *x = a, *y = b;

	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->to < y->to ? -1 : x->to > y->to;
}

/* The end of the outermost macro use that begins at p; p itself when there is none. */
static uint32_t end_of_expansion(const struct klp_tu__places *places, struct klp_tu__place p)
{
	size_t lo = 0, hi = places->expansions.n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		const struct klp_tu__expansion *e = &places->expansions.v[mid];

		if (e->file < p.file || (e->file == p.file && e->from <= p.offset))
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo && places->expansions.v[lo - 1].file == p.file &&
	    places->expansions.v[lo - 1].from == p.offset)
		return places->expansions.v[lo - 1].to;
	return p.offset;
}

struct klp_tu__place klp_tu__end_of(struct klp_tu__places *places, CXSourceLocation end)
{
	struct klp_tu__place p = klp_tu__expansion_of(places, end);
	unsigned int spelled;
	CXFile file;

	clang_getSpellingLocation(end, &file, NULL, NULL, &spelled);
	if (p.file != KLP_NOWHERE && (own_file(places, file) != p.file || spelled != p.offset))
		p.offset = end_of_expansion(places, p);
	return p;
}

void klp_tu__places_init(struct klp_tu__places *places, struct klp_arena *arena,
			 CXTranslationUnit cx, const struct klp_tu *tu, const struct klp_map *files)
{
	*places = (struct klp_tu__places){ .arena = arena, .tu = tu, .files = files };
	clang_visitChildren(clang_getTranslationUnitCursor(cx), visit_expansion, places);
	if (places->expansions.n)
		qsort(places->expansions.v, places->expansions.n, sizeof(*places->expansions.v),
		      compare_expansions);
}
