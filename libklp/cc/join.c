// SPDX-License-Identifier: GPL-2.0-or-later
/* What is made of a text in two parts: see head.h. */
#include "cc/head.h"

#include <string.h>

#include "cc/lean.h"

void klp_cc__add_name(struct klp_buf *out, const char *name)
{
	klp_buf_add(out, "\"");
	for (; *name; name++) {
		if (*name == '"' || *name == '\\')
			klp_buf_add(out, "\\");
		klp_buf_addn(out, name, 1);
	}
	klp_buf_add(out, "\"\n");
}

/* A text begins with the name of what was compiled: the object keeps it. */
static void add_title(const struct klp_cc__pieces *pieces, struct klp_buf *out)
{
	klp_buf_add(out, "# 0 ");
	klp_cc__add_name(out, pieces->name);
}

void klp_cc__join(struct klp_arena *arena, const struct klp_cc__pieces *pieces,
		  struct klp_proc_result *ret)
{
	struct klp_buf out;

	klp_buf_init(&out, arena);
	add_title(pieces, &out);
	klp_buf_addn(&out, pieces->head->text, pieces->head->len);
	klp_buf_addn(&out, pieces->rest.out, pieces->rest.out_len);
	*ret = pieces->rest;
	ret->out = out.p;
	ret->out_len = out.len;
}

bool klp_cc__join_lean(const struct klp_cc__pieces *pieces, struct klp_buf *out)
{
	add_title(pieces, out);
	return klp_cc__lean_behind(pieces->head->lean, pieces->rest.out, pieces->rest.out_len, out);
}

/* Files are numbered through; [0], the name that was given, is the whole's. */
static void join_tokens(struct klp_arena *arena, const struct klp_ctoks *head,
			const struct klp_ctoks *rest, struct klp_ctoks *ret)
{
	const uint32_t more = (uint32_t)head->files.n - 1;
	size_t n = head->v.n + rest->v.n;
	struct klp_ctok *v = klp_alloc_array(arena, n + 1, sizeof(*v));

	klp_vec_push(arena, &ret->files, rest->files.v[0]);
	for (size_t i = 1; i < head->files.n; i++)
		klp_vec_push(arena, &ret->files, head->files.v[i]);
	for (size_t i = 1; i < rest->files.n; i++)
		klp_vec_push(arena, &ret->files, rest->files.v[i]);
	if (head->v.n)
		memcpy(v, head->v.v, head->v.n * sizeof(*v));
	for (size_t i = 0; i < rest->v.n; i++) {
		v[head->v.n + i] = rest->v.v[i];
		v[head->v.n + i].file += rest->v.v[i].file ? more : 0;
	}
	ret->v.v = v;
	ret->v.n = ret->v.cap = n;
}

static void join_decls(struct klp_arena *arena, const struct klp_cdecls *head,
		       const struct klp_cdecls *rest, uint32_t behind, struct klp_cdecls *ret)
{
	size_t n = head->n + rest->n;
	struct klp_cdecl *v = klp_alloc_array(arena, n + 1, sizeof(*v));

	if (head->n)
		memcpy(v, head->v, head->n * sizeof(*v));
	for (size_t i = 0; i < rest->n; i++) {
		struct klp_cdecl *d = &v[head->n + i];

		*d = rest->v[i];
		d->first += behind;
		d->at += behind;
		d->body += d->body ? behind : 0;
	}
	ret->v = v;
	ret->n = ret->cap = n;
}

int klp_cc__join_tokens(struct klp_arena *arena, const struct klp_cc__pieces *pieces,
			const char *name, struct klp_ctoks *ret, struct klp_cdecls *ret_decls,
			struct klp_error *err)
{
	const struct klp_cc__part *head = pieces->head;
	struct klp_cdecls decls = {};
	struct klp_ctoks toks = {};

	if (klp_ctok_preprocessed(arena, name, pieces->rest.out, pieces->rest.out_len, &toks, err) <
		    0 ||
	    klp_cdecl_split(arena, &toks, &decls, err) < 0)
		return err->code;
	join_tokens(arena, &head->toks, &toks, ret);
	join_decls(arena, &head->decls, &decls, (uint32_t)head->toks.v.n, ret_decls);
	return 0;
}
