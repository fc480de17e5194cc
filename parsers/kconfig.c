// SPDX-License-Identifier: GPL-2.0-or-later
#include "parsers/kconfig.h"

#include <string.h>

static int malformed(struct klp_error *err, const char *name, unsigned int line, const char *what)
{
	klp_error_set(err, KLP_EINPUT, "%s", what);
	klp_error_at(err, name, line, 0);
	return klp_error_hint(err, "this should be the .config of the kernel build, as Kconfig "
				   "wrote it");
}

/* Undoes sym_escape_string() of scripts/kconfig/symbol.c. NULL when the quotes don't match. */
static char *unquote(struct klp_arena *arena, const char *s, size_t len)
{
	char *out, *o;

	if (len < 2 || s[len - 1] != '"')
		return NULL;
	o = out = klp_alloc(arena, len);
	for (size_t i = 1; i < len - 1; i++) {
		if (s[i] == '"')
			return NULL;
		if (s[i] == '\\' && ++i == len - 1)
			return NULL;
		*o++ = s[i];
	}
	return out;
}

static int parse_line(struct klp_arena *arena, const char *name, unsigned int line, const char *s,
		      size_t len, struct klp_map *map, struct klp_error *err)
{
	const char *eq;
	char *value;
	size_t rest;

	while (len && strchr(" \t\r", s[len - 1]))
		len--;
	if (!len || s[0] == '#')
		return 0;
	eq = memchr(s, '=', len);
	if (!eq || eq == s || memchr(s, ' ', (size_t)(eq - s)))
		return malformed(err, name, line, "a line that is no 'CONFIG_NAME=value'");
	rest = len - (size_t)(eq + 1 - s);
	value = rest && eq[1] == '"' ? unquote(arena, eq + 1, rest)
				     : klp_strndup(arena, eq + 1, rest);
	if (!value)
		return malformed(err, name, line, "a string without its closing quote");
	klp_map_put(map, klp_strndup(arena, s, (size_t)(eq - s)), value);
	return 0;
}

int klp_kconfig_parse(struct klp_arena *arena, const char *name, const char *data, size_t len,
		      struct klp_map *map, struct klp_error *err)
{
	const char *end = data + len;
	unsigned int line = 1;

	if (len && memchr(data, '\0', len))
		return malformed(err, name, 0, "binary data in a kernel configuration");
	for (const char *p = data; p < end; line++) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *stop = nl ? nl : end;

		if (parse_line(arena, name, line, p, (size_t)(stop - p), map, err) < 0)
			return err->code;
		p = stop + 1;
	}
	return 0;
}
