// SPDX-License-Identifier: GPL-2.0-or-later
#include "parsers/kbuild_cmd.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"

struct parser {
	struct klp_arena *arena;
	const char *name;
	const char *p, *end;
	unsigned int line; /* of p */
	struct klp_cmd *cmd;
	struct klp_error *err;
};

/* One make line, continuations folded. */
struct logical {
	char *text; /* NUL-terminated */
	size_t len;
	unsigned int line; /* where it begins */
};

static int malformed(struct parser *ps, unsigned int line, const char *what)
{
	klp_error_set(ps->err, KLP_EINPUT, "%s", what);
	klp_error_at(ps->err, ps->name, line, 0);
	return klp_error_hint(ps->err, "the recorded command can't be run again as it stands; "
				       "is this file what Kbuild wrote?");
}

/*
 * A backslash before the newline joins the lines, unless it is escaped itself; make leaves
 * one space in the place of backslash, newline and the blanks around them.
 */
static bool next_line(struct parser *ps, struct logical *ret)
{
	struct klp_buf buf;

	if (ps->p >= ps->end)
		return false;
	klp_buf_init(&buf, ps->arena);
	ret->line = ps->line;
	while (ps->p < ps->end) {
		const char *nl = memchr(ps->p, '\n', (size_t)(ps->end - ps->p));
		const char *stop = nl ? nl : ps->end;
		size_t n = (size_t)(stop - ps->p), slashes = 0;

		while (slashes < n && stop[-1 - (ptrdiff_t)slashes] == '\\')
			slashes++;
		ps->line++;
		if (nl && slashes % 2) {
			klp_buf_addn(&buf, ps->p, n - 1);
			klp_buf_add(&buf, " ");
			ps->p = nl + 1;
			continue;
		}
		klp_buf_addn(&buf, ps->p, n);
		ps->p = nl ? nl + 1 : ps->end;
		break;
	}
	ret->text = buf.p;
	ret->len = buf.len;
	return true;
}

/*
 * What make makes of the text, in place: `$$` and `\#`, and the only variable that Kbuild
 * itself writes into commands (make-cmd in scripts/Kbuild.include). `quoted` dollars that
 * came from `$$` are for the shell; a lone `$` was make's and is kept as the byte 1, which
 * no shell word may hold.
 */
#define MAKE_DOLLAR '\1'
static bool undo_make(char *text)
{
	static const char pound[] = "$(pound)";
	char *out = text;

	for (const char *p = text; *p;) {
		if (p[0] == '$' && p[1] == '$') {
			*out++ = '$';
			p += 2;
		} else if (!strncmp(p, pound, sizeof(pound) - 1)) {
			*out++ = '#';
			p += sizeof(pound) - 1;
		} else if (p[0] == '\\' && p[1] == '#') {
			*out++ = '#';
			p += 2;
		} else if (p[0] == '#') {
			return false; /* the rest would be a comment */
		} else {
			*out++ = p[0] == '$' ? MAKE_DOLLAR : p[0];
			p++;
		}
	}
	*out = '\0';
	return true;
}

