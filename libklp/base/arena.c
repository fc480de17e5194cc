// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define BLOCK_SIZE ((size_t)256 * 1024)
/* The first one; each next is twice as large. Many arenas live for one small file. */
#define FIRST_SIZE ((size_t)16 * 1024)
/* Blocks that are filled by whoever asks for them: tables that are read at once. */
#define POPULATE_SIZE BLOCK_SIZE

struct block {
	struct block *next;
	size_t used, size;
	_Alignas(max_align_t) char data[];
};

struct klp_arena {
	struct block *head;
	size_t last;		   /* size of the newest block that isn't one of its own */
	struct klp_arena *adopted; /* children */
	struct klp_arena *sibling; /* next child of the same parent */
};

static void out_of_memory(void)
{
	fputs("klp: out of memory\n", stderr);
	abort();
}

struct klp_arena *klp_arena_new(void)
{
	struct klp_arena *arena = calloc(1, sizeof(*arena));

	if (!arena)
		out_of_memory();
	return arena;
}

void klp_arena_free(struct klp_arena *arena)
{
	if (!arena)
		return;
	for (struct klp_arena *child = arena->adopted, *next; child; child = next) {
		next = child->sibling;
		klp_arena_free(child);
	}
	for (struct block *b = arena->head, *next; b; b = next) {
		next = b->next;
		free(b);
	}
	free(arena);
}

void klp_arena_adopt(struct klp_arena *parent, struct klp_arena *child)
{
	child->sibling = parent->adopted;
	parent->adopted = child;
}

void klp_arena_freep(struct klp_arena **arena)
{
	klp_arena_free(*arena);
}

static void populate(char *p, size_t size)
{
#ifdef MADV_POPULATE_WRITE
	const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t start = ((uintptr_t)p + page - 1) / page * page;
	uintptr_t end = ((uintptr_t)p + size) / page * page;

	/* An older kernel doesn't know it: nothing is lost. */
	if (end > start)
		madvise((void *)start, end - start, MADV_POPULATE_WRITE);
#endif
}

static struct block *block_new(size_t size)
{
	struct block *b = calloc(1, sizeof(*b) + size);

	if (!b)
		out_of_memory();
	b->size = size;
	/* All of it at once takes a third of the time that the pages take one by one. */
	if (size >= POPULATE_SIZE)
		populate(b->data, size);
	return b;
}

void *klp_alloc(struct klp_arena *arena, size_t size)
{
	const size_t align = _Alignof(max_align_t);
	struct block *b = arena->head;
	void *p;

	if (size > SIZE_MAX / 2)
		out_of_memory();
	size = (size + align - 1) & ~(align - 1);
	if (size > BLOCK_SIZE / 4) {
		/* A block of its own, behind the head, so that the head's rest stays in use. */
		struct block *own = block_new(size);

		own->used = size;
		if (b) {
			own->next = b->next;
			b->next = own;
		} else {
			arena->head = own;
		}
		return own->data;
	}
	if (!b || b->size - b->used < size) {
		arena->last = !arena->last		 ? FIRST_SIZE
			      : arena->last < BLOCK_SIZE ? arena->last * 2
							 : BLOCK_SIZE;
		while (arena->last < size)
			arena->last *= 2;
		b = block_new(arena->last);
		b->next = arena->head;
		arena->head = b;
	}
	p = b->data + b->used;
	b->used += size;
	return p;
}

void *klp_alloc_array(struct klp_arena *arena, size_t n, size_t size)
{
	if (size && n > SIZE_MAX / 2 / size)
		out_of_memory();
	return klp_alloc(arena, n * size);
}

char *klp_strndup(struct klp_arena *arena, const char *s, size_t n)
{
	char *p = klp_alloc(arena, n + 1);

	memcpy(p, s, n);
	return p;
}

char *klp_strdup(struct klp_arena *arena, const char *s)
{
	return klp_strndup(arena, s, strlen(s));
}

char *klp_vsprintf(struct klp_arena *arena, const char *fmt, va_list ap)
{
	va_list again;
	char *p;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		return klp_strdup(arena, "");
	p = klp_alloc(arena, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	return p;
}

char *klp_sprintf(struct klp_arena *arena, const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	p = klp_vsprintf(arena, fmt, ap);
	va_end(ap);
	return p;
}
