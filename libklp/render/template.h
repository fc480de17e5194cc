/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The language of templates/: placeholders and repetition, no logic.
 *
 *	@NAME@                    the value of NAME in the scope, or in one around it
 *	@each LIST@ ... @end@     the text between, once for each member of LIST
 *
 * `@each LIST@` or `@end@` alone on a line take the whole line away; within a line, just
 * themselves. A condition is a list with one member or none. A name that no scope knows is
 * an error, never empty text. Scopes live in the arena they were made with.
 */
#ifndef KLP_RENDER_TEMPLATE_H
#define KLP_RENDER_TEMPLATE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/error.h"

struct klp_scope;

/* The outermost scope. */
struct klp_scope *klp_scope_new(struct klp_arena *arena);
/* value is borrowed */
void klp_scope_set(struct klp_scope *scope, const char *name, const char *value);
/* A list without members: repeated no times. Adding to it is klp_scope_add(). */
void klp_scope_list(struct klp_scope *scope, const char *list);
/* One more member of a list, made when it isn't there. */
struct klp_scope *klp_scope_add(struct klp_scope *scope, const char *list);
/* A list with one member, or none. */
void klp_scope_condition(struct klp_scope *scope, const char *list, bool is);

/* name stands for the template in errors. */
int klp_template_expand(const char *name, const char *text, const struct klp_scope *scope,
			struct klp_buf *out, struct klp_error *err);

/* The files of templates/, made part of the library by the Makefile. Ends in a NULL name. */
struct klp_template {
	const char *name;
	const char *text;
};
extern const struct klp_template klp__templates[];
/* The text of one of them, NULL when there is none of that name. */
const char *klp_template_get(const char *name);

#endif
