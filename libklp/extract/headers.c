// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which macros of the unit its headers mention: those must stay where they are, though no
 * text that is kept says their names. A header that is read later may test or use one; a
 * macro of any header may use one in its body, wherever that is expanded (ACPI's headers do so
 * with _COMPONENT).
 */
#include "extract/private.h"

#include <ctype.h>
#include <string.h>

#include "base/file.h"

struct mention {
	bool by_macro;		     /* in a #define of some header */
	KLP_VEC(, uint32_t) headers; /* each once, in the order of the unit */
};

static bool word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$';
}

static void found(struct extraction *x, const char *word, size_t len, uint32_t header, bool define)
{
	void **slot;
	struct mention *m;

	if (!klp_map_getn(&x->macros, word, len))
		return;
	slot = klp_map_slotn(&x->mentions, word, len);
	if (!*slot) {
		*slot = klp_new(x->arena, struct mention);
		/* the key must outlive the mapped file */
		x->mentions.entries[x->mentions.n - 1].key = klp_strndup(x->arena, word, len);
	}
	m = *slot;
	m->by_macro = m->by_macro || define;
	if (!m->headers.n || m->headers.v[m->headers.n - 1] != header)
		klp_vec_push(x->arena, &m->headers, header);
}

/* Every word of a header; comments are words too: one macro too many costs a line. */
static void scan_header(struct extraction *x, uint32_t header, const char *p, const char *end)
{
	bool line_start = true, define = false;

	while (p < end) {
		const char *start = p;

		if (*p == '\n') {
			line_start = true;
			/* a logical line goes on behind a backslash */
			define = define && p[-1] == '\\';
			p++;
		} else if (*p == '#' && line_start) {
			for (p++; p < end && (*p == ' ' || *p == '\t'); p++)
				;
			define = end - p > 6 && !memcmp(p, "define", 6);
			line_start = false;
		} else if (word_char(*p)) {
			while (p < end && word_char(*p))
				p++;
			found(x, start, (size_t)(p - start), header, define);
			line_start = false;
		} else {
			line_start = line_start && isspace((unsigned char)*p);
			p++;
		}
	}
}

static void scan_headers(struct extraction *x)
{
	const struct klp_tu_files *files = &x->view->tu.files;

	klp_map_init(&x->mentions, x->arena);
	for (uint32_t i = 0; i < files->n; i++) {
		KLP_CLEANUP_MAPPED struct klp_mapped text = {};
		struct klp_error ignored = {};

		/* what the parser has read can be read again */
		if (!files->v[i].own && klp_mapped_open(files->v[i].path, &text, &ignored) == 0 &&
		    text.len)
			scan_header(x, i, text.data, text.data + text.len);
	}
}

/* The header is read behind the item: it, or what includes it. */
static bool is_behind(const struct extraction *x, uint32_t header, const struct item *item)
{
	const struct klp_tu_files *files = &x->view->tu.files;
	const struct klp_tu_file *f = &files->v[header];

	while (f->included_from >= 0 && f->included_from != (int)item->file)
		f = &files->v[f->included_from];
	return f->included_from >= 0 && f->included_last > item->from;
}

bool klp_extract__header_wants(struct extraction *x, size_t i)
{
	const struct item *item = &x->items.v[i];
	const struct mention *m;

	if (!x->mentions.arena)
		scan_headers(x);
	m = klp_map_get(&x->mentions, item->name);
	for (size_t j = 0; m && j < m->headers.n; j++)
		if (m->by_macro || is_behind(x, m->headers.v[j], item))
			return true;
	return false;
}

struct item *klp_extract__include_of(struct extraction *x, const char *header)
{
	const struct klp_tu_files *files = &x->view->tu.files;
	const struct klp_tu_file *f = NULL;

	for (size_t i = 0; i < files->n && !f; i++)
		if (!strcmp(files->v[i].name, header))
			f = &files->v[i];
	while (f && f->included_from >= 0 && !files->v[f->included_from].own)
		f = &files->v[f->included_from];
	if (!f || f->included_from < 0)
		return NULL;
	for (size_t i = 0; i < x->items.n; i++) {
		struct item *item = &x->items.v[i];

		if (item->kind == ITEM_INCLUDE && (int)item->file == f->included_from &&
		    item->from <= f->included_at && f->included_at <= item->to)
			return item;
	}
	return NULL;
}

bool klp_extract__undefined_statics(struct extraction *x)
{
	for (size_t i = 0; i < x->view->cdecls.n; i++) {
		const struct klp_cdecl *d = &x->view->cdecls.v[i];
		const struct entity *e;

		if (d->kind != KLP_CDECL_PROTOTYPE ||
		    !klp_tok_is(&x->view->toks.v.v[d->at], "static") ||
		    !klp_tu_find(&x->view->tu, d->name))
			continue;
		e = klp_map_get(&x->entities, d->name);
		if ((!e || e->kind != ENTITY_COPIED) &&
		    klp_extract__include_of(x, klp_view_file(x->arena, x->view, d)))
			return true;
	}
	return false;
}
