/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All of what libclang has told of a unit, as text, for tests that compare two of them. */
#ifndef TESTS_TU_TEXT_H
#define TESTS_TU_TEXT_H

#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "tu/tu.h"

static inline void tu_text_file(struct klp_buf *out, const struct klp_tu *tu,
				const struct klp_tu_file *f)
{
	const struct klp_tu_file *by = f->included_from < 0 ? NULL : &tu->files.v[f->included_from];

	klp_buf_addf(out, "file %s (%s)%s by %s", f->path, f->name, f->own ? ", own," : "",
		     by ? by->path : "nobody");
	if (by && by->own)
		klp_buf_addf(out, " at %u to %u", f->included_at, f->included_last);
	for (size_t i = 0; i < f->skipped.n; i++)
		klp_buf_addf(out, ", without %u-%u", f->skipped.v[i].from, f->skipped.v[i].to);
	if (f->own)
		klp_buf_addf(out, "\n%zu %s", f->len, f->text);
	klp_buf_add(out, "\n");
}

static inline void tu_text_strs(struct klp_buf *out, const char *what, const struct klp_strs *strs)
{
	for (size_t i = 0; i < strs->n; i++)
		klp_buf_addf(out, "\t%s %s\n", what, strs->v[i]);
}

static inline void tu_text_ref(struct klp_buf *out, const struct klp_tu *tu,
			       const struct klp_tu_ref *r)
{
	klp_buf_addf(out, "\tref %s: %d, %s:%d at %d, %d%d%d%d%d %d\n", r->name, r->kind,
		     r->file == KLP_NOWHERE ? "" : tu->files.v[r->file].name, (int)r->offset,
		     (int)r->at, r->call, r->internal, r->own, r->is_inline, r->local_static,
		     (int)r->local);
}

static inline void tu_text_local(struct klp_buf *out, const struct klp_tu *tu,
				 const struct klp_tu_local *l)
{
	klp_buf_addf(out, "\tlocal %s: %s, %s:%u-%u, %u of %s, %s, %d, %d%d%d%d%d%d\n", l->name,
		     l->type, l->file == KLP_NOWHERE ? "" : tu->files.v[l->file].name, l->from,
		     l->to, l->declared, l->canonical, l->layout, (int)l->size, l->is_const,
		     l->macro, l->sized, l->initialised, l->nonzero, l->escapes);
}

/* A type without a name has the place of its declaration in the spelling, as it was read. */
static inline void tu_text_decl(struct klp_buf *out, const struct klp_tu *tu,
				const struct klp_tu_decl *d)
{
	klp_buf_addf(out, "%d %s: %s:%u-%u, %d %d %u, %d%d%d%d%d%d%d%d, %s, %s\n", d->kind, d->name,
		     tu->files.v[d->file].name, d->from, d->to, (int)d->name_at, (int)d->body_at,
		     d->line, d->definition, d->is_static, d->is_inline, d->is_extern, d->is_const,
		     d->in_header, d->empty, d->anonymous_type,
		     d->type && !d->anonymous_type ? d->type : "",
		     d->canonical ? d->canonical : "");
	tu_text_strs(out, "enumerator", &d->enumerators);
	tu_text_strs(out, "name", &d->names);
	tu_text_strs(out, "type", &d->types);
	for (size_t i = 0; i < d->refs.n; i++)
		tu_text_ref(out, tu, &d->refs.v[i]);
	for (size_t i = 0; i < d->locals.n; i++)
		tu_text_local(out, tu, &d->locals.v[i]);
}

/* A line each. Without files below workdir: those that we put before the unit. */
static inline void tu_text(struct klp_arena *arena, const struct klp_tu *tu, const char *workdir,
			   struct klp_buf *ret)
{
	klp_buf_init(ret, arena);
	for (size_t i = 0; i < tu->files.n; i++)
		if (!klp_path_below(tu->files.v[i].path, workdir))
			tu_text_file(ret, tu, &tu->files.v[i]);
	for (size_t i = 0; i < tu->decls.n; i++)
		tu_text_decl(ret, tu, &tu->decls.v[i]);
}

/* Where two texts differ; SIZE_MAX: nowhere. */
static inline size_t tu_text_differs(const struct klp_buf *a, const struct klp_buf *b)
{
	size_t at = 0;

	while (a->p[at] && a->p[at] == b->p[at])
		at++;
	return a->p[at] == b->p[at] ? SIZE_MAX : at;
}

static inline char *tu_text_line(struct klp_arena *arena, const struct klp_buf *text, size_t at)
{
	while (at && text->p[at - 1] != '\n')
		at--;
	return klp_strndup(arena, text->p + at, strcspn(text->p + at, "\n"));
}

#endif
