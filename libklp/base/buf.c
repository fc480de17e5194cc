// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/buf.h"

#include <stdio.h>
#include <string.h>

void klp_buf_init(struct klp_buf *buf, struct klp_arena *arena)
{
	*buf = (struct klp_buf){ .arena = arena, .cap = 256 };
	buf->p = klp_alloc(arena, buf->cap);
}

static void room(struct klp_buf *buf, size_t more)
{
	size_t cap = buf->cap;
	char *p;

	if (buf->len + more + 1 <= cap)
		return;
	while (buf->len + more + 1 > cap)
		cap *= 2;
	p = klp_alloc(buf->arena, cap);
	memcpy(p, buf->p, buf->len + 1);
	buf->p = p;
	buf->cap = cap;
}

void klp_buf_addn(struct klp_buf *buf, const char *s, size_t n)
{
	room(buf, n);
	memcpy(buf->p + buf->len, s, n);
	buf->len += n;
	buf->p[buf->len] = '\0';
}

void klp_buf_add(struct klp_buf *buf, const char *s)
{
	klp_buf_addn(buf, s, strlen(s));
}

void klp_buf_addf(struct klp_buf *buf, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	room(buf, (size_t)n);
	va_start(ap, fmt);
	vsnprintf(buf->p + buf->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	buf->len += (size_t)n;
}
