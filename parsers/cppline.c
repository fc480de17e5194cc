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

/* Bytes of a backslash and the end of the line that it joins with the next one, else 0. */
static size_t splice_at(const char *text, size_t i, size_t end)
{
	if (i + 1 < end && text[i] == '\\' && text[i + 1] == '\n')
		return 2;
	if (i + 2 < end && text[i] == '\\' && text[i + 1] == '\r' && text[i + 2] == '\n')
		return 3;
	return 0;
}

/* The literal at the current place, when it ends on its line; a lone quote is a character. */
static void literal(struct scan *s)
{
	size_t i = s->i + 1;

	while (i < s->len && s->text[i] != '\n' && s->text[i] != s->text[s->i]) {
		size_t n = splice_at(s->text, i, s->len);

		if (!n && s->text[i] == '\\' && i + 1 < s->len && s->text[i + 1] != '\n')
			n = 2;
		i += n ? n : 1;
	}
	advance(s, i < s->len && s->text[i] == s->text[s->i] ? i + 1 - s->i : 1);
}

/* To the end of the logical line. */
static void rest_of_line(struct scan *s)
{
	bool comment = false;

	while (s->i < s->len && s->text[s->i] != '\n') {
		size_t n = splice_at(s->text, s->i, s->len);
		char c = s->text[s->i];

		comment = comment || at(s, "//");
		if (n)
			advance(s, n);
		else if (!comment && at(s, "/*"))
			block_comment(s);
		else if (!comment && (c == '"' || c == '\''))
			literal(s);
		else
			advance(s, 1);
	}
}

/* Past what separates the words of a directive. */
static size_t skip_blank(const char *text, size_t i, size_t end)
{
	while (i < end) {
		size_t n = splice_at(text, i, end);

		if (!n && i + 1 < end && text[i] == '/' && text[i + 1] == '*') {
			const char *close = memmem(text + i + 2, end - i - 2, "*/", 2);

			n = close ? (size_t)(close + 2 - text) - i : end - i;
		}
		if (!n && text[i] != ' ' && text[i] != '\t')
			break;
		i += n ? n : 1;
	}
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
		{ "define", KLP_CPP_DEFINE },	{ "undef", KLP_CPP_UNDEF },
		{ "if", KLP_CPP_IF },		{ "ifdef", KLP_CPP_IF },
		{ "ifndef", KLP_CPP_IF },	{ "else", KLP_CPP_ELSE },
		{ "elif", KLP_CPP_ELSE },	{ "endif", KLP_CPP_ENDIF },
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
		size_t n = splice_at(text, s.i, s.len);
		char c = text[s.i];

		if (n) {
			advance(&s, n);
		} else if (c == '#' && line_start) {
			directive(&s, ret);
		} else if (at(&s, "/*")) {
			block_comment(&s);
		} else if (at(&s, "//")) {
			rest_of_line(&s);
		} else if (c == '"' || c == '\'') {
			literal(&s);
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
