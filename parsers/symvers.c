// SPDX-License-Identifier: GPL-2.0-or-later
#include "parsers/symvers.h"

#include <stdbool.h>
#include <string.h>

struct field {
	const char *p;
	size_t len;
};

#define MAX_FIELDS 5

static int malformed(struct klp_error *err, const char *name, unsigned int line, const char *what)
{
	klp_error_set(err, KLP_EINPUT, "%s", what);
	klp_error_at(err, name, line, 0);
	return klp_error_hint(err, "this should be the Module.symvers of the kernel build, as "
				   "modpost wrote it");
}

/* The number of fields, or MAX_FIELDS + 1 when there are more. */
static size_t split(const char *s, size_t len, struct field *fields)
{
	const char *end = s + len;
	size_t n = 0;

	for (;;) {
		const char *tab = memchr(s, '\t', (size_t)(end - s));

		if (n == MAX_FIELDS)
			return n + 1;
		fields[n++] = (struct field){ s, (size_t)((tab ? tab : end) - s) };
		if (!tab)
			return n;
		s = tab + 1;
	}
}

static bool parse_crc(const struct field *f, uint32_t *ret)
{
	uint32_t crc = 0;

	if (f->len < 3 || f->len > 10 || f->p[0] != '0' || f->p[1] != 'x')
		return false;
	for (size_t i = 2; i < f->len; i++) {
		static const char digits[] = "0123456789abcdefABCDEF";
		const char *d = memchr(digits, f->p[i], sizeof(digits) - 1);

		if (!d)
			return false;
		crc = crc << 4 | (uint32_t)(d - digits < 16 ? d - digits : d - digits - 6);
	}
	*ret = crc;
	return true;
}

static int parse_line(struct klp_arena *arena, const char *name, unsigned int line, const char *s,
		      size_t len, struct klp_map *map, struct klp_error *err)
{
	struct field f[MAX_FIELDS] = {};
	size_t n = split(s, len, f);
	struct klp_export *export;

	/* The namespace came with 5.4; before, a line ended with the type. */
	if (n < 4 || n > MAX_FIELDS || !f[1].len || !f[2].len)
		return malformed(err, name, line,
				 "a line that isn't CRC, symbol, module, type and namespace");
	if (f[3].len < 6 || memcmp(f[3].p, "EXPORT", 6))
		return malformed(err, name, line, "the fourth field is no type of export");
	export = klp_new(arena, struct klp_export);
	if (!parse_crc(&f[0], &export->crc))
		return malformed(err, name, line, "the first field is no CRC");
	export->symbol = klp_strndup(arena, f[1].p, f[1].len);
	export->module = klp_strndup(arena, f[2].p, f[2].len);
	export->type = klp_strndup(arena, f[3].p, f[3].len);
	export->ns = n > 4 ? klp_strndup(arena, f[4].p, f[4].len) : "";
	/* modpost refuses two exports of one name; which one holds can't be told here. */
	if (klp_map_get(map, export->symbol)) {
		klp_error_set(err, KLP_EINPUT, "the symbol '%s' is exported twice", export->symbol);
		return malformed(err, name, line, "");
	}
	klp_map_put(map, export->symbol, export);
	return 0;
}

int klp_symvers_parse(struct klp_arena *arena, const char *name, const char *data, size_t len,
		      struct klp_map *map, struct klp_error *err)
{
	const char *end = data + len;
	unsigned int line = 1;

	if (len && memchr(data, '\0', len))
		return malformed(err, name, 0, "binary data in a list of exports");
	for (const char *p = data; p < end; line++) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *stop = nl ? nl : end;

		if (stop != p && parse_line(arena, name, line, p, (size_t)(stop - p), map, err) < 0)
			return err->code;
		p = stop + 1;
	}
	return 0;
}
