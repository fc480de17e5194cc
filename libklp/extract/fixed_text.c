// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "base/file.h"
#include "extract/fixed.h"
#include "parsers/cenum.h"

int klp_extract__fixed_chunks(struct extraction *x, const char *file, const struct klp_chunks **ret)
{
	const char *dir =
		klp_extract__is_touched(x, file) ? x->view->overlay->dir : x->unit->source_root;
	struct klp_chunks *chunks = klp_map_get(&x->fixed->texts, file);
	char *text;
	size_t len;

	if (!chunks) {
		chunks = klp_new(x->arena, struct klp_chunks);
		if (klp_file_read(x->arena, klp_path_join(x->arena, dir, file), KLP_MAX_TEXT, &text,
				  &len, x->err) < 0 ||
		    klp_chunks_split(x->arena, file, text, len, chunks, x->err) < 0)
			return x->err->code;
		klp_map_put(&x->fixed->texts, klp_strdup(x->arena, file), chunks);
	}
	*ret = chunks;
	return 0;
}

static bool is_word(const struct klp_chunks *chunks, const struct klp_chunk *c, const char *word)
{
	for (uint32_t i = c->first; i < c->first + c->n; i++)
		if (klp_tok_is(&chunks->toks.v.v[i], word))
			return true;
	return false;
}

int klp_extract__fixed_chunk_of(struct extraction *x, const struct piece *piece,
				const struct klp_chunks **ret_chunks, const struct klp_chunk **ret)
{
	*ret = NULL;
	if (klp_extract__fixed_chunks(x, piece->file, ret_chunks) < 0)
		return x->err->code;
	for (size_t i = 0; i < (*ret_chunks)->v.n; i++) {
		const struct klp_chunk *c = &(*ret_chunks)->v.v[i];

		if (c->kind == KLP_CHUNK_DECL && c->line <= piece->line &&
		    piece->line <= c->last_line && c->decl == piece->cdecl->kind &&
		    (!piece->name[0] || is_word(*ret_chunks, c, piece->name)))
			*ret = c;
	}
	return 0;
}

/* ---- words that have another name in the livepatch -------------------------------------- */

static const char *renamed(const struct extraction *x, const struct klp_ctok *tok)
{
	const struct piece *p;

	if (tok->kind != KLP_TOK_IDENT)
		return NULL;
	p = klp_map_getn(&x->fixed->renamed, tok->p, tok->len);
	return p ? p->new_name : NULL;
}

/* `a ## b`: what is pasted is no word yet. */
static bool is_pasted(const struct klp_ctoks *toks, size_t i)
{
	return (i && klp_tok_is(&toks->v.v[i - 1], "##")) ||
	       (i + 1 < toks->v.n && klp_tok_is(&toks->v.v[i + 1], "##"));
}

static int write_renamed(struct extraction *x, const char *text, size_t len, struct klp_buf *out)
{
	struct klp_ctoks toks = {};
	const char *done = text;

	if (klp_ctok_source(x->arena, x->unit->source, text, len, true, &toks, x->err) < 0)
		return x->err->code;
	for (size_t i = 0; i < toks.v.n; i++) {
		const struct klp_ctok *tok = &toks.v.v[i];
		const char *name = renamed(x, tok);

		if (!name || is_pasted(&toks, i) ||
		    (i && klp_extract__names_other_space(&toks.v.v[i - 1])))
			continue;
		klp_buf_addn(out, done, (size_t)(tok->p - done));
		klp_buf_add(out, name);
		done = tok->p + tok->len;
	}
	klp_buf_addn(out, done, (size_t)(text + len - done));
	return 0;
}

/* ---- pieces ----------------------------------------------------------------------------- */

static void origin(const struct piece *p, const char *what, struct klp_buf *out)
{
	if (p->file)
		klp_buf_addf(out, "\n/* %s:%u, %s */\n", p->file, p->line, what);
	else
		klp_buf_addf(out, "\n/* %s */\n", what);
}

/*
 * The definition as the header has it, when the compiler's words are the same; a macro of a
 * header that the fix leaves alone comes in the compiler's spelling.
 */
static int macro_text(struct extraction *x, const struct piece *p, const char **ret,
		      size_t *ret_len)
{
	const struct klp_chunks *chunks;
	const char *line = klp_sprintf(x->arena, "#define %s%s", p->name, p->text);
	struct klp_ctoks wanted = {};

	*ret = line;
	*ret_len = strlen(line);
	if (!p->file)
		return 0;
	if (klp_extract__fixed_chunks(x, p->file, &chunks) < 0 ||
	    klp_ctok_source(x->arena, p->file, line, strlen(line), true, &wanted, x->err) < 0)
		return x->err->code;
	for (size_t i = 0; i < chunks->v.n; i++) {
		const struct klp_chunk *c = &chunks->v.v[i];
		const struct klp_ctok *tok = &chunks->toks.v.v[c->first];
		bool same = c->kind == KLP_CHUNK_DEFINE && !strcmp(c->name, p->name) &&
			    c->n == wanted.v.n;

		for (uint32_t k = 0; same && k < c->n; k++)
			same = tok[k].len == wanted.v.v[k].len &&
			       !memcmp(tok[k].p, wanted.v.v[k].p, tok[k].len);
		if (!same)
			continue;
		*ret = chunks->text + c->from;
		*ret_len = c->to - c->from;
		return 0;
	}
	return 0;
}

