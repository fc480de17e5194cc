// SPDX-License-Identifier: GPL-2.0-or-later
/* Headers that are text of the unit under another name. */
#include "tu/visit.h"

#include <string.h>

#include "base/file.h"

struct private_files {
	struct klp_arena *arena;
	CXTranslationUnit cx;
	struct klp_tu *tu;
	const struct klp_map *files;
	char *dir; /* of the unit's source */
};

/*
 * A function that the header's own text spells: not one that a macro makes, like all that
 * come of a trace event. A name that is pasted together lies at the macro's use as well.
 */
static bool spells_definition(const struct private_files *p, CXCursor cursor, CXFile file)
{
	char *name = klp_tu__take(p->arena, clang_getCursorSpelling(cursor));
	unsigned int expanded, spelled;
	CXFile other;
	const char *text;
	size_t len;

	clang_getExpansionLocation(clang_getCursorLocation(cursor), NULL, NULL, NULL, &expanded);
	clang_getSpellingLocation(clang_getCursorLocation(cursor), &other, NULL, NULL, &spelled);
	text = clang_getFileContents(p->cx, file, &len);
	return file == other && expanded == spelled && text && spelled < len &&
	       len - spelled > strlen(name) && !memcmp(text + spelled, name, strlen(name));
}

static enum CXChildVisitResult visit_private(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct private_files *p = data;
	struct klp_tu_file *f;
	uintptr_t found;
	CXFile file;
	char *path;

	(void)parent;
	if (clang_getCursorKind(cursor) != CXCursor_FunctionDecl ||
	    !clang_isCursorDefinition(cursor) || clang_Cursor_isFunctionInlined(cursor))
		return CXChildVisit_Continue;
	clang_getExpansionLocation(clang_getCursorLocation(cursor), &file, NULL, NULL, NULL);
	if (!file)
		return CXChildVisit_Continue;
	path = klp_path_clean(p->arena, klp_tu__take(p->arena, clang_getFileName(file)));
	found = (uintptr_t)klp_map_get(p->files, path);
	f = found ? &p->tu->files.v[found - 1] : NULL;
	if (f && !f->own && f->included_from >= 0 && klp_path_below(f->path, p->dir) &&
	    spells_definition(p, cursor, file))
		f->own = true;
	return CXChildVisit_Continue;
}

void klp_tu__private_files(struct klp_arena *arena, CXTranslationUnit cx, struct klp_tu *tu,
			   const struct klp_map *files)
{
	struct private_files p = {
		.arena = arena,
		.cx = cx,
		.tu = tu,
		.files = files,
		.dir = klp_path_dir(arena, tu->unit->source_path),
	};

	clang_visitChildren(clang_getTranslationUnitCursor(cx), visit_private, &p);
}
