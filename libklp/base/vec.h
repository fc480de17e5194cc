/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Growable arrays in an arena.
 *
 *	KLP_VEC(klp_names, const char *);
 *	struct klp_names names = {};
 *	klp_vec_push(arena, &names, "foo");
 *	for (size_t i = 0; i < names.n; i++) use(names.v[i]);
 *
 * A vector of zeros is an empty one; it is always pushed to with the same arena, and is freed with
 * it. The array moves when it grows: keep indices, not pointers, while pushing.
 */
#ifndef KLP_BASE_VEC_H
#define KLP_BASE_VEC_H

#include "base/arena.h"

#define KLP_VEC(name, type)    \
	struct name {          \
		type *v;       \
		size_t n, cap; \
	}

#define klp_vec_push(arena, vec, ...)                                                          \
	((vec)->v = (__typeof__((vec)->v))klp_vec_room(arena, (vec)->v, (vec)->n, &(vec)->cap, \
						       sizeof(*(vec)->v)),                     \
	 (vec)->v[(vec)->n++] = (__VA_ARGS__))

/* Push a zeroed element and give its address. */
#define klp_vec_add(arena, vec)                                                                \
	((vec)->v = (__typeof__((vec)->v))klp_vec_room(arena, (vec)->v, (vec)->n, &(vec)->cap, \
						       sizeof(*(vec)->v)),                     \
	 &(vec)->v[(vec)->n++])

/* For the macros: v, or where its n elements lie now that there is room for one more. */
void *klp_vec_room(struct klp_arena *arena, void *v, size_t n, size_t *cap, size_t size);

/* The vector every module needs. */
KLP_VEC(klp_strs, const char *);

/* True when s is among them. */
int klp_strs_has(const struct klp_strs *strs, const char *s);
/* Push unless it is there. The string is borrowed: it must live as long as the vector. */
void klp_strs_add(struct klp_arena *arena, struct klp_strs *strs, const char *s);

#endif
