/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Map from strings to pointers, in an arena, iterated in the order of insertion (so that
 * whatever is printed from one is deterministic).
 *
 *	struct klp_map map;
 *	klp_map_init(&map, arena);
 *	klp_map_put(&map, "key", value);
 *	for (size_t i = 0; i < map.n; i++) use(map.entries[i].key, map.entries[i].value);
 *
 * Keys are borrowed: they must live as long as the map.
 */
#ifndef KLP_BASE_MAP_H
#define KLP_BASE_MAP_H

#include <stdint.h>

#include "base/arena.h"

struct klp_map_entry {
	const char *key; /* need not end in NUL when put by klp_map_putn() */
	size_t len;
	uint32_t hash;
	void *value;
};

struct klp_map {
	struct klp_arena *arena;
	struct klp_map_entry *entries;
	size_t n, cap;
	uint32_t *slots; /* index + 1 into entries, 0 for empty */
	size_t nslots;
};

/* Of a key, for tables of other shapes. */
uint32_t klp_hash(const char *key, size_t len);
/* FNV-1a, for what is written into files: the same in every version and on every machine. */
uint64_t klp_fnv1a(const char *data, size_t len);

/* Empty; it allocates from arena, and needs no freeing of its own. */
void klp_map_init(struct klp_map *map, struct klp_arena *arena);
/* Room for so many keys at once, when it is known how many will come. */
void klp_map_reserve(struct klp_map *map, size_t n);
/* NULL when absent. A value of NULL can't be told from absence. */
void *klp_map_get(const struct klp_map *map, const char *key);
void *klp_map_getn(const struct klp_map *map, const char *key, size_t len);
/* Replaces the value of a key that is there. */
void klp_map_put(struct klp_map *map, const char *key, void *value);
void klp_map_putn(struct klp_map *map, const char *key, size_t len, void *value);
/* The value's address, created as NULL when absent; valid until the next put. */
void **klp_map_slotn(struct klp_map *map, const char *key, size_t len);

#endif
