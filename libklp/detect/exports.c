// SPDX-License-Identifier: GPL-2.0-or-later
#include "detect/exports.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"

/* The contents of all strings of an asm() as one, as the assembler gets them. */
static const char *assembly_text(struct klp_arena *arena, const struct klp_view *view,
				 const struct klp_cdecl *d)
{
	struct klp_buf out;

	klp_buf_init(&out, arena);
	klp_buf_add(&out, "");
	for (uint32_t i = d->first; i < d->first + d->n; i++) {
		const struct klp_ctok *tok = &view->toks.v.v[i];

		if (tok->kind == KLP_TOK_STRING && tok->len >= 2)
			klp_buf_addn(&out, tok->p + 1, tok->len - 2);
	}
	return out.p;
}

static const char *word_behind(struct klp_arena *arena, const char *text, const char *prefix)
{
	const char *p = strstr(text, prefix);
	size_t n = 0;

	if (!p)
		return NULL;
	p += strlen(prefix);
	while (isalnum((unsigned char)p[n]) || p[n] == '_')
		n++;
	return n ? klp_strndup(arena, p, n) : NULL;
}

/*
 * The symbol's name in a part of its export: include/linux/export.h of any kernel since 4.19
 * makes variables or assembly, by configuration.
 */
static const char *exported(struct klp_arena *arena, const struct klp_view *view,
			    const struct klp_cdecl *d)
{
	static const char *const labels[] = { "__kstrtab_", "__ksymtab_", "__export_symbol_" };
	const char *text = NULL, *name;

	if (d->kind == KLP_CDECL_VARIABLE && d->section)
		text = d->name;
	else if (d->kind == KLP_CDECL_ASM)
		text = assembly_text(arena, view, d);
	for (size_t i = 0; text && i < sizeof(labels) / sizeof(*labels); i++) {
		name = word_behind(arena, text, labels[i]);
		/* the section of the strings begins like a label */
		if (name && !strcmp(name, "strings"))
			continue;
		if (name && (d->kind == KLP_CDECL_ASM || text == strstr(text, labels[i])))
			return name;
	}
	return NULL;
}

void klp_detect__exports(struct klp_arena *arena, const struct klp_view *view, struct klp_map *ret)
{
	klp_map_init(ret, arena);
	for (size_t i = 0; i < view->cdecls.n; i++) {
		const struct klp_cdecl *d = &view->cdecls.v[i];
		const char *name = exported(arena, view, d);

		if (name && !klp_map_get(ret, name))
			klp_map_put(ret, name, (void *)d);
	}
}

bool klp_detect__is_export(struct klp_arena *arena, const struct klp_view *view,
			   const struct klp_cdecl *d, const struct klp_map *exports)
{
	const char *name;

	if (exported(arena, view, d))
		return true;
	/* __ADDRESSABLE(symbol), for the export; initcalls have it, too */
	name = d->kind == KLP_CDECL_VARIABLE && d->section
		       ? word_behind(arena, d->name, "__addressable_")
		       : NULL;
	for (size_t i = 0; name && i < exports->n; i++)
		if (!strncmp(name, exports->entries[i].key, exports->entries[i].len))
			return true;
	return false;
}
