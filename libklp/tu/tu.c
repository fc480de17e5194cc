// SPDX-License-Identifier: GPL-2.0-or-later
#include "tu/tu.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tu/flags.h"
#include "tu/visit.h"

void klp_tu__close(struct klp_tu__handles *h)
{
	if (h->unit)
		clang_disposeTranslationUnit(h->unit);
	if (h->index)
		clang_disposeIndex(h->index);
}

char *klp_tu__take(struct klp_arena *arena, CXString string)
{
	const char *s = clang_getCString(string);
	char *copy = klp_strdup(arena, s ? s : "");

	clang_disposeString(string);
	return copy;
}

const char *klp_tu_version(struct klp_arena *arena)
{
	struct klp_error ignored = {};
	char *text, *number;

	if (klp_clang_load(&ignored) < 0)
		return "(none)";
	text = klp_tu__take(arena, clang_getClangVersion());
	number = strpbrk(text, "0123456789");
	if (!number)
		return text;
	number[strcspn(number, " -(")] = '\0';
	return number;
}

/* ---- the overlay as libclang's unsaved files -------------------------------------------- */

KLP_VEC(unsaved_files, struct CXUnsavedFile);

static int read_overlay(struct klp_arena *arena, const struct klp_unit *unit,
			const struct klp_overlay *overlay, struct unsaved_files *ret,
			struct klp_error *err)
{
	for (size_t i = 0; overlay && i < overlay->files.n; i++) {
		char *path = klp_path_join(arena, overlay->dir, overlay->files.v[i]);
		char *data;
		size_t len;

		if (klp_file_read(arena, path, KLP_MAX_TEXT, &data, &len, err) < 0)
			return err->code;
		klp_vec_push(arena, ret,
			     (struct CXUnsavedFile){
				     .Filename = klp_path_join(arena, unit->source_root,
							       overlay->files.v[i]),
				     .Contents = data,
				     .Length = len,
			     });
	}
	return 0;
}

/* ---- files and inclusions --------------------------------------------------------------- */

struct inclusions {
	struct klp_arena *arena;
	struct klp_tu *tu;
	struct klp_map index; /* path -> index + 1 */
};

static bool ends_in(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n >= m && !strcmp(s + n - m, suffix);
}

/* The file and offset of the #include that the stack names; false for none. */
static bool included_by(struct inclusions *inc, CXSourceLocation *stack, unsigned int depth,
			int *ret_file, uint32_t *ret_offset)
{
	unsigned int offset;
	uintptr_t found;
	CXFile from;
	char *path;

	if (!depth)
		return false;
	clang_getFileLocation(stack[0], &from, NULL, NULL, &offset);
	path = klp_path_clean(inc->arena, klp_tu__take(inc->arena, clang_getFileName(from)));
	found = (uintptr_t)klp_map_get(&inc->index, path);
	if (!found)
		return false;
	*ret_file = (int)found - 1;
	*ret_offset = offset;
	return true;
}

static void on_inclusion(CXFile file, CXSourceLocation *stack, unsigned int depth,
			 CXClientData data)
{
	struct inclusions *inc = data;
	struct klp_tu_file f = { .included_from = -1 };
	const char *below;
	void **slot;

	f.path = klp_path_clean(inc->arena, klp_tu__take(inc->arena, clang_getFileName(file)));
	included_by(inc, stack, depth, &f.included_from, &f.included_at);
	f.included_last = f.included_at;
	slot = klp_map_slotn(&inc->index, f.path, strlen(f.path));
	if (*slot) {
		struct klp_tu_file *known = &inc->tu->files.v[(uintptr_t)*slot - 1];

		if (known->included_from == f.included_from && f.included_at > known->included_last)
			known->included_last = f.included_at;
		return;
	}
	*slot = (void *)(uintptr_t)(inc->tu->files.n + 1);
	below = klp_path_below(f.path, inc->tu->unit->source_root);
	f.name = below ? below : f.path;
	f.own = !strcmp(f.path, inc->tu->unit->source_path) ||
		(f.included_from >= 0 && inc->tu->files.v[f.included_from].own &&
		 ends_in(f.path, ".c"));
	klp_vec_push(inc->arena, &inc->tu->files, f);
}

static int load_own_files(struct klp_arena *arena, CXTranslationUnit cx, struct klp_tu *tu,
			  struct klp_error *err)
{
	for (size_t i = 0; i < tu->files.n; i++) {
		struct klp_tu_file *f = &tu->files.v[i];
		CXSourceRangeList *skipped;
		CXFile file;

		if (!f->own)
			continue;
		file = clang_getFile(cx, f->path);
		f->text = file ? clang_getFileContents(cx, file, &f->len) : NULL;
		if (!f->text) {
			klp_error_set(err, KLP_ETROUBLE, "libclang lost '%s'", f->path);
			return klp_error_at(err, f->path, 0, 0);
		}
		f->text = klp_strndup(arena, f->text, f->len);
		skipped = clang_getSkippedRanges(cx, file);
		for (unsigned int j = 0; skipped && j < skipped->count; j++) {
			struct klp_span span;

			clang_getFileLocation(clang_getRangeStart(skipped->ranges[j]), NULL, NULL,
					      NULL, &span.from);
			clang_getFileLocation(clang_getRangeEnd(skipped->ranges[j]), NULL, NULL,
					      NULL, &span.to);
			klp_vec_push(arena, &f->skipped, span);
		}
		clang_disposeSourceRangeList(skipped);
	}
	return 0;
}

