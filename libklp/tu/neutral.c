// SPDX-License-Identifier: GPL-2.0-or-later
#include "tu/neutral.h"

#include <string.h>

#include "base/buf.h"
#include "base/file.h"

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

/* The nth declaration of that kind and name in a file: prototypes share a name with what they declare. */
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

int klp_view_neutral(struct klp_arena *arena, const struct klp_view *before,
		     const struct klp_view *after, struct klp_overlay *neutral,
		     struct klp_error *err)
{
	for (size_t i = 0; i < after->tu.files.n; i++) {
		const struct klp_tu_file *f = &after->tu.files.v[i];
		char *path, *text;

		if (!f->own || !klp_strs_has(&after->overlay->files, f->name) ||
		    klp_strs_has(&neutral->files, f->name))
			continue;
		path = klp_path_join(arena, neutral->dir, f->name);
		text = neutral_text(arena, before, after, f);
		if (klp_mkdirs(klp_path_dir(arena, path), err) < 0 ||
		    klp_file_write(path, text, strlen(text), err) < 0)
			return err->code;
		klp_vec_push(arena, &neutral->files, f->name);
	}
	return 0;
}
