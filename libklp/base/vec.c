// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/vec.h"

#include <string.h>

void *klp_vec_room(struct klp_arena *arena, void *v, size_t n, size_t *cap, size_t size)
{
	size_t more;
	void *grown;

	if (n < *cap)
		return v;
	more = *cap ? *cap * 2 : 8;
	grown = klp_alloc_array(arena, more, size);
	if (n)
		memcpy(grown, v, n * size);
	*cap = more;
	return grown;
}

int klp_strs_has(const struct klp_strs *strs, const char *s)
{
	for (size_t i = 0; i < strs->n; i++)
		if (!strcmp(strs->v[i], s))
			return 1;
	return 0;
}

void klp_strs_add(struct klp_arena *arena, struct klp_strs *strs, const char *s)
{
	if (!klp_strs_has(strs, s))
		klp_vec_push(arena, strs, s);
}
