// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/map.h"

#include <string.h>

#include "base/vec.h"

static uint32_t hash_of(const char *key, size_t len)
{
	uint32_t h = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)key[i]) * 16777619u;
	return h ^ (h >> 15);
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

static struct klp_map_entry *lookup(const struct klp_map *map, const char *key, size_t len,
				    uint32_t hash)
{
	if (!map->nslots)
		return NULL;
	for (size_t s = hash & (map->nslots - 1); map->slots[s]; s = (s + 1) & (map->nslots - 1)) {
		struct klp_map_entry *e = &map->entries[map->slots[s] - 1];

		if (e->hash == hash && e->len == len && !memcmp(e->key, key, len))
			return e;
	}
	return NULL;
}

void *klp_map_getn(const struct klp_map *map, const char *key, size_t len)
{
	struct klp_map_entry *e = lookup(map, key, len, hash_of(key, len));

	return e ? e->value : NULL;
}

void *klp_map_get(const struct klp_map *map, const char *key)
{
	return klp_map_getn(map, key, strlen(key));
}

void **klp_map_slotn(struct klp_map *map, const char *key, size_t len)
{
	uint32_t hash = hash_of(key, len);
	struct klp_map_entry *e = lookup(map, key, len, hash);
	size_t s;

	if (e)
		return &e->value;
	if ((map->n + 1) * 4 > map->nslots * 3)
		rehash(map, map->nslots ? map->nslots * 2 : 16);
	map->entries = klp_vec__room(map->arena, map->entries, map->n, &map->cap,
				     sizeof(*map->entries));
	e = &map->entries[map->n++];
	*e = (struct klp_map_entry){ .key = key, .len = len, .hash = hash };
	for (s = hash & (map->nslots - 1); map->slots[s]; s = (s + 1) & (map->nslots - 1))
		;
	map->slots[s] = (uint32_t)map->n;
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
