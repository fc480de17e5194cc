// SPDX-License-Identifier: GPL-2.0-or-later
#include "tu/neutral.h"

#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "parsers/chunk.h"

/* Counts lines forwards: asked with growing offsets only. */
struct lines {
	const char *text;
	uint32_t offset, line;
};

static uint32_t line_of(struct lines *lines, uint32_t offset)
{
	if (offset < lines->offset) {
		lines->offset = 0;
		lines->line = 1;
	}
	for (; lines->offset < offset; lines->offset++)
		lines->line += lines->text[lines->offset] == '\n';
	return lines->line;
}

static const struct klp_tu_file *file_named(const struct klp_tu *tu, const char *name)
{
	for (size_t i = 0; i < tu->files.n; i++)
		if (tu->files.v[i].own && !strcmp(tu->files.v[i].name, name))
			return &tu->files.v[i];
	return NULL;
}

/* The nth declaration of that kind and name in a file: prototypes share a name with what they
 * declare. */
static const struct klp_tu_decl *counterpart(const struct klp_tu *before, const char *file,
					     const struct klp_tu_decl *d)
{
	for (size_t i = 0; i < before->decls.n; i++) {
		const struct klp_tu_decl *other = &before->decls.v[i];

		if (other->kind == d->kind && other->definition == d->definition &&
		    !strcmp(other->name, d->name) &&
		    !strcmp(before->files.v[other->file].name, file))
			return other;
	}
	return NULL;
}

/* A #line before every declaration that begins a line and was there before. */
static char *neutral_text(struct klp_arena *arena, const struct klp_view *before,
			  const struct klp_view *after, const struct klp_tu_file *f)
{
	const struct klp_tu_file *old = file_named(&before->tu, f->name);
	struct lines lines = { old ? old->text : "", 0, 1 };
	uint32_t done = 0;
	struct klp_buf out;

	klp_buf_init(&out, arena);
	for (size_t i = 0; old && i < after->tu.decls.n; i++) {
		const struct klp_tu_decl *d = &after->tu.decls.v[i], *there;

		if (&after->tu.files.v[d->file] != f || d->from < done || !d->name[0] ||
		    (d->from && f->text[d->from - 1] != '\n'))
			continue;
		there = counterpart(&before->tu, f->name, d);
		if (!there)
			continue;
		klp_buf_addn(&out, f->text + done, d->from - done);
		klp_buf_addf(&out, "#line %u\n", line_of(&lines, there->from));
		done = d->from;
	}
	klp_buf_addn(&out, f->text + done, f->len - done);
	return out.p;
}

/* ---- headers ---------------------------------------------------------------------------- */

/*
 * libclang's view has no declarations of a header, so those that both versions have are found by
 * their words; a macro's lines are those of its use.
 */
static char *neutral_chunks(struct klp_arena *arena, const struct klp_chunks *before,
			    const struct klp_chunks *after, size_t len)
{
	uint32_t *to_after, *to_before, done = 0;
	struct klp_buf out;

	klp_buf_init(&out, arena);
	klp_chunks_match(arena, before, after, &to_after, &to_before);
	for (size_t i = 0; i < after->v.n; i++) {
		const struct klp_chunk *c = &after->v.v[i], *old;

		if (c->kind != KLP_CHUNK_DECL || to_before[i] == KLP_CHUNK_NONE ||
		    (c->from && after->text[c->from - 1] != '\n'))
			continue;
		old = &before->v.v[to_before[i]];
		if (old->line == c->line && !done)
			continue;
		klp_buf_addn(&out, after->text + done, c->from - done);
		klp_buf_addf(&out, "#line %u\n", old->line);
		done = c->from;
	}
	klp_buf_addn(&out, after->text + done, len - done);
	return out.p;
}

static int neutral_header(struct klp_arena *arena, const struct klp_view *before,
			  const struct klp_view *after, const char *file, char **ret,
			  struct klp_error *err)
{
	struct klp_chunks old = {}, new = {};
	char *text, *old_text;
	size_t len, old_len;

	if (klp_file_read(arena, klp_path_join(arena, after->overlay->dir, file), KLP_MAX_TEXT,
			  &text, &len, err) < 0)
		return err->code;
	*ret = text;
	if (!klp_strs_has(&before->overlay->files, file))
		return 0;
	if (klp_file_read(arena, klp_path_join(arena, before->overlay->dir, file), KLP_MAX_TEXT,
			  &old_text, &old_len, err) < 0 ||
	    klp_chunks_split(arena, file, old_text, old_len, &old, err) < 0 ||
	    klp_chunks_split(arena, file, text, len, &new, err) < 0)
		return err->code;
	*ret = neutral_chunks(arena, &old, &new, len);
	return 0;
}

static int put(struct klp_arena *arena, const char *file, const char *text,
	       struct klp_overlay *neutral, struct klp_error *err)
{
	char *path = klp_path_join(arena, neutral->dir, file);

	if (klp_mkdirs(klp_path_dir(arena, path), err) < 0 ||
	    klp_file_write(path, text, strlen(text), err) < 0)
		return err->code;
	klp_vec_push(arena, &neutral->files, file);
	return 0;
}

static bool is_c_file(const char *name)
{
	size_t n = strlen(name);

	return n > 2 && !strcmp(name + n - 2, ".c");
}

/* Files of the overlay that are none of the unit's own; other units' sources don't matter. */
static int neutral_headers(struct klp_arena *arena, const struct klp_view *before,
			   const struct klp_view *after, struct klp_overlay *neutral,
			   struct klp_error *err)
{
	for (size_t i = 0; i < after->overlay->files.n; i++) {
		const char *file = after->overlay->files.v[i];
		char *text;

		if (is_c_file(file) || klp_strs_has(&neutral->files, file))
			continue;
		if (neutral_header(arena, before, after, file, &text, err) < 0 ||
		    put(arena, file, text, neutral, err) < 0)
			return err->code;
	}
	return 0;
}

int klp_view_neutral(struct klp_arena *arena, const struct klp_view *before,
		     const struct klp_view *after, struct klp_overlay *neutral,
		     struct klp_error *err)
{
	for (size_t i = 0; i < after->tu.files.n; i++) {
		const struct klp_tu_file *f = &after->tu.files.v[i];

		if (!f->own || !klp_strs_has(&after->overlay->files, f->name) ||
		    klp_strs_has(&neutral->files, f->name))
			continue;
		if (put(arena, f->name, neutral_text(arena, before, after, f), neutral, err) < 0)
			return err->code;
	}
	if (neutral_headers(arena, before, after, neutral, err) < 0)
		return err->code;
	return klp_overlay_link(arena, neutral, after->unit->source_root, err);
}
