/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside cc/: preprocessed text without what makes no code. Of a unit of the kernel, most of the
 * text are inline functions of headers that nothing in it calls; the compiler reads all of
 * them, checks them and throws them away. What is left out is asked of nobody's semantics but the
 * words: a static function goes whose name nothing says that stays.
 *
 * That a unit's code doesn't depend on what is left out is not taken on trust: klp_cc_rebuild()
 * uses such a text only where it gives the shipped object byte by byte. Only then are texts with
 * the same headers made, of which nothing is shipped; what the compiler says of one is asked of its
 * source.
 */
#ifndef KLP_CC_LEAN_H
#define KLP_CC_LEAN_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/map.h"
#include "parsers/cdecl.h"

/*
 * Adds to out what stays of text, the output of `cc -E`. Each line keeps its number; line markers
 * and pragmas stay. False when the text isn't understood: a bracket isn't closed.
 */
bool klp_cc__lean(const char *text, size_t len, struct klp_buf *out);

/*
 * Likewise of a text in two parts, of which the first, the head, stands before many others and is
 * read once; it ends between two declarations. What stands behind it stays whole. Once read, a head
 * may be used by several threads; all of it lives as long as the arena. False: as above.
 */
struct klp_cc__lean;
struct klp_cc__lean *klp_cc__lean_read(struct klp_arena *arena, const char *text, size_t len,
				       const struct klp_ctoks *toks,
				       const struct klp_cdecls *decls);
bool klp_cc__lean_behind(const struct klp_cc__lean *head, const char *text, size_t len,
			 struct klp_buf *out);
/*
 * What stays of the head alone, before a text of these tokens. left_out: gets the names of the
 * functions that don't, which live as long as the head; or NULL.
 */
void klp_cc__lean_before(const struct klp_cc__lean *head, const struct klp_ctok *v, size_t n,
			 struct klp_buf *out, struct klp_map *left_out);

#endif
