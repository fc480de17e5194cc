// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Looking symbols up by name. A kernel has tens of thousands, and a question is about a few of
 * them: a slot is eight bytes, and nothing else is kept for a name.
 */
#include <string.h>

#include "base/map.h"
#include "elf/symtab_parts.h"

struct klp_symtab_slot {
	uint32_t hash;
	uint32_t index; /* of the first symbol of that name; 0 for an empty slot */
};

/* The slot of a name, empty when there is no such symbol. */
static struct klp_symtab_slot *slot_of(const struct klp_symtab *symtab, const char *name,
				       size_t len, uint32_t hash)
{
	uint32_t mask = symtab->nslots - 1, s = hash & mask;

	for (; symtab->slots[s].index; s = (s + 1) & mask) {
		const char *other = symtab->v[symtab->slots[s].index].name;

		if (symtab->slots[s].hash == hash && !strncmp(other, name, len) && !other[len])
			break;
	}
	return &symtab->slots[s];
}

void klp_symtab__index(struct klp_arena *arena, struct klp_symtab *symtab)
{
	uint32_t nslots = 16;

	while (nslots < 2 * symtab->n)
		nslots *= 2;
	symtab->slots = klp_alloc_array(arena, nslots, sizeof(*symtab->slots));
	symtab->nslots = nslots;
	/* From the end: each becomes the first one, before those that are there already. */
	for (size_t i = symtab->n; i-- > 1;) {
		struct klp_sym *sym = &symtab->v[i];
		struct klp_symtab_slot *slot;
		uint32_t hash;
		size_t len;

		if (!*sym->name || sym->type == STT_FILE || sym->type == STT_SECTION)
			continue;
		len = strlen(sym->name);
		hash = klp_hash(sym->name, len);
		slot = slot_of(symtab, sym->name, len, hash);
		if (slot->index)
			sym->same = &symtab->v[slot->index];
		*slot = (struct klp_symtab_slot){ hash, (uint32_t)i };
	}
}

struct klp_sym *klp_symtab__getn(const struct klp_symtab *symtab, const char *name, size_t len)
{
	uint32_t index;

	if (!symtab->nslots)
		return NULL;
	index = slot_of(symtab, name, len, klp_hash(name, len))->index;
	return index ? &symtab->v[index] : NULL;
}

struct klp_sym *klp_symtab_get(const struct klp_symtab *symtab, const char *name)
{
	return klp_symtab__getn(symtab, name, strlen(name));
}
