// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>

#include "base/buf.h"
#include "elf/compare_parts.h"

/* How much of a string is shown. */
#define MAX_SHOWN 40

static const char *show_string(struct klp_arena *arena, const struct klp_cmp_object *o,
			       const struct klp_cmp_ref *ref)
{
	const struct klp_image_section *s = &o->image.sections.v[ref->shndx];
	struct klp_buf buf;

	klp_buf_init(&buf, arena);
	klp_buf_add(&buf, "\"");
	for (uint64_t at = ref->at; at < s->size && s->data[at]; at += s->entsize) {
		unsigned char c = s->data[at];

		if (at - ref->at >= MAX_SHOWN * s->entsize) {
			klp_buf_add(&buf, "...");
			break;
		}
		if (c == '\n')
			klp_buf_add(&buf, "\\n");
		else
			klp_buf_addf(&buf, "%c", isprint(c) ? c : '?');
	}
	klp_buf_add(&buf, "\"");
	return buf.p;
}

static const char *with_offset(struct klp_arena *arena, const char *name, int64_t offset)
{
	if (!offset)
		return name;
	if (offset < 0)
		return klp_sprintf(arena, "%s-0x%llx", name, -(unsigned long long)offset);
	return klp_sprintf(arena, "%s+0x%llx", name, (unsigned long long)offset);
}

const char *klp_compare__show(struct klp_arena *arena, const struct klp_cmp_object *o,
			      const struct klp_cmp_ref *ref)
{
	struct klp_buf buf;

	switch (ref->target) {
	case KLP_CMP_NUMBER:
		return klp_sprintf(arena, "0x%llx", (unsigned long long)ref->rest);
	case KLP_CMP_NAME:
		return ref->name;
	case KLP_CMP_STRING:
		return show_string(arena, o, ref);
	case KLP_CMP_PLACE:
		break;
	}
	if (ref->sym)
		return with_offset(arena, ref->sym->name, (int64_t)(ref->at - ref->place->start));
	if (!ref->place->syms.n)
		return klp_sprintf(arena, "%s in %s", ref->place->code ? "code" : "data",
				   o->image.sections.v[ref->place->shndx].name);
	klp_buf_init(&buf, arena);
	for (size_t i = 0; i < ref->place->syms.n; i++)
		klp_buf_addf(&buf, "%s%s", i ? "=" : "", ref->place->syms.v[i]->name);
	return with_offset(arena, buf.p, (int64_t)(ref->at - ref->place->start));
}
