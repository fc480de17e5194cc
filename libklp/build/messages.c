// SPDX-License-Identifier: GPL-2.0-or-later
#include "build/messages.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

/* Enough for every human, and a bound on what a broken build can make us keep. */
#define MAX_MESSAGES 1000

static char *without_prefixes(struct klp_arena *arena, const char *line, size_t len,
			      const struct klp_strs *prefixes)
{
	struct klp_buf out;
	size_t pos = 0;

	klp_buf_init(&out, arena);
	while (pos < len) {
		size_t cut = 0;

		for (size_t i = 0; i < prefixes->n; i++) {
			size_t n = strlen(prefixes->v[i]);

			if (n > cut && n <= len - pos && !memcmp(line + pos, prefixes->v[i], n))
				cut = n;
		}
		if (!cut)
			klp_buf_addn(&out, line + pos, 1);
		pos += cut ? cut : 1;
	}
	return out.p;
}

/* Takes ":NUMBER" off the end. */
static bool take_number(char *s, unsigned int *ret)
{
	char *colon = strrchr(s, ':');
	unsigned long value;
	char *end;

	if (!colon || colon[1] < '0' || colon[1] > '9')
		return false;
	value = strtoul(colon + 1, &end, 10);
	if (*end || value > 10000000)
		return false;
	*colon = '\0';
	*ret = (unsigned int)value;
	return true;
}

/* "FILE:LINE:COLUMN: warning: TEXT", with any of the numbers missing. */
static bool parse_compiler(struct klp_arena *arena, const char *line, struct klp_message *ret)
{
	static const struct {
		const char *word;
		int kind;
	} words[] = {
		{ ": warning: ", KLP_MESSAGE_WARNING },
		{ ": error: ", KLP_MESSAGE_ERROR },
		{ ": fatal error: ", KLP_MESSAGE_ERROR },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		const char *at = strstr(line, words[i].word);
		unsigned int number, line_number = 0;
		char *place;

		if (!at)
			continue;
		place = klp_strndup(arena, line, (size_t)(at - line));
		/* the column goes first, when there are two */
		while (take_number(place, &number))
			line_number = number;
		*ret = (struct klp_message){ .file = place[0] ? place : NULL,
					     .line = line_number,
					     .text = klp_strdup(arena,
								at + strlen(words[i].word)) };
		ret->kind = words[i].kind;
		return true;
	}
	return false;
}

/* "WARNING: modpost: TEXT", "warning: TEXT", "make[1]: *** [...] Error 2" */
static bool parse_other(const char *line, struct klp_message *ret)
{
	static const struct {
		const char *word;
		int kind;
		bool at_start;
	} words[] = {
		{ "WARNING: ", KLP_MESSAGE_WARNING, true },
		{ "warning: ", KLP_MESSAGE_WARNING, true },
		{ "ERROR: ", KLP_MESSAGE_ERROR, true },
		{ ": *** ", KLP_MESSAGE_ERROR, false },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		const char *at = strstr(line, words[i].word);

		if (!at || (words[i].at_start && at != line))
			continue;
		*ret = (struct klp_message){ .text = line };
		ret->kind = words[i].kind;
		return true;
	}
	return false;
}

/* scripts/mod/modpost.c check_exports(), and its summary when there are many. */
static bool is_expected(const char *line)
{
	const char *undefined = strstr(line, " undefined!");

	return strstr(line, "modpost: ") && ((undefined && !undefined[strlen(" undefined!")]) ||
					     strstr(line, "unresolved symbol warnings"));
}

void klp_messages_parse(struct klp_arena *arena, const char *output,
			const struct klp_strs *prefixes, struct klp_messages *ret)
{
	while (*output && ret->n < MAX_MESSAGES) {
		size_t len = strcspn(output, "\n");
		struct klp_message message;
		char *line;

		line = without_prefixes(arena, output, len, prefixes);
		if (!is_expected(line) &&
		    (parse_compiler(arena, line, &message) || parse_other(line, &message)))
			klp_vec_push(arena, ret, message);
		output += len + (output[len] == '\n');
	}
}
