/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stage 5: the module directory that plain Kbuild builds: the extracted sources, the
 * module's own tables (livepatch.c), Kbuild, Makefile and README, from templates/. (The plan
 * goes beside them as NAME.plan.json; report/ writes it.)
 */
#ifndef KLP_RENDER_RENDER_H
#define KLP_RENDER_RENDER_H

#include "base/error.h"
#include "model/plan.h"

/* Writes into dir, which exists and is the caller's to rename into place. */
int klp_render(struct klp_arena *arena, const struct klp_plan *plan, const char *dir,
	       struct klp_error *err);
/*
 * The same livepatch as a directory of the tree by which SUSE builds its livepatches
 * (github.com/SUSE/kernel-livepatch): the text, what sets its pointers, the table of what is
 * replaced by what (patched_funcs.csv). plan: with pointers, not relocations.
 */
int klp_render_suse(struct klp_arena *arena, const struct klp_plan *plan, const char *dir,
		    struct klp_error *err);

#endif
