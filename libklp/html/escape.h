/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside html/: the one way by which text that others wrote gets into the page. A reader must see
 * what the compiler sees: what has no shape of its own, or changes the shape of what stands
 * around it (control characters, directions of writing, blanks of no width), and bytes that are no
 * UTF-8, are written out as what they are, "⟦U+202E⟧", "⟦byte FF⟧".
 */
#ifndef KLP_HTML_ESCAPE_H
#define KLP_HTML_ESCAPE_H

#include "base/buf.h"

enum klp_html_place {
	KLP_HTML_TEXT,	/* between tags; what is written out gets a mark-up of its own */
	KLP_HTML_PLAIN, /* in an attribute's quotes, in <title>, in SVG: no tags */
};

/* Longer texts are cut, and say by how much. */
#define KLP_HTML_MAX_TEXT 4000
/* Likewise a line of source: wider than any screen. */
#define KLP_HTML_MAX_LINE 1000

/* At most max of the n bytes at s. Newline and tab stay; in PLAIN they are character references. */
void klp_html__escape(struct klp_buf *out, enum klp_html_place place, const char *s, size_t n,
		      size_t max);

#endif
