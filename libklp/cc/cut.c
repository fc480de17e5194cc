// SPDX-License-Identifier: GPL-2.0-or-later
#include "cc/cut.h"

#include <ctype.h>
#include <string.h>

#include "parsers/ctoken.h"

/* The macro that a -D or -U argument is about. */
static bool is_option_for(const char *arg, char option, const char *name)
{
	size_t n = strlen(name);

	return arg[0] == '-' && arg[1] == option && !strncmp(arg + 2, name, n) &&
	       (!arg[2 + n] || arg[2 + n] == '=');
}

/* The command line has definitions in another form. */
static bool has_apart(const struct klp_unit *unit)
{
	return klp_strs_has(&unit->argv, "-D") || klp_strs_has(&unit->argv, "-U");
}

/* What it says of the macro: its value, or NULL. */
static const char *told(const struct klp_unit *unit, const char *name)
{
	const char *value = NULL;

	for (size_t i = 1; i < unit->argv.n; i++) {
		const char *arg = unit->argv.v[i];

		if (is_option_for(arg, 'D', name))
			value = arg[2 + strlen(name)] ? arg + 3 + strlen(name) : "1";
		else if (is_option_for(arg, 'U', name))
			value = NULL;
	}
	return value;
}

/* What a #define of a macro without parameters says, between its blanks. */
static const char *said(struct klp_arena *arena, const struct klp_cut *cut,
			const struct klp_cppline *line)
{
	const char *from = cut->text + line->from, *end = cut->text + line->to;

	from = memmem(from, (size_t)(end - from), line->name, strlen(line->name));
	from = from ? from + strlen(line->name) : end;
	while (from < end && isblank((unsigned char)*from))
		from++;
	while (end > from && isspace((unsigned char)end[-1]))
		end--;
	return klp_strndup(arena, from, (size_t)(end - from));
}

/*
 * Definitions at the top that come to what the command line says already, as an excerpt has them
 * for another command: the head is that of the unit without them. Only Kbuild's own names,
 * which no compiler predefines, and no header that the command line includes.
 */
static void pass_over_told(struct klp_cut *cut, const struct klp_unit *unit)
{
	static const char *const names[] = { "MODULE", "KBUILD_MODNAME", "KBUILD_BASENAME" };
	const char *now[3];
	size_t n = 0;

	if (has_apart(unit))
		return;
	for (size_t i = 0; i < 3; i++)
		now[i] = told(unit, names[i]);
	for (; n < cut->n; n++) {
		const struct klp_cppline *line = &cut->lines.v[n];
		size_t i = 0;

		if (line->kind != KLP_CPP_DEFINE && line->kind != KLP_CPP_UNDEF)
			break;
		while (i < 3 && strcmp(line->name, names[i]) != 0)
			i++;
		if (i == 3)
			return;
		now[i] = line->kind == KLP_CPP_UNDEF ? NULL : said(cut->arena, cut, line);
	}
	for (size_t i = 0; i < 3; i++) {
		const char *before = told(unit, names[i]);

		if (!before != !now[i] || (before && strcmp(before, now[i]) != 0))
			return;
	}
	cut->first = n;
}

static bool says(const struct klp_cut *cut, const struct klp_cppline *line, const char *word)
{
	return memmem(cut->text + line->from + 1, line->to - line->from - 1, word, strlen(word));
}

/* A head is without what stands between its directives. */
static bool asks_line(const struct klp_cut *cut, const struct klp_cppline *line)
{
	return says(cut, line, "__LINE__");
}

/* It includes more, or asks for an #assert, which leaves no trace. */
static bool needs_head(const struct klp_cut *cut, const struct klp_cppline *line)
{
	return line->kind == KLP_CPP_INCLUDE ||
	       ((line->kind == KLP_CPP_IF || line->kind == KLP_CPP_ELSE) && says(cut, line, "#"));
}

/* The directives in front of the first token, to the last #include; none may follow. */
static bool find(struct klp_cut *cut)
{
	struct klp_error unread = {};
	struct klp_ctoks toks = {};
	size_t i, depth = 0, until;
	bool includes = false;

	if (klp_ctok_source(cut->arena, "", cut->text, cut->len, false, &toks, &unread) < 0)
		return false;
	until = toks.v.n ? (size_t)(toks.v.v[0].p - cut->text) : cut->len;
	klp_cpplines_scan(cut->arena, cut->text, cut->len, &cut->lines);
	for (i = 0; i < cut->lines.n && cut->lines.v[i].from < until; i++) {
		const struct klp_cppline *line = &cut->lines.v[i];

		if (line->kind == KLP_CPP_OTHER || (line->kind == KLP_CPP_ENDIF && !depth))
			break;
		depth += line->kind == KLP_CPP_IF;
		depth -= line->kind == KLP_CPP_ENDIF;
		includes = includes || line->kind == KLP_CPP_INCLUDE;
		if (includes && !depth) {
			cut->n = i + 1;
			cut->rest = line->to;
			includes = false;
		}
	}
	for (i = 0; i < cut->lines.n; i++)
		if (i < cut->n ? asks_line(cut, &cut->lines.v[i])
			       : needs_head(cut, &cut->lines.v[i]))
			return false;
	return cut->n > 0;
}

bool klp_cc__is_tricky(const char *text, size_t len)
{
	static const char *const words[] = {
		"pop_macro",	 "GCC pop_options", "__INCLUDE_LEVEL__",
		"__BASE_FILE__", "__TIMESTAMP__",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (memmem(text, len, words[i], strlen(words[i])))
			return true;
	return false;
}

bool klp_cc__cut(struct klp_cut *cut, const struct klp_unit *unit)
{
	if (!find(cut) || klp_cc__is_tricky(cut->text + cut->rest, cut->len - cut->rest))
		return false;
	pass_over_told(cut, unit);
	return true;
}
