// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

/* jansson gives NULL when memory is out, and for what we have already excluded. */
static json_t *must(json_t *json)
{
	if (!json) {
		fputs("klp: out of memory\n", stderr);
		abort();
	}
	return json;
}

/* Length of the UTF-8 sequence at s (RFC 3629), 0 when there is none. */
static size_t sequence(const unsigned char *s)
{
	static const struct {
		unsigned char from, to, second_from, second_to;
		size_t len;
	} forms[] = {
		{ 0x01, 0x7f, 0x00, 0xff, 1 }, { 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		size_t n = 1;

		if (s[0] < forms[i].from || s[0] > forms[i].to)
			continue;
		if (forms[i].len > 1 && (s[1] < forms[i].second_from || s[1] > forms[i].second_to))
			return 0;
		/* the terminating NUL is no continuation byte, so this stays inside */
		while (n < forms[i].len && (s[n] & 0xc0) == 0x80)
			n++;
		return n == forms[i].len ? n : 0;
	}
	return 0;
}

json_t *klp__json_str(const char *s)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = NULL;
	struct klp_buf buf;
	json_t *json;

	if (!s)
		return json_null();
	json = json_string(s);
	if (json)
		return json;
	arena = klp_arena_new();
	klp_buf_init(&buf, arena);
	while (*s) {
		size_t n = sequence((const unsigned char *)s);

		klp_buf_addn(&buf, n ? s : "\xef\xbf\xbd", n ? n : 3);
		s += n ? n : 1;
	}
	return must(json_string(buf.p));
}

json_t *klp__json_strs(const struct klp_strs *strs)
{
	json_t *array = must(json_array());

	for (size_t i = 0; i < strs->n; i++)
		klp__json_push(array, klp__json_str(strs->v[i]));
	return array;
}

void klp__json_set(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, must(value)))
		must(NULL);
}

void klp__json_push(json_t *array, json_t *value)
{
	if (json_array_append_new(array, must(value)))
		must(NULL);
}

char *klp__json_text(struct klp_arena *arena, const json_t *json)
{
	char *text = json_dumps(json, JSON_INDENT(2));
	char *ret;

	if (!text)
		must(NULL);
	ret = klp_sprintf(arena, "%s\n", text);
	free(text);
	return ret;
}
