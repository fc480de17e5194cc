// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The static locals that are shared with the original: their definitions become declarations.
 */
#include "extract/private.h"

#include <string.h>

#include "base/buf.h"

const char *klp_extract__local_def(const struct extraction *x, const struct klp_tu_local *l)
{
	return x->view->tu.files.v[l->file].text + l->from;
}

bool klp_extract__same_statement(const struct klp_tu_local *a, const struct klp_tu_local *b)
{
	return a->file == b->file && a->from == b->from;
}

static void extern_local(struct extraction *x, const struct shared_local *s, const char *tag,
			 struct klp_buf *out)
{
	const struct klp_tu_local *l = s->local;
	const struct entity *e = s->entity;
	const char *type = tag ? klp_extract__with_tag(x, l->type, tag) : l->type;

	klp_buf_addf(out, "extern %s",
		     klp_extract__declarator(x, type, klp_extract__local_def(x, l), l->to - l->from,
					     e->label ? e->name : e->link));
	if (e->label)
		klp_buf_addf(out, " __asm__(\"%s\")", e->link);
	klp_buf_add(out, "; ");
}

/*
 * The static locals of one statement, declared in its place as what the kernel has: types of
 * the function's own are known there. As many lines as before, so that those below keep theirs.
 */
static void extern_locals(struct extraction *x, size_t first)
{
	const struct klp_tu_local *l = x->locals.v[first].local;
	const char *text = klp_extract__local_def(x, l), *tag = NULL;
	size_t len = l->to - l->from;
	char *type = klp_extract__defined_type(x, text, len);
	struct klp_buf out;

	/* one type for all of them */
	if (!type && l->declared > 1 && klp_extract__is_unnamed(l->type)) {
		tag = klp_sprintf(x->arena, "%s_type", x->locals.v[first].entity->link);
		type = klp_extract__tagged_type(x, text, len, tag);
	}
	klp_buf_init(&out, x->arena);
	if (type)
		klp_buf_addf(&out, "%s; ", type);
	for (size_t i = first; i < x->locals.n; i++) {
		const struct shared_local *s = &x->locals.v[i];

		if (!klp_extract__same_statement(s->local, l))
			break;
		extern_local(x, s, tag, &out);
	}
	klp_buf_add(&out, "/* static: the original's */");
	for (size_t n = klp_extract__count_lines(out.p, out.len);
	     n < klp_extract__count_lines(text, len); n++)
		klp_buf_add(&out, "\n");
	klp_vec_push(x->arena, &x->edits,
		     (struct edit){ .file = l->file, .from = l->from, .to = l->to, .text = out.p });
}

void klp_extract__local_edits(struct extraction *x)
{
	for (size_t i = 0; i < x->locals.n; i++)
		if (!i ||
		    !klp_extract__same_statement(x->locals.v[i].local, x->locals.v[i - 1].local))
			extern_locals(x, i);
}
