/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside cc/: which files a preprocessed text was made of, by its line markers. */
#ifndef KLP_CC_ENTERED_H
#define KLP_CC_ENTERED_H

#include "cc/cut.h"
#include "cc/top.h"

/*
 * text: what the compiler has made of the head of `cut`, whose directives were in the file
 * `source`; cwd: where it ran. False where the markers don't tell: they aren't in pairs, or what
 * the source goes on behind is no #include.
 */
bool klp_cc__entered(struct klp_arena *arena, const char *cwd, const struct klp_cut *cut,
		     const char *source, const char *text, size_t len, struct klp_cc_entereds *ret);

#endif
