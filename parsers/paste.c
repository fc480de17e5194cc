// SPDX-License-Identifier: GPL-2.0-or-later
#include "parsers/paste.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$';
}

void klp_paste_init(struct klp_arena *arena, struct klp_paste *paste)
{
	*paste = (struct klp_paste){ .arena = arena };
	klp_map_init(&paste->literals, arena);
	klp_map_init(&paste->parts, arena);
}

static void literal(struct klp_paste *paste, const char *from, const char *to)
{
	size_t len = (size_t)(to - from);

	if (len && len < KLP_PASTE_MAX_NAME && !klp_map_getn(&paste->literals, from, len))
		klp_map_put(&paste->literals, klp_strndup(paste->arena, from, len), paste);
}

/* A parameter counts as a literal as well: that names too much, never too little. */
void klp_paste_collect(struct klp_paste *paste, const char *text, size_t len)
{
	const char *p = text, *end = text + len;

	while ((p = memmem(p, (size_t)(end - p), "##", 2))) {
		const char *from = p, *to;

		while (from > text && (from[-1] == ' ' || from[-1] == '\t'))
			from--;
		to = from;
		while (from > text && in_word(from[-1]))
			from--;
		literal(paste, from, to);
		for (p += 2; p < end && (*p == ' ' || *p == '\t'); p++)
			;
		for (to = p; to < end && in_word(*to); to++)
			;
		literal(paste, p, to);
	}
}

void klp_paste_add(struct klp_paste *paste, const char *name)
{
	size_t n = strlen(name);

	if (n >= KLP_PASTE_MAX_NAME || klp_strs_has(&paste->names, name))
		return;
	klp_vec_push(paste->arena, &paste->names, name);
	for (size_t from = 0; from < n; from++)
		for (size_t to = from + 1; to <= n; to++)
			if (to - from < n && !klp_map_getn(&paste->parts, name + from, to - from))
				klp_map_putn(&paste->parts, name + from, to - from, paste);
}

enum { SAID = 1, LITERAL = 2 };

static int source_of(const struct klp_paste *paste, const struct klp_map *said, const char *p,
		     size_t n)
{
	int source = 0;

	if (klp_map_getn(said, p, n))
		source |= SAID;
	if (klp_map_getn(&paste->literals, p, n))
		source |= LITERAL;
	return source;
}

/* Of two parts one must be said; of three, one must be a literal besides. */
static bool is_made(const struct klp_paste *paste, const struct klp_map *said, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 1; i < n; i++) {
		int head = source_of(paste, said, name, i);
		int tail = source_of(paste, said, name + i, n - i);

		if (head && tail && ((head | tail) & SAID))
			return true;
		for (size_t k = i + 1; head && k < n; k++) {
			int middle = source_of(paste, said, name + i, k - i);
			int last = middle ? source_of(paste, said, name + k, n - k) : 0;

			if (last && ((head | middle | last) & SAID) &&
			    ((head | middle | last) & LITERAL))
				return true;
		}
	}
	return false;
}

bool klp_paste_makes(const struct klp_paste *paste, const char *text, size_t len)
{
	KLP_CLEANUP_ARENA struct klp_arena *scratch = klp_arena_new();
	const char *p = text, *end = text + len;
	struct klp_map said;

	klp_map_init(&said, scratch);
	while (p < end) {
		const char *start = p;

		if (!in_word(*p)) {
			p++;
			continue;
		}
		while (p < end && in_word(*p))
			p++;
		if ((size_t)(p - start) < KLP_PASTE_MAX_NAME &&
		    klp_map_getn(&paste->parts, start, (size_t)(p - start)))
			klp_map_putn(&said, start, (size_t)(p - start), scratch);
	}
	for (size_t i = 0; said.n && i < paste->names.n; i++)
		if (is_made(paste, &said, paste->names.v[i]))
			return true;
	return false;
}