static int write_macro(struct extraction *x, const struct piece *p, struct klp_buf *out)
{
	const char *text;
	size_t len;

	origin(p,
	       !p->text	     ? klp_sprintf(x->arena, "%s is gone with the fix", p->name)
	       : p->undefine ? "as the fix has it"
			     : "new with the fix",
	       out);
	if (p->undefine)
		klp_buf_addf(out, "#undef %s\n", p->name);
	if (!p->text)
		return 0;
	if (macro_text(x, p, &text, &len) < 0 || write_renamed(x, text, len, out) < 0)
		return x->err->code;
	klp_buf_add(out, "\n");
	return 0;
}

/* An enumerator's name in the livepatch: one of the kernel's that has another value is taken. */
static const char *enumerator_name(const struct extraction *x, const char *name)
{
	return klp_map_get(&x->fixed->values, name) ? klp_sprintf(x->arena, "klpp_%s", name) : name;
}

static void write_value(struct extraction *x, const struct piece *p,
			const struct klp_enumerators *list, size_t i, struct klp_buf *out)
{
	const struct klp_enumerator *e = &list->v[i];
	const struct klp_ctok *v = &x->view->toks.v.v[p->cdecl->first];

	klp_buf_addf(out, "\t%s =", enumerator_name(x, e->name));
	for (uint32_t k = e->init; k < e->init + e->init_n; k++) {
		const char *word = klp_strndup(x->arena, v[k].p, v[k].len);
		bool apart = k == e->init || v[k].p != v[k - 1].p + v[k - 1].len;

		klp_buf_addf(out, "%s%s", apart ? " " : "",
			     v[k].kind == KLP_TOK_IDENT ? enumerator_name(x, word) : word);
	}
	if (!e->init_n && i)
		klp_buf_addf(out, " %s + 1", enumerator_name(x, list->v[i - 1].name));
	else if (!e->init_n)
		klp_buf_add(out, " 0");
	klp_buf_add(out, ",\n");
}

static void write_enum(struct extraction *x, const struct piece *p, struct klp_buf *out)
{
	const struct klp_cdecl *d = p->cdecl;
	struct klp_enumerators list = {};

	klp_enumerators(x->arena, &x->view->toks.v.v[d->first], d->n, &list);
	origin(p, "what the fix adds to the enum, or changes in it", out);
	/* they are compared with, and switched on with, those of the enum itself */
	klp_buf_add(out, "#pragma GCC diagnostic ignored \"-Wenum-compare\"\n"
			 "#pragma GCC diagnostic ignored \"-Wenum-conversion\"\n"
			 "#pragma GCC diagnostic ignored \"-Wswitch\"\n"
			 "enum {\n");
	for (size_t i = 0; i < list.n; i++)
		if (klp_map_get(&x->fixed->added, list.v[i].name) == p ||
		    klp_map_get(&x->fixed->values, list.v[i].name) == p)
			write_value(x, p, &list, i, out);
	klp_buf_add(out, "};\n");
	for (size_t i = 0; i < list.n; i++)
		if (klp_map_get(&x->fixed->values, list.v[i].name) == p)
			klp_buf_addf(out, "#define %s klpp_%s\n", list.v[i].name, list.v[i].name);
}

/* Made by a macro that stands there: a name within can't be changed. */
static void no_text(struct extraction *x, const struct piece *p)
{
	struct klp_finding *f = klp_finding_add(
		x->arena, x->findings, KLP_ERROR, "KLP-HEADER-TEXT",
		"'%s' differs in the fixed header, and its text can't be brought along: a macro "
		"makes it",
		p->name);

	f->symbol = p->name;
	f->file = p->file;
	f->line = p->line;
	f->hint = "write the new function out in the .c files that need it, under another name";
}

static int write_decl(struct extraction *x, const struct piece *p, struct klp_buf *out)
{
	const struct klp_chunks *chunks;
	const struct klp_chunk *c;
	bool function = p->cdecl->kind == KLP_CDECL_FUNCTION;

	if (klp_extract__fixed_chunk_of(x, p, &chunks, &c) < 0)
		return x->err->code;
	if (!c || c->odd) {
		no_text(x, p);
		return 0;
	}
	origin(p,
	       !p->new_name ? "new with the fix"
	       : p->named   ? "asked for: a copy for this file, of the header's"
	       : p->user    ? "copied: it uses what the fix changes"
			    : klp_sprintf(x->arena,
					  "as the fix has it; the kernel's headers have the old %s%s",
					  p->name, function ? "()" : ""),
	       out);
	if (function)
		klp_buf_addf(out, "#line %u \"%s\"\n", c->line, p->file);
	if (write_renamed(x, chunks->text + c->from, c->to - c->from, out) < 0)
		return x->err->code;
	klp_buf_add(out, "\n");
	return 0;
}

static int write_piece(struct extraction *x, const struct piece *p, struct klp_buf *out)
{
	switch (p->kind) {
	case PIECE_INCLUDE:
		klp_buf_addf(out, "#include %s /* new in %s */\n", p->text, p->file);
		return 0;
	case PIECE_MACRO:
		return write_macro(x, p, out);
	case PIECE_ENUM:
		write_enum(x, p, out);
		return 0;
	case PIECE_DECL:
		return write_decl(x, p, out);
	}
	return 0;
}

int klp_extract__fixed_write(struct extraction *x, struct klp_buf *out)
{
	for (size_t i = 0; i < x->fixed->pieces.n; i++) {
		const struct piece *p = x->fixed->pieces.v[i];

		if (p->needed && write_piece(x, p, out) < 0)
			return x->err->code;
	}
	return 0;
}
