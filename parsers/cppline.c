// SPDX-License-Identifier: GPL-2.0-or-later
#include "parsers/cppline.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

struct scan {
	struct klp_arena *arena;
	const char *text;
	size_t len, i;
	uint32_t line;
};

static bool at(const struct scan *s, const char *what)
{
	size_t n = strlen(what);

	return s->len - s->i >= n && !memcmp(s->text + s->i, what, n);
}

static void advance(struct scan *s, size_t n)
{
	while (n-- && s->i < s->len)
		s->line += s->text[s->i++] == '\n';
}

static void block_comment(struct scan *s)
{
	advance(s, 2);
	while (s->i < s->len && !at(s, "*/"))
		advance(s, 1);
	advance(s, 2);
}

static void literal(struct scan *s, char quote)
{
	advance(s, 1);
	while (s->i < s->len && s->text[s->i] != quote && s->text[s->i] != '\n')
		advance(s, s->text[s->i] == '\\' ? 2 : 1);
	if (s->i < s->len && s->text[s->i] == quote)
		advance(s, 1);
}

/* To the end of the logical line. */
static void rest_of_line(struct scan *s)
{
	while (s->i < s->len && s->text[s->i] != '\n') {
		if (at(s, "/*"))
			block_comment(s);
		else if (at(s, "//"))
			while (s->i < s->len && s->text[s->i] != '\n')
				advance(s, at(s, "\\\n") ? 2 : 1);
		else if (at(s, "\\\r\n"))
			advance(s, 3);
		else if (at(s, "\\\n"))
			advance(s, 2);
		else if (s->text[s->i] == '"')
			literal(s, '"');
		else
			advance(s, 1);
	}
}

static size_t skip_blank(const char *text, size_t i, size_t end)
{
	while (i < end && (text[i] == ' ' || text[i] == '\t'))
		i++;
	return i;
}

static size_t word_end(const char *text, size_t i, size_t end)
{
	while (i < end && (isalnum((unsigned char)text[i]) || text[i] == '_' || text[i] == '$'))
		i++;
	return i;
}

static enum klp_cppline_kind kind_of(const char *word, size_t n)
{
	static const struct {
		const char *word;
		enum klp_cppline_kind kind;
	} words[] = {
		{ "include", KLP_CPP_INCLUDE }, { "include_next", KLP_CPP_INCLUDE },
		{ "define", KLP_CPP_DEFINE },   { "undef", KLP_CPP_UNDEF },
		{ "if", KLP_CPP_IF },           { "ifdef", KLP_CPP_IF },
		{ "ifndef", KLP_CPP_IF },       { "else", KLP_CPP_ELSE },
		{ "elif", KLP_CPP_ELSE },       { "endif", KLP_CPP_ENDIF },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strlen(words[i].word) == n && !memcmp(words[i].word, word, n))
			return words[i].kind;
	return KLP_CPP_OTHER;
}

static const char *operand(struct scan *s, enum klp_cppline_kind kind, size_t i, size_t end)
{
	size_t from = skip_blank(s->text, i, end), to = from;

	if (kind == KLP_CPP_DEFINE || kind == KLP_CPP_UNDEF) {
		to = word_end(s->text, from, end);
	} else if (kind == KLP_CPP_INCLUDE && from < end &&
		   (s->text[from] == '"' || s->text[from] == '<')) {
		char close = s->text[from] == '"' ? '"' : '>';

		for (to = from + 1; to < end && s->text[to] != close; to++)
			;
		to += to < end;
	} else if (kind != KLP_CPP_INCLUDE) {
		return NULL;
	}
	return klp_strndup(s->arena, s->text + from, to - from);
}

static void directive(struct scan *s, struct klp_cpplines *ret)
{
	struct klp_cppline l = { .from = (uint32_t)s->i, .line = s->line };
	size_t word, end;

	advance(s, 1);
	rest_of_line(s);
	l.to = (uint32_t)s->i;
	word = skip_blank(s->text, l.from + 1, l.to);
	end = word_end(s->text, word, l.to);
	l.kind = kind_of(s->text + word, end - word);
	l.name = operand(s, l.kind, end, l.to);
	klp_vec_push(s->arena, ret, l);
}

void klp_cpplines_scan(struct klp_arena *arena, const char *text, size_t len,
		       struct klp_cpplines *ret)
{
	struct scan s = { .arena = arena, .text = text, .len = len, .line = 1 };
	bool line_start = true;

	while (s.i < s.len) {
		char c = text[s.i];

		if (c == '#' && line_start) {
			directive(&s, ret);
		} else if (at(&s, "/*")) {
			block_comment(&s);
		} else if (at(&s, "//")) {
			rest_of_line(&s);
		} else if (c == '"' || c == '\'') {
			literal(&s, c);
			line_start = false;
		} else {
			if (c == '\n')
				line_start = true;
			else if (!isspace((unsigned char)c))
				line_start = false;
			advance(&s, 1);
		}
	}
}
