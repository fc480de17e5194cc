// SPDX-License-Identifier: GPL-2.0-or-later
#include "tu/behind.h"

#include <string.h>

#include "base/file.h"

static bool is_inline(const struct klp_ctok *v, const struct klp_cdecl *d)
{
	static const char *const words[] = { "inline", "__inline", "__inline__" };

	for (uint32_t i = d->first; i < d->body; i++)
		if (klp_tok_is_any(&v[i], words, sizeof(words) / sizeof(*words)))
			return true;
	return false;
}

/* A header of the unit's directory defines a function: it may be an own file. */
static bool has_private(struct klp_arena *arena, const struct klp_unit *unit,
			const struct klp_cc_top *top)
{
	const char *dir = klp_path_dir(arena, unit->source_path);

	for (size_t i = 0; i < top->decls->n; i++) {
		const struct klp_cdecl *d = &top->decls->v[i];
		const char *file;

		if (d->kind != KLP_CDECL_FUNCTION || is_inline(top->toks->v.v, d))
			continue;
		file = top->toks->files.v[top->toks->v.v[d->at].file];
		if (klp_path_below(klp_path_clean(arena, klp_path_join(arena, unit->cwd, file)),
				   dir))
			return true;
	}
	return false;
}

/* The source includes a .c, which is an own file; or it is included itself. */
static bool has_source(const struct klp_unit *unit, const struct klp_cc_top *top)
{
	for (size_t i = 0; i < top->entered.n; i++) {
		const struct klp_cc_entered *e = &top->entered.v[i];
		size_t n = strlen(e->path);

		if (!strcmp(e->path, unit->source_path) ||
		    (e->from == KLP_CC_SOURCE && n > 2 && !strcmp(e->path + n - 2, ".c")))
			return true;
	}
	return false;
}

/* By another name, that of a link, the headers beside it have other names, too. */
static bool is_linked(struct klp_arena *arena, const struct klp_unit *unit)
{
	const char *path = klp_path_join(arena, unit->cwd, unit->source_arg);

	return strcmp(klp_path_clean(arena, path), unit->source_path) != 0;
}

/*
 * Without the headers that the recorded command includes. The text comes before the macros, which
 * have been at work in it. A function that was left out and is used after all must not pass for one
 * that is declared by its use: -w would silence that. (Warnings are nobody's problem.)
 */
static void behind_args(struct klp_arena *arena, const struct klp_strs *whole,
			const struct klp_cc_top *top, struct klp_strs *ret)
{
	const char *const more[] = {
		"-Werror=implicit-function-declaration",
		"-include",
		top->text,
		"-include",
		top->macros,
	};
	size_t own = 0;

	for (size_t i = 0; i < whole->n; i++) {
		const char *arg = whole->v[i];
		bool includes = !strcmp(arg, "-include") || !strcmp(arg, "-imacros");

		/* the preamble, and what goes with it, are the first two (klp_tu_flags()) */
		if (includes && own++ >= 2)
			i++;
		else if (strcmp(arg, "-w") != 0)
			klp_vec_push(arena, ret, arg);
	}
	for (size_t i = 0; i < sizeof(more) / sizeof(*more); i++)
		klp_vec_push(arena, ret, more[i]);
}

static int read_source(struct klp_arena *arena, const struct klp_unit *unit,
		       const struct klp_overlay *overlay, struct klp_tu__behind *ret,
		       struct klp_error *err)
{
	const char *path = unit->source_path;
	char *text, *blanked;

	if (overlay && klp_strs_has(&overlay->files, unit->source))
		path = klp_path_join(arena, overlay->dir, unit->source);
	if (klp_file_read(arena, path, KLP_MAX_TEXT, &text, &ret->len, err) < 0)
		return err->code;
	blanked = klp_strndup(arena, text, ret->len);
	for (size_t i = 0; i < ret->top.behind && i < ret->len; i++)
		if (blanked[i] != '\n')
			blanked[i] = ' ';
	ret->text = text;
	ret->blanked = blanked;
	return 0;
}

int klp_tu__behind(struct klp_arena *arena, const struct klp_unit *unit,
		   const struct klp_overlay *overlay, const struct klp_ctoks *toks,
		   const struct klp_strs *args, struct klp_tu__behind *ret, bool *ret_made,
		   struct klp_error *err)
{
	bool made;

	*ret = (struct klp_tu__behind){};
	*ret_made = false;
	if (klp_cc_top(arena, unit, overlay, toks, &ret->top, &made, err) < 0)
		return err->code;
	if (!made || is_linked(arena, unit) || has_source(unit, &ret->top) ||
	    has_private(arena, unit, &ret->top))
		return 0;
	if (read_source(arena, unit, overlay, ret, err) < 0)
		return err->code;
	behind_args(arena, args, &ret->top, &ret->args);
	*ret_made = true;
	return 0;
}
