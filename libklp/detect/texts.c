// SPDX-License-Identifier: GPL-2.0-or-later
#include "detect/texts.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"

/* Lines of a file: the definition of one function. */
struct extent {
	const char *file;
	unsigned int first, last;
	const char *text; /* NULL when there is none */
};

struct texts {
	struct klp_arena *arena;
	const struct klp_detect_result *detected;
	struct klp_map files; /* path -> its text, "" when it can't be read */
	struct klp_map known; /* "FILE:BEFORE:AFTER" -> index + 1 */
	struct klp_review *review;
};

static const char *read_file(struct texts *t, const char *path)
{
	char *text = klp_map_get(&t->files, path);
	struct klp_error ignored = {};
	size_t len;

	if (text)
		return text;
	if (klp_file_read(t->arena, path, KLP_MAX_TEXT, &text, &len, &ignored) < 0)
		text = klp_strdup(t->arena, "");
	klp_map_put(&t->files, path, text);
	return text;
}

static const char *path_of(struct texts *t, const struct klp_view *view, const char *file)
{
	const struct klp_overlay *overlay = view->overlay;

	if (overlay && klp_strs_has(&overlay->files, file))
		return klp_path_join(t->arena, overlay->dir, file);
	return klp_path_join(t->arena, view->unit->source_root, file);
}

/* Lines first to last, NULL when there aren't so many. */
static const char *lines(struct texts *t, const char *text, unsigned int first, unsigned int last)
{
	const char *from, *to;

	for (unsigned int i = 1; i < first && text; i++) {
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	if (!text || !*text)
		return NULL;
	from = to = text;
	for (unsigned int i = first; i <= last && *to; i++) {
		to += strcspn(to, "\n");
		to += *to == '\n';
	}
	return klp_strndup(t->arena, from, (size_t)(to - from));
}

/* What an optimisation made of a function is written where the function is. */
static const struct klp_cdecl *definition(struct texts *t, const struct klp_view *view,
					  const char *function)
{
	const struct klp_cdecl *d = klp_map_get(&view->functions, function);
	const char *dot = strchr(function, '.');

	if (!d && dot)
		d = klp_map_get(&view->functions,
				klp_strndup(t->arena, function, (size_t)(dot - function)));
	return d;
}

static struct extent extent_of(struct texts *t, const struct klp_view *view, const char *function)
{
	const struct klp_cdecl *d = view ? definition(t, view, function) : NULL;
	struct extent e = {};
	uint32_t file;

	if (!d || !d->n)
		return e;
	e.file = klp_view_file(t->arena, view, d);
	e.first = e.last = view->toks.v.v[d->at].line;
	file = view->toks.v.v[d->at].file;
	for (uint32_t i = d->at; i < d->first + d->n; i++) {
		const struct klp_ctok *tok = &view->toks.v.v[i];

		if (tok->file == file && tok->line > e.last)
			e.last = tok->line;
	}
	e.text = lines(t, read_file(t, path_of(t, view, e.file)), e.first, e.last);
	/* of a generated file the directory is the machine's affair */
	if (klp_path_below(e.file, view->unit->cwd))
		e.file = klp_path_below(e.file, view->unit->cwd);
	else if (e.file[0] == '/')
		e.file = klp_path_base(e.file);
	return e;
}

static void add_text(struct texts *t, struct klp_unit *unit, const char *function,
		     const struct extent *before, const struct extent *after)
{
	const char *file = after->text ? after->file : before->file;
	char *key = klp_sprintf(t->arena, "%s:%u:%u", file, before->first, after->first);
	size_t known = (size_t)(uintptr_t)klp_map_get(&t->known, key);
	struct klp_texts *texts = &t->review->texts;
	struct klp_text *text;

	if (!known) {
		known = texts->n + 1;
		klp_map_put(&t->known, key, (void *)(uintptr_t)known);
		klp_vec_push(t->arena, texts,
			     ((struct klp_text){ .file = file,
						 .before_line = before->first,
						 .after_line = after->first }));
	}
	text = &texts->v[known - 1];
	/* the body is of the longest one: the stubs of a syscall are its first line */
	if (before->text && (!text->before || strlen(before->text) > strlen(text->before)))
		text->before = before->text;
	if (after->text && (!text->after || strlen(after->text) > strlen(text->after)))
		text->after = after->text;
	klp_strs_add(t->arena, &text->functions, function);
	for (size_t i = 0; i < text->units.n; i++)
		if (text->units.v[i] == unit)
			return;
	klp_vec_push(t->arena, &text->units, unit);
}

static void add(struct texts *t, struct klp_unit *unit, const char *function, const char *file)
{
	const struct klp_view *view = unit ? klp_views_get(&t->detected->views, unit) : NULL;
	struct extent after = extent_of(t, view, function);
	struct extent before = after;

	if (view && view->before)
		before = extent_of(t, view->before, function);
	if (before.text || after.text)
		add_text(t, unit, function, &before, &after);
	else
		klp_strs_add(t->arena, &t->review->textless,
			     klp_sprintf(t->arena, "%s: %s", file, function));
}

static int compare(const void *a, const void *b)
{
	const struct klp_text *x = a, *y = b;
	unsigned int lx = x->after ? x->after_line : x->before_line;
	unsigned int ly = y->after ? y->after_line : y->before_line;
	int rc = strcmp(x->file, y->file);

	if (!rc)
		rc = lx < ly ? -1 : lx > ly;
	return rc ? rc : strcmp(x->functions.v[0], y->functions.v[0]);
}

void klp_detect_texts(struct klp_arena *arena, const struct klp_detect_result *detected,
		      const struct klp_patched_vec *patch, struct klp_review *review)
{
	struct texts t = { .arena = arena, .detected = detected, .review = review };

	klp_map_init(&t.files, arena);
	klp_map_init(&t.known, arena);
	for (size_t i = 0; i < detected->changes.n; i++) {
		const struct klp_change *c = &detected->changes.v[i];

		add(&t, c->unit, c->function, c->file);
	}
	for (size_t i = 0; i < patch->n; i++)
		add(&t, patch->v[i].unit, patch->v[i].symbol, patch->v[i].file);
	for (size_t i = 0; i < review->texts.n; i++) {
		struct klp_text *text = &review->texts.v[i];

		if (text->before && text->after && !strcmp(text->before, text->after))
			text->before = text->after;
	}
	if (review->texts.n)
		qsort(review->texts.v, review->texts.n, sizeof(*review->texts.v), compare);
}
