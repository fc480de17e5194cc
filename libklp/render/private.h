/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of render/ share. */
#ifndef KLP_RENDER_PRIVATE_H
#define KLP_RENDER_PRIVATE_H

#include "base/error.h"
#include "model/finding.h"
#include "model/plan.h"
#include "render/template.h"

/*
 * Adds callbacks.c to the plan's sources and fills in plan->callbacks. text: the author's file,
 * borrowed, which `path` names in messages; NULL for skeletons, all four for each object of
 * which a function is patched. Findings, KLP-CALLBACKS: functions of the author's that look
 * like callbacks and can't be or that nothing will call, or no callback at all.
 */
int klp_render__callbacks(struct klp_arena *arena, const char *path, const char *text,
			  struct klp_plan *plan, struct klp_findings *findings,
			  struct klp_error *err);
void klp_render__sort_callbacks(struct klp_plan *plan);

/* externs.c */
/* Adds externs.c, and its callback, when the plan has references that are pointers. */
void klp_render__externs(struct klp_arena *arena, struct klp_plan *plan);
/* What the templates say of them. */
void klp_render__add_externs(struct klp_arena *arena, struct klp_scope *root,
			     const struct klp_plan *plan);

#endif