/* The command line as a shell would read it. */
struct lexer {
	struct parser *ps;
	const char *p;
	unsigned int line;
	bool strict; /* the compiler's own command */
	struct klp_buf word;
	bool in_word;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Text between quotes; lx->p is behind the opening one. */
static int lex_quoted(struct lexer *lx, char quote)
{
	lx->in_word = true;
	while (*lx->p && *lx->p != quote) {
		char c = *lx->p++;

		if (quote == '"' && c == '\\' && *lx->p && strchr("$`\"\\", *lx->p))
			c = *lx->p++;
		else if (lx->strict &&
			 (c == MAKE_DOLLAR || (quote == '"' && (c == '$' || c == '`'))))
			return malformed(lx->ps, lx->line,
					 "the command has an expansion inside quotes");
		klp_buf_addn(&lx->word, &c, 1);
	}
	if (*lx->p != quote)
		return lx->strict ? malformed(lx->ps, lx->line, "the command has an open quote")
				  : 0;
	lx->p++;
	return 0;
}

/* True when c, unquoted at this place, means something to a shell that we don't do. */
static bool is_special(const struct lexer *lx, char c)
{
	if (!lx->in_word && (c == '~' || c == '#'))
		return true;
	return strchr("|&<>()$`*?[\1", c) != NULL;
}

static int lex_char(struct lexer *lx)
{
	char c = *lx->p++;

	if (c == '\'' || c == '"')
		return lex_quoted(lx, c);
	if (c == '\\') {
		if (!*lx->p)
			return lx->strict ? malformed(lx->ps, lx->line,
						      "the command ends in a backslash")
					  : 0;
		c = *lx->p++;
	} else if (lx->strict && is_special(lx, c)) {
		klp_error_set(lx->ps->err, KLP_EINPUT,
			      "the compiler's command has an unquoted '%c', which needs a shell",
			      c == MAKE_DOLLAR ? '$' : c);
		return malformed(lx->ps, lx->line, "");
	}
	klp_buf_addn(&lx->word, &c, 1);
	lx->in_word = true;
	return 0;
}

#define QUOTED_(x) #x
#define QUOTED(x)  QUOTED_(x)
#define MAX_WORDS  QUOTED(KLP_CMD_MAX_WORDS)

static int end_word(struct lexer *lx, struct klp_strs *words)
{
	struct klp_arena *arena = lx->ps->arena;

	if (!lx->in_word)
		return 0;
	if (words->n >= KLP_CMD_MAX_WORDS)
		return malformed(lx->ps, lx->line, "the command has more than " MAX_WORDS " words");
	for (char *p = lx->word.p; (p = strchr(p, MAKE_DOLLAR));)
		*p = '$';
	klp_vec_push(arena, words, klp_strndup(arena, lx->word.p, lx->word.len));
	lx->word.len = 0;
	lx->word.p[0] = '\0';
	lx->in_word = false;
	return 0;
}

/* Length of a separator of commands at p, else 0. */
static size_t separator(const char *p)
{
	if ((p[0] == '&' && p[1] == '&') || (p[0] == '|' && p[1] == '|'))
		return 2;
	return p[0] == ';';
}

/* The words of one command, up to its separator or the end. */
static int lex_command(struct lexer *lx, struct klp_strs *words)
{
	while (*lx->p) {
		size_t sep = separator(lx->p);

		if (sep) {
			lx->p += sep;
			break;
		}
		if (is_blank(*lx->p)) {
			lx->p++;
			if (end_word(lx, words) < 0)
				return lx->ps->err->code;
		} else if (lex_char(lx) < 0) {
			return lx->ps->err->code;
		}
	}
	return end_word(lx, words);
}

/* NAME=... in the place of the command's name sets the environment of a shell's child. */
static bool is_assignment(const char *word)
{
	size_t n = strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789");

	return n && word[n] == '=';
}

static int parse_command(struct parser *ps, char *value, unsigned int line)
{
	struct lexer lx = { .ps = ps, .p = value, .line = line, .strict = true };

	if (ps->cmd->commands.n)
		return malformed(ps, line, "a second command for one object");
	if (!undo_make(value))
		return malformed(ps, line, "the command has an unescaped '#'");
	klp_buf_init(&lx.word, ps->arena);
	while (*lx.p) {
		struct klp_strs words = {};

		if (lex_command(&lx, &words) < 0)
			return ps->err->code;
		if (lx.strict && !words.n)
			return malformed(ps, line, "the command is empty");
		if (lx.strict && is_assignment(words.v[0]))
			return malformed(ps, line, "the command begins with an assignment");
		if (words.n)
			klp_vec_push(ps->arena, &ps->cmd->commands, words);
		lx.strict = false;
	}
	return ps->cmd->commands.n ? 0 : malformed(ps, line, "the command is empty");
}

/* Blank-separated names; fixdep adds $(wildcard ...) for what Kconfig options it met. */
static int parse_deps(struct parser *ps, const char *p, unsigned int line)
{
	while (*(p += strspn(p, " \t\r"))) {
		size_t n = strcspn(p, " \t\r");

		if (!strncmp(p, "$(wildcard", 10)) {
			const char *close = strchr(p, ')');

			if (!close)
				return malformed(ps, line,
						 "an open '$(wildcard' among the dependencies");
			p = close + 1;
			continue;
		}
		if (ps->cmd->deps.n >= KLP_CMD_MAX_WORDS)
			return malformed(ps, line, "more than " MAX_WORDS " dependencies");
		klp_vec_push(ps->arena, &ps->cmd->deps, klp_strndup(ps->arena, p, n));
		p += n;
	}
	return 0;
}

static char *trim(char *s)
{
	size_t n;

	s += strspn(s, " \t\r");
	for (n = strlen(s); n && is_blank(s[n - 1]); n--)
		s[n - 1] = '\0';
	return s;
}

static int parse_assignment(struct parser *ps, const struct logical *line)
{
	char *sep = strstr(line->text, ":="), *name = line->text, *value;

	if (!sep)
		return 0; /* a rule: "fs/namei.o: $(deps_fs/namei.o)" */
	*sep = '\0';
	name = trim(name);
	value = trim(sep + 2);
	if (!strncmp(name, "savedcmd_", 9) || !strncmp(name, "cmd_", 4)) {
		if (parse_command(ps, value, line->line) < 0)
			return ps->err->code;
		ps->cmd->target = strchr(name, '_') + 1;
	} else if (!strncmp(name, "source_", 7)) {
		if (!*value || strpbrk(value, " \t$"))
			return malformed(ps, line->line, "the source is not one plain path");
		ps->cmd->source = value;
	} else if (!strncmp(name, "deps_", 5)) {
		return parse_deps(ps, value, line->line);
	}
	return 0;
}

int klp_cmd_parse(struct klp_arena *arena, const char *name, const char *data, size_t len,
		  struct klp_cmd *ret, struct klp_error *err)
{
	struct klp_cmd cmd = {};
	struct parser ps = { arena, name, data, data + len, 1, &cmd, err };
	struct logical line;

	if (len && (memchr(data, '\0', len) || memchr(data, MAKE_DOLLAR, len)))
		return malformed(&ps, 0, "binary data in a command file");
	while (next_line(&ps, &line)) {
		if (line.text[0] == '#')
			continue;
		if (parse_assignment(&ps, &line) < 0)
			return err->code;
	}
	if (!cmd.commands.n)
		return malformed(&ps, 0, "no 'cmd_' line in a command file");
	*ret = cmd;
	return 0;
}
