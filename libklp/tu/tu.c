// SPDX-License-Identifier: GPL-2.0-or-later
#include "tu/tu.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "tu/behind.h"
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

/* A file that is read, by that one of `at`; -1 for none of the unit's. */
static void add_file(struct inclusions *inc, char *path, int from, uint32_t at)
{
	struct klp_tu_file f = {
		.path = path,
		.included_from = from,
		.included_at = at,
		.included_last = at,
	};
	const char *below;
	void **slot = klp_map_slotn(&inc->index, path, strlen(path));

	if (*slot) {
		struct klp_tu_file *known = &inc->tu->files.v[(uintptr_t)*slot - 1];

		if (known->included_from == from && at > known->included_last)
			known->included_last = at;
		return;
	}
	*slot = (void *)(uintptr_t)(inc->tu->files.n + 1);
	below = klp_path_below(path, inc->tu->unit->source_root);
	f.name = below ? below : path;
	f.own = !strcmp(path, inc->tu->unit->source_path) ||
		(from >= 0 && inc->tu->files.v[from].own && ends_in(path, ".c"));
	klp_vec_push(inc->arena, &inc->tu->files, f);
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
	uint32_t at = 0;
	int from = -1;

	included_by(inc, stack, depth, &from, &at);
	add_file(inc, klp_path_clean(inc->arena, klp_tu__take(inc->arena, clang_getFileName(file))),
		 from, at);
}

/* The source, and what its headers are. */
static void add_entered(struct inclusions *inc, const struct klp_cc_top *top)
{
	add_file(inc, klp_path_clean(inc->arena, inc->tu->unit->source_path), -1, 0);
	for (size_t i = 0; i < top->entered.n; i++) {
		const struct klp_cc_entered *e = &top->entered.v[i];
		int from = e->from == KLP_CC_SOURCE ? 0 : -1;

		if (e->from >= 0)
			from = (int)(uintptr_t)klp_map_get(&inc->index,
							   top->entered.v[e->from].path) -
			       1;
		add_file(inc, klp_strdup(inc->arena, e->path), from, e->at);
	}
}

static void add_skipped(struct klp_arena *arena, CXTranslationUnit cx, CXFile file,
			struct klp_tu_file *f)
{
	CXSourceRangeList *skipped = clang_getSkippedRanges(cx, file);

	for (unsigned int j = 0; skipped && j < skipped->count; j++) {
		struct klp_span span;

		clang_getFileLocation(clang_getRangeStart(skipped->ranges[j]), NULL, NULL, NULL,
				      &span.from);
		clang_getFileLocation(clang_getRangeEnd(skipped->ranges[j]), NULL, NULL, NULL,
				      &span.to);
		klp_vec_push(arena, &f->skipped, span);
	}
	clang_disposeSourceRangeList(skipped);
}

