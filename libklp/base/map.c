// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/map.h"

#include <string.h>

#include "base/vec.h"

/* Eight bytes at a time: hashing symbol names is most of what loading a kernel's table costs. */
uint64_t klp_fnv1a(const char *data, size_t len)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)data[i]) * UINT64_C(0x100000001b3);
	return h;
}

uint32_t klp_hash(const char *key, size_t len)
{
	uint64_t h = len * UINT64_C(0x9e3779b97f4a7c15), word;

	for (; len >= sizeof(word); key += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, key, sizeof(word));
		h = (h ^ word) * UINT64_C(0xff51afd7ed558ccd);
		h ^= h >> 32;
	}
	for (word = 0; len; len--)
		word = word << 8 | (unsigned char)key[len - 1];
	h = (h ^ word) * UINT64_C(0xff51afd7ed558ccd);
	return (uint32_t)(h ^ (h >> 32));
}

void klp_map_init(struct klp_map *map, struct klp_arena *arena)
{
	*map = (struct klp_map){ .arena = arena };
}

static void rehash(struct klp_map *map, size_t nslots)
{
	map->slots = klp_alloc_array(map->arena, nslots, sizeof(*map->slots));
	map->nslots = nslots;
	for (size_t i = 0; i < map->n; i++) {
		size_t s = map->entries[i].hash & (nslots - 1);

		while (map->slots[s])
			s = (s + 1) & (nslots - 1);
		map->slots[s] = (uint32_t)i + 1;
	}
}

void klp_map_reserve(struct klp_map *map, size_t n)
{
	struct klp_map_entry *entries;
	size_t nslots = 16;

	while (nslots * 3 < (n + 1) * 4)
		nslots *= 2;
	if (nslots > map->nslots)
		rehash(map, nslots);
	if (n <= map->cap)
		return;
	entries = klp_alloc_array(map->arena, n, sizeof(*entries));
	if (map->n)
		memcpy(entries, map->entries, map->n * sizeof(*entries));
	map->entries = entries;
	map->cap = n;
}

/* The slot of a key: empty when it isn't there. */
static uint32_t *slot_of(const struct klp_map *map, const char *key, size_t len, uint32_t hash)
{
	size_t s = hash & (map->nslots - 1);

	for (; map->slots[s]; s = (s + 1) & (map->nslots - 1)) {
		const struct klp_map_entry *e = &map->entries[map->slots[s] - 1];

		if (e->hash == hash && e->len == len && !memcmp(e->key, key, len))
			break;
	}
	return &map->slots[s];
}

void *klp_map_getn(const struct klp_map *map, const char *key, size_t len)
{
	uint32_t at = map->nslots ? *slot_of(map, key, len, klp_hash(key, len)) : 0;

	return at ? map->entries[at - 1].value : NULL;
}

void *klp_map_get(const struct klp_map *map, const char *key)
{
	return klp_map_getn(map, key, strlen(key));
}

void **klp_map_slotn(struct klp_map *map, const char *key, size_t len)
{
	uint32_t hash = klp_hash(key, len), *slot;
	struct klp_map_entry *e;

	if ((map->n + 1) * 4 > map->nslots * 3)
		rehash(map, map->nslots ? map->nslots * 2 : 16);
	slot = slot_of(map, key, len, hash);
	if (*slot)
		return &map->entries[*slot - 1].value;
	map->entries =
		klp_vec_room(map->arena, map->entries, map->n, &map->cap, sizeof(*map->entries));
	e = &map->entries[map->n++];
	*e = (struct klp_map_entry){ .key = key, .len = len, .hash = hash };
	*slot = (uint32_t)map->n;
	return &e->value;
}

void klp_map_putn(struct klp_map *map, const char *key, size_t len, void *value)
{
	*klp_map_slotn(map, key, len) = value;
}

void klp_map_put(struct klp_map *map, const char *key, void *value)
{
	klp_map_putn(map, key, strlen(key), value);
}
