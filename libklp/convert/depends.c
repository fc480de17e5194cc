// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * modpost writes into .modinfo which modules export what is undefined ("depends=jbd2,mbcache"), and
 * modprobe loads them first. A module that is referred to by livepatch relocations alone is not
 * needed before the one that is patched: it is taken out. What was taken out leaves NULs, which
 * kernel/module/main.c next_string() passes over, so that nothing else moves.
 */
#include <elf.h>
#include <string.h>

#include "convert/private.h"
#include "parsers/symvers.h"

struct modules {
	struct klp_map converted; /* some reference to it has become a relocation */
	struct klp_map needed;	  /* a symbol that stays undefined is exported by it: a weak one */
};

static void collect(struct klp_conversion *c, struct modules *ret)
{
	static char present;

	klp_map_init(&ret->converted, c->arena);
	klp_map_init(&ret->needed, c->arena);
	for (size_t i = 1; i < c->image.syms.n; i++) {
		const struct klp_image_sym *sym = &c->image.syms.v[i];
		const struct klp_export *export;

		if (c->refs[i])
			klp_map_put(&ret->converted, c->refs[i]->object, &present);
		else if (klp_convert__is_open(sym) &&
			 (export = klp_map_get(&c->opts->tree->exports, sym->name)) &&
			 strcmp(export->module, "vmlinux"))
			klp_map_put(&ret->needed, klp_convert__module_name(c, export->module),
				    &present);
	}
}

/* Rewrites the list in its place; len: without the NUL. */
static void filter(struct klp_conversion *c, char *list, size_t len)
{
	char *words = klp_strndup(c->arena, list, len), *save = NULL;
	struct modules modules;
	size_t to = 0;

	collect(c, &modules);
	memset(list, 0, len);
	for (char *w = strtok_r(words, ",", &save); w; w = strtok_r(NULL, ",", &save)) {
		const char *module = klp_convert__module_name(c, w);

		if (klp_map_get(&modules.converted, module) &&
		    !klp_map_get(&modules.needed, module))
			continue;
		if (to)
			list[to++] = ',';
		memcpy(list + to, w, strlen(w));
		to += strlen(w);
	}
}

void klp_convert__depends(struct klp_conversion *c)
{
	uint32_t index = klp_image_section(&c->image, ".modinfo");
	const char *value = klp_image_modinfo(&c->image, "depends", 0);
	struct klp_image_section *s = &c->image.sections.v[index];
	unsigned char *copy;

	if (!index || !value || !*value)
		return;
	copy = klp_alloc(c->arena, s->size);
	memcpy(copy, s->data, s->size);
	filter(c, (char *)copy + (value - (const char *)s->data), strlen(value));
	s->data = copy;
}