/* behind: or NULL; the source's text is there then, and what libclang has has blanks. */
static int load_own_files(struct klp_arena *arena, CXTranslationUnit cx,
			  const struct klp_tu__behind *behind, struct klp_tu *tu,
			  struct klp_error *err)
{
	for (size_t i = 0; i < tu->files.n; i++) {
		struct klp_tu_file *f = &tu->files.v[i];
		CXFile file;

		if (!f->own)
			continue;
		file = clang_getFile(cx, f->path);
		f->text = file ? clang_getFileContents(cx, file, &f->len) : NULL;
		if (!f->text) {
			klp_error_set(err, KLP_ETROUBLE, "libclang lost '%s'", f->path);
			return klp_error_at(err, f->path, 0, 0);
		}
		f->text = behind ? behind->text : klp_strndup(arena, f->text, f->len);
		add_skipped(arena, cx, file, f);
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

static int open_unit(const struct klp_unit *unit, const struct klp_strs *args,
		     const struct unsaved_files *unsaved, struct klp_tu__handles *h,
		     struct klp_error *err)
{
	enum CXErrorCode code;

	if (klp_clang_load(err) < 0)
		return err->code;
	h->index = clang_createIndex(0, 0);
	if (!h->index)
		return klp_error_set(err, KLP_ETROUBLE, "libclang gives no index");
	/* Declarations of headers stay in: the own file's expressions refer to them. */
	code = clang_parseTranslationUnit2(h->index, unit->source_path, args->v, (int)args->n,
					   unsaved->v, (unsigned int)unsaved->n,
					   KLP_TU_PARSE_OPTIONS, &h->unit);
	if (code != CXError_Success) {
		klp_error_set(err, KLP_ETROUBLE, "libclang can't parse '%s' at all (error %d)",
			      unit->source, (int)code);
		return klp_error_hint(err, "try another libclang: make LLVM_CONFIG=llvm-config-19");
	}
	return 0;
}

int klp_tu__open(struct klp_arena *arena, const struct klp_unit *unit,
		 const struct klp_overlay *overlay, const struct klp_strs *args,
		 struct klp_tu__handles *h, struct klp_error *err)
{
	struct unsaved_files unsaved = {};

	if (read_overlay(arena, unit, overlay, &unsaved, err) < 0)
		return err->code;
	return open_unit(unit, args, &unsaved, h, err);
}

static int open_behind(struct klp_arena *arena, const struct klp_unit *unit,
		       const struct klp_tu__behind *behind, struct klp_tu__handles *h,
		       struct klp_error *err)
{
	struct unsaved_files unsaved = {};

	klp_vec_push(arena, &unsaved,
		     (struct CXUnsavedFile){ unit->source_path, behind->blanked, behind->len });
	return open_unit(unit, &behind->args, &unsaved, h, err);
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

/* What libclang has parsed, as plain data; or its problem. */
static int take(struct klp_arena *arena, CXTranslationUnit cx, const struct klp_tu__behind *behind,
		struct klp_tu *tu, struct klp_tu_problem *ret_problem, struct klp_error *err)
{
	struct inclusions inc = { .arena = arena, .tu = tu };

	klp_map_init(&inc.index, arena);
	klp_map_init(&tu->by_name, arena);
	first_problem(arena, cx, tu->unit, ret_problem);
	if (ret_problem->text)
		return 0;
	if (behind) {
		add_entered(&inc, &behind->top);
	} else {
		clang_getInclusions(cx, on_inclusion, &inc);
		klp_tu__private_files(arena, cx, tu, &inc.index);
	}
	if (load_own_files(arena, cx, behind, tu, err) < 0)
		return err->code;
	klp_tu__visit(arena, cx, tu, &inc.index);
	index_names(tu);
	return 0;
}

/* A function is used that was left out. */
static bool misses(const struct klp_tu *tu, const struct klp_tu__behind *behind)
{
	for (size_t i = 0; i < tu->decls.n; i++)
		for (size_t k = 0; k < tu->decls.v[i].refs.n; k++)
			if (klp_map_get(&behind->top.left_out, tu->decls.v[i].refs.v[k].name))
				return true;
	return false;
}

/* *ret_done: false for whatever problem there is; it is told of the whole. */
static int parse_behind(struct klp_arena *arena, const struct klp_unit *unit,
			const struct klp_tu__behind *behind, const struct klp_strs *args,
			struct klp_tu *ret, bool *ret_done, struct klp_error *err)
{
	__attribute__((cleanup(klp_tu__close))) struct klp_tu__handles h = {};
	struct klp_error unread = {};
	struct klp_tu_problem problem = {};

	*ret = (struct klp_tu){ .unit = unit, .clang_args = *args, .behind = true };
	*ret_done = false;
	if (open_behind(arena, unit, behind, &h, &unread) == 0) {
		if (take(arena, h.unit, behind, ret, &problem, err) < 0)
			return err->code;
		*ret_done = !problem.text && !misses(ret, behind);
	}
	unlink(behind->top.text);
	return 0;
}

int klp_tu_parse(struct klp_arena *arena, const struct klp_unit *unit,
		 const struct klp_overlay *overlay, const char *preamble,
		 const struct klp_ctoks *toks, struct klp_tu *ret,
		 struct klp_tu_problem *ret_problem, struct klp_error *err)
{
	__attribute__((cleanup(klp_tu__close))) struct klp_tu__handles h = {};
	struct klp_strs args = {};
	struct klp_tu__behind behind;
	bool made = false;

	*ret_problem = (struct klp_tu_problem){};
	klp_tu_flags(arena, unit, preamble, &args);
	if (toks && klp_tu__behind(arena, unit, overlay, toks, &args, &behind, &made, err) < 0)
		return err->code;
	if (made) {
		bool done;

		if (parse_behind(arena, unit, &behind, &args, ret, &done, err) < 0 || done)
			return err->code;
	}
	*ret = (struct klp_tu){ .unit = unit, .clang_args = args };
	if (klp_tu__open(arena, unit, overlay, &args, &h, err) < 0)
		return err->code;
	return take(arena, h.unit, NULL, ret, ret_problem, err);
}
