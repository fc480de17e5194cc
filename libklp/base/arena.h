/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arena: memory that lives as long as one run (or one job of it) and is freed at once.
 *
 * Results of the stages point into the run's arena; nobody frees them one by one. An arena
 * belongs to one thread. Memory comes zeroed. When the system has no memory left the
 * process is ended by abort(), here and nowhere else: with bounded inputs that is a broken
 * machine, not a case to go on from.
 */
#ifndef KLP_BASE_ARENA_H
#define KLP_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct klp_arena;

struct klp_arena *klp_arena_new(void); /* never NULL */
/* With everything that was allocated from it, and from those that it adopted. NULL is fine. */
void klp_arena_free(struct klp_arena *arena);
/* For KLP_CLEANUP_ARENA: a variable that is freed when its scope is left. */
void klp_arena_freep(struct klp_arena **arena);
#define KLP_CLEANUP_ARENA __attribute__((cleanup(klp_arena_freep)))

/*
 * The child is freed with the parent from now on: how a thread's results join a run's. Nobody
 * allocates from either meanwhile.
 */
void klp_arena_adopt(struct klp_arena *parent, struct klp_arena *child);

/*
 * Zeroed, aligned for any type, never NULL. Sizes are bytes; n * size is checked for overflow,
 * which counts as memory that has run out.
 */
void *klp_alloc(struct klp_arena *arena, size_t size);
void *klp_alloc_array(struct klp_arena *arena, size_t n, size_t size);
#define klp_new(arena, type) ((type *)klp_alloc(arena, sizeof(type)))

/* Copies; s is not NULL. The second one takes at most n characters. */
char *klp_strdup(struct klp_arena *arena, const char *s);
char *klp_strndup(struct klp_arena *arena, const char *s, size_t n);
/* What printf() would print. */
char *klp_sprintf(struct klp_arena *arena, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
char *klp_vsprintf(struct klp_arena *arena, const char *fmt, va_list ap);

#endif
