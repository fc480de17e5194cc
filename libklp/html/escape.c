// SPDX-License-Identifier: GPL-2.0-or-later
#include "html/escape.h"

#include <stdio.h>

#include "base/utf8.h"

/*
 * Characters that can't be told by looking at them, or that let others look like something else.
 * Sorted. (Unicode's Default_Ignorable_Code_Point and Bidi_Control, blanks other than U+0020,
 * controls, and what XML can't hold.)
 */
static const struct {
	uint32_t from, to;
	const char *what;
} hidden[] = {
	{ 0x0000, 0x0008, "control character" },
	{ 0x000b, 0x001f, "control character" },
	{ 0x007f, 0x009f, "control character" },
	{ 0x00a0, 0x00a0, "blank that is no space" },
	{ 0x00ad, 0x00ad, "invisible character" },
	{ 0x034f, 0x034f, "invisible character" },
	{ 0x061c, 0x061c, "changes the direction of writing" },
	{ 0x115f, 0x1160, "invisible character" },
	{ 0x1680, 0x1680, "blank that is no space" },
	{ 0x17b4, 0x17b5, "invisible character" },
	{ 0x180b, 0x180f, "invisible character" },
	{ 0x2000, 0x200a, "blank that is no space" },
	{ 0x200b, 0x200d, "character of no width" },
	{ 0x200e, 0x200f, "changes the direction of writing" },
	{ 0x2028, 0x2029, "line break that is no newline" },
	{ 0x202a, 0x202e, "changes the direction of writing" },
	{ 0x202f, 0x202f, "blank that is no space" },
	{ 0x205f, 0x205f, "blank that is no space" },
	{ 0x2060, 0x2065, "character of no width" },
	{ 0x2066, 0x2069, "changes the direction of writing" },
	{ 0x206a, 0x206f, "invisible character" },
	{ 0x3000, 0x3000, "blank that is no space" },
	{ 0x3164, 0x3164, "invisible character" },
	{ 0xe000, 0xf8ff, "character of private use" },
	{ 0xfe00, 0xfe0f, "invisible character" },
	{ 0xfeff, 0xfeff, "character of no width" },
	{ 0xffa0, 0xffa0, "invisible character" },
	{ 0xfff0, 0xfffb, "invisible character" },
	{ 0xfffe, 0xffff, "no character" },
	{ 0xe0000, 0xe0fff, "invisible character" },
	{ 0xf0000, 0x10ffff, "character of private use" },
};

static const char *hidden_as(uint32_t c)
{
	for (size_t i = 0; i < sizeof(hidden) / sizeof(*hidden) && hidden[i].from <= c; i++)
		if (c <= hidden[i].to)
			return hidden[i].what;
	return NULL;
}

static void write_out(struct klp_buf *out, enum klp_html_place place, const char *what,
		      const char *name)
{
	if (place == KLP_HTML_TEXT)
		klp_buf_addf(out,
			     "<span class=\"odd\" title=\"%s\">\xe2\x9f\xa6%s\xe2\x9f\xa7</span>",
			     what, name);
	else
		klp_buf_addf(out, "\xe2\x9f\xa6%s\xe2\x9f\xa7", name);
}

/* What HTML and XML read as something else; NULL for what stands for itself. */
static const char *reference(char c, enum klp_html_place place)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	case '\n':
		return place == KLP_HTML_PLAIN ? "&#10;" : NULL;
	case '\t':
		return place == KLP_HTML_PLAIN ? "&#9;" : NULL;
	default:
		return NULL;
	}
}

void klp_html__escape(struct klp_buf *out, enum klp_html_place place, const char *s, size_t n,
		      size_t max)
{
	size_t i = 0, len;

	for (; i < n && i < max; i += len) {
		const char *ref = reference(s[i], place), *what;
		char name[16];
		uint32_t c;

		len = klp_utf8(s + i, n - i, &c);
		if (ref) {
			klp_buf_add(out, ref);
		} else if (!len) {
			len = 1;
			snprintf(name, sizeof(name), "byte %02X", (unsigned char)s[i]);
			write_out(out, place, "no UTF-8", name);
		} else if ((what = hidden_as(c))) {
			snprintf(name, sizeof(name), "U+%04X", c);
			write_out(out, place, what, name);
		} else {
			klp_buf_addn(out, s + i, len);
		}
	}
	if (i >= n)
		return;
	if (place == KLP_HTML_TEXT)
		klp_buf_addf(out, "<span class=\"cut\">\xe2\x80\xa6 %zu more bytes</span>", n - i);
	else
		klp_buf_addf(out, "\xe2\x80\xa6 %zu more bytes", n - i);
}
