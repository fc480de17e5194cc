/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A text under construction, in an arena: `p` is it, of `len` bytes, NUL-terminated and never NULL
 * after klp_buf_init(); it lives as long as the arena, and moves when something is added.
 */
#ifndef KLP_BASE_BUF_H
#define KLP_BASE_BUF_H

#include "base/arena.h"

struct klp_buf {
	struct klp_arena *arena;
	char *p;
	size_t len, cap;
};

/* Begins with the empty text. */
void klp_buf_init(struct klp_buf *buf, struct klp_arena *arena);
/* A string; n bytes, NULs among them or not; what printf() would print. */
void klp_buf_add(struct klp_buf *buf, const char *s);
void klp_buf_addn(struct klp_buf *buf, const char *s, size_t n);
void klp_buf_addf(struct klp_buf *buf, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
