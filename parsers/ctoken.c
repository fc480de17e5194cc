// SPDX-License-Identifier: GPL-2.0-or-later
#include "parsers/ctoken.h"

#include <ctype.h>
#include <string.h>

#include "base/map.h"

#define MAX_TOKENS ((size_t)32 << 20)

struct lexer {
	struct klp_arena *arena;
	const char *p, *end;
	const char *name;
	uint32_t line, file;
	bool preprocessed, with_directives;
	bool line_start; /* only white space so far on this line */
	struct klp_ctoks *out;
	struct klp_map files; /* name -> index + 1 */
	struct klp_error *err;
};

static bool ident_start(char c)
{
	return isalpha((unsigned char)c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

static bool ident_char(char c)
{
	return ident_start(c) || isdigit((unsigned char)c);
}

static int malformed(struct lexer *lx, const char *what, uint32_t line)
{
	const char *file = lx->out->files.v[lx->file];

	klp_error_set(lx->err, KLP_EINPUT, "'%s' has %s", file, what);
	klp_error_at(lx->err, file, line, 0);
	return klp_error_hint(lx->err, "is it the C source of the kernel, and no other file?");
}

static void push(struct lexer *lx, const char *start, enum klp_ctok_kind kind, uint32_t line)
{
	klp_vec_push(lx->arena, &lx->out->v,
		     (struct klp_ctok){ .p = start,
					.len = (uint32_t)(lx->p - start),
					.line = line,
					.file = lx->file,
					.kind = kind });
	lx->line_start = false;
}

/* A backslash before the end of a line joins it with the next one. */
static size_t splice(const struct lexer *lx, const char *p)
{
	if (p + 1 < lx->end && p[0] == '\\' && p[1] == '\n')
		return 2;
	if (p + 2 < lx->end && p[0] == '\\' && p[1] == '\r' && p[2] == '\n')
		return 3;
	return 0;
}

/* The literal that begins at p: the end behind its quote, NULL when its line ends before. */
static const char *literal_end(const struct lexer *lx, const char *p)
{
	char quote = *p++;

	for (; p < lx->end && *p != '\n'; p++) {
		size_t n = splice(lx, p);

		if (*p == quote)
			return p + 1;
		if (n)
			p += n - 1;
		else if (*p == '\\' && p + 1 < lx->end && p[1] != '\n')
			p++;
	}
	return NULL;
}

static void pass_over(struct lexer *lx, const char *to)
{
	for (; lx->p < to; lx->p++)
		lx->line += *lx->p == '\n';
}

static int skip_comment(struct lexer *lx)
{
	uint32_t line = lx->line;

	if (lx->p[1] == '/') {
		while (lx->p < lx->end && *lx->p != '\n') {
			size_t n = splice(lx, lx->p);

			pass_over(lx, lx->p + (n ? n : 1));
		}
		return 0;
	}
	for (pass_over(lx, lx->p + 2); lx->p + 1 < lx->end; pass_over(lx, lx->p + 1)) {
		if (lx->p[0] == '*' && lx->p[1] == '/') {
			lx->p += 2;
			return 0;
		}
	}
	return malformed(lx, "a comment that doesn't end", line);
}

static bool comment_at(const struct lexer *lx)
{
	return lx->p + 1 < lx->end && lx->p[0] == '/' && (lx->p[1] == '/' || lx->p[1] == '*');
}

/* To the end of the logical line, its newline not included. Comments in it are passed over. */
static int skip_line(struct lexer *lx)
{
	while (lx->p < lx->end && *lx->p != '\n') {
		size_t n = splice(lx, lx->p);
		const char *end = NULL;

		if (*lx->p == '"' || *lx->p == '\'')
			end = literal_end(lx, lx->p);
		if (!end && comment_at(lx)) {
			if (skip_comment(lx) < 0)
				return lx->err->code;
			continue;
		}
		pass_over(lx, end ? end : lx->p + (n ? n : 1));
	}
	return 0;
}

/*
 * In a source a quote without its end is a token by itself: it stands in prose that isn't
 * compiled (#error, #if 0), or else the compiler will tell.
 */
static int quoted(struct lexer *lx, char quote)
{
	const char *start = lx->p, *end = literal_end(lx, start);
	uint32_t line = lx->line;

	if (!end && lx->preprocessed)
		return malformed(lx, "a literal that doesn't end on its line", line);
	pass_over(lx, end ? end : start + 1);
	push(lx, start, !end ? KLP_TOK_PUNCT : quote == '"' ? KLP_TOK_STRING : KLP_TOK_CHAR, line);
	return 0;
}

/* `# 12 "file" 1 3`: sets the place of what follows. False when the line is no marker. */
char *klp_tok_marker_name(struct klp_arena *arena, const char *p, size_t n)
{
	char *name = klp_alloc(arena, n + 1), *to = name;

	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\\' && i + 1 < n)
			i++;
		*to++ = p[i];
	}
	*to = '\0';
	return name;
}

static bool line_marker(struct lexer *lx)
{
	const char *p = lx->p + 1, *start;
	uint32_t line = 0;
	uintptr_t index;
	void **slot;

	while (p < lx->end && *p == ' ')
		p++;
	if (p < lx->end && !strncmp(p, "line ", lx->end - p < 5 ? (size_t)(lx->end - p) : 5))
		p += 5;
	if (p >= lx->end || !isdigit((unsigned char)*p))
		return false;
	for (; p < lx->end && isdigit((unsigned char)*p); p++)
		line = line * 10 + (uint32_t)(*p - '0');
	while (p < lx->end && *p == ' ')
		p++;
	if (p < lx->end && *p == '"') {
		start = ++p;
		while (p < lx->end && *p != '"' && *p != '\n')
			p += *p == '\\' && p + 1 < lx->end ? 2 : 1;
		slot = klp_map_slotn(&lx->files, start, (size_t)(p - start));
		if (!*slot) {
			klp_vec_push(lx->arena, &lx->out->files,
				     klp_tok_marker_name(lx->arena, start, (size_t)(p - start)));
			*slot = (void *)(uintptr_t)lx->out->files.n;
		}
		index = (uintptr_t)*slot;
		lx->file = (uint32_t)index - 1;
	}
	while (lx->p < lx->end && *lx->p != '\n')
		lx->p++;
	lx->line = line - 1; /* the newline counts it up */
	return true;
}

static int directive(struct lexer *lx)
{
	const char *start = lx->p;
	uint32_t line = lx->line;

	if (lx->preprocessed && line_marker(lx))
		return 0;
	if (!lx->preprocessed && lx->with_directives) {
		lx->p++;
		lx->line_start = false;
		return 0;
	}
	if (skip_line(lx) < 0)
		return lx->err->code;
	if (lx->preprocessed)
		push(lx, start, KLP_TOK_PRAGMA, line);
	return 0;
}

static void number(struct lexer *lx)
{
	const char *start = lx->p;

	for (lx->p++; lx->p < lx->end; lx->p++) {
		char c = *lx->p;

		if ((c == '+' || c == '-') && strchr("eEpP", lx->p[-1]))
			continue;
		if (!ident_char(c) && c != '.')
			break;
	}
	push(lx, start, KLP_TOK_NUMBER, lx->line);
}

static void punctuation(struct lexer *lx)
{
	const char *start = lx->p;
	size_t left = (size_t)(lx->end - lx->p);

	if (left >= 3 && !memcmp(start, "...", 3))
		lx->p += 2;
	else if (left >= 2 &&
		 ((start[0] == '-' && start[1] == '>') || (start[0] == '#' && start[1] == '#')))
		lx->p++;
	lx->p++;
	push(lx, start, KLP_TOK_PUNCT, lx->line);
}

static int one(struct lexer *lx)
{
	char c = *lx->p;
	size_t n = splice(lx, lx->p);

	if (n) {
		lx->p += n;
		lx->line++;
	} else if (c == '\n') {
		lx->p++;
		lx->line++;
		lx->line_start = true;
	} else if (isspace((unsigned char)c)) {
		lx->p++;
	} else if (comment_at(lx)) {
		return skip_comment(lx);
	} else if (c == '#' && lx->line_start) {
		return directive(lx);
	} else if (c == '"' || c == '\'') {
		return quoted(lx, c);
	} else if (ident_start(c)) {
		const char *start = lx->p;

		while (lx->p < lx->end && ident_char(*lx->p))
			lx->p++;
		push(lx, start, KLP_TOK_IDENT, lx->line);
	} else if (isdigit((unsigned char)c) ||
		   (c == '.' && lx->p + 1 < lx->end && isdigit((unsigned char)lx->p[1]))) {
		number(lx);
	} else {
		punctuation(lx);
	}
	return 0;
}

static int lex(struct lexer *lx, const char *text, size_t len)
{
	lx->p = text;
	lx->end = text + len;
	lx->line = 1;
	lx->line_start = true;
	klp_map_init(&lx->files, lx->arena);
	klp_vec_push(lx->arena, &lx->out->files, lx->name);
	klp_map_put(&lx->files, lx->name, (void *)(uintptr_t)1);
	while (lx->p < lx->end) {
		if (one(lx) < 0)
			return lx->err->code;
		if (lx->out->v.n > MAX_TOKENS)
			return malformed(lx, "more tokens than any unit of a kernel", lx->line);
	}
	return 0;
}

int klp_ctok_preprocessed(struct klp_arena *arena, const char *name, const char *text, size_t len,
			  struct klp_ctoks *ret, struct klp_error *err)
{
	struct klp_ctoks out = {};
	struct lexer lx = {
		.arena = arena,
		.name = name,
		.preprocessed = true,
		.out = &out,
		.err = err,
	};

	if (lex(&lx, text, len) < 0)
		return err->code;
	*ret = out;
	return 0;
}

int klp_ctok_source(struct klp_arena *arena, const char *name, const char *text, size_t len,
		    bool with_directives, struct klp_ctoks *ret, struct klp_error *err)
{
	struct klp_ctoks out = {};
	struct lexer lx = {
		.arena = arena,
		.name = name,
		.with_directives = with_directives,
		.out = &out,
		.err = err,
	};

	if (lex(&lx, text, len) < 0)
		return err->code;
	*ret = out;
	return 0;
}