/* ---- diagnostics ------------------------------------------------------------------------ */

/* The first error, by libclang's severity. */
static void first_problem(struct klp_arena *arena, CXTranslationUnit cx,
			  const struct klp_unit *unit, struct klp_tu_problem *ret)
{
	for (unsigned int i = 0; i < clang_getNumDiagnostics(cx); i++) {
		CXDiagnostic d = clang_getDiagnostic(cx, i);

		if (clang_getDiagnosticSeverity(d) >= CXDiagnostic_Error && !ret->text) {
			const char *path, *below;
			CXFile file;

			clang_getFileLocation(clang_getDiagnosticLocation(d), &file, &ret->line,
					      &ret->column, NULL);
			path = file ? klp_tu__take(arena, clang_getFileName(file)) : unit->source;
			below = klp_path_below(path, unit->source_root);
			ret->file = below ? below : path;
			ret->text = klp_tu__take(arena, clang_getDiagnosticSpelling(d));
		}
		clang_disposeDiagnostic(d);
	}
}

/* ---- parsing ---------------------------------------------------------------------------- */

int klp_tu__open(struct klp_arena *arena, const struct klp_unit *unit,
		 const struct klp_overlay *overlay, const struct klp_strs *args,
		 struct klp_tu__handles *h, struct klp_error *err)
{
	struct unsaved_files unsaved = {};
	enum CXErrorCode code;

	/* Declarations of headers stay in: the own file's expressions refer to them. */
	if (read_overlay(arena, unit, overlay, &unsaved, err) < 0 || klp_clang_load(err) < 0)
		return err->code;
	h->index = clang_createIndex(0, 0);
	if (!h->index)
		return klp_error_set(err, KLP_ETROUBLE, "libclang gives no index");
	code = clang_parseTranslationUnit2(h->index, unit->source_path, args->v, (int)args->n,
					   unsaved.v, (unsigned int)unsaved.n, KLP_TU_PARSE_OPTIONS,
					   &h->unit);
	if (code != CXError_Success) {
		klp_error_set(err, KLP_ETROUBLE, "libclang can't parse '%s' at all (error %d)",
			      unit->source, (int)code);
		return klp_error_hint(err, "try another libclang: make LLVM_CONFIG=llvm-config-19");
	}
	return 0;
}

static void index_names(struct klp_tu *tu)
{
	for (size_t i = 0; i < tu->decls.n; i++) {
		const struct klp_tu_decl *d = &tu->decls.v[i];
		void **slot;

		if (d->kind != KLP_TU_FUNCTION && d->kind != KLP_TU_VARIABLE)
			continue;
		slot = klp_map_slotn(&tu->by_name, d->name, strlen(d->name));
		if (!*slot || (d->definition && !tu->decls.v[(uintptr_t)*slot - 1].definition))
			*slot = (void *)(uintptr_t)(i + 1);
	}
}

const struct klp_tu_decl *klp_tu_find(const struct klp_tu *tu, const char *name)
{
	uintptr_t found = (uintptr_t)klp_map_get(&tu->by_name, name);

	return found ? &tu->decls.v[found - 1] : NULL;
}

int klp_tu_parse(struct klp_arena *arena, const struct klp_unit *unit,
		 const struct klp_overlay *overlay, const char *preamble, struct klp_tu *ret,
		 struct klp_tu_problem *ret_problem, struct klp_error *err)
{
	__attribute__((cleanup(klp_tu__close))) struct klp_tu__handles h = {};
	struct klp_tu tu = { .unit = unit };
	struct inclusions inc = { .arena = arena, .tu = &tu };
	struct klp_tu_problem problem = {};

	klp_tu_flags(arena, unit, preamble, &tu.clang_args);
	if (klp_tu__open(arena, unit, overlay, &tu.clang_args, &h, err) < 0)
		return err->code;
	klp_map_init(&inc.index, arena);
	klp_map_init(&tu.by_name, arena);
	first_problem(arena, h.unit, unit, &problem);
	if (!problem.text) {
		clang_getInclusions(h.unit, on_inclusion, &inc);
		klp_tu__private_files(arena, h.unit, &tu, &inc.index);
		if (load_own_files(arena, h.unit, &tu, err) < 0)
			return err->code;
		klp_tu__visit(arena, h.unit, &tu, &inc.index);
		index_names(&tu);
	}
	*ret_problem = problem;
	*ret = tu;
	return 0;
}
