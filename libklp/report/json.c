// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"

/* jansson gives NULL when memory is out, and for what we have already excluded. */
static json_t *must(json_t *json)
{
	if (!json) {
		fputs("klp: out of memory\n", stderr);
		abort();
	}
	return json;
}

json_t *klp__json_str(const char *s)
{
	KLP_CLEANUP_ARENA struct klp_arena *arena = NULL;
	struct klp_buf buf;
	uint32_t ignored;
	json_t *json;

	if (!s)
		return json_null();
	json = json_string(s);
	if (json)
		return json;
	arena = klp_arena_new();
	klp_buf_init(&buf, arena);
	while (*s) {
		size_t n = klp_utf8(s, strnlen(s, 4), &ignored);

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
