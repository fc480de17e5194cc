/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Headers with the accessors of shadow variables, for the author of a fix to put beside its unit.
 */
#ifndef KLP_RENDER_SHADOW_H
#define KLP_RENDER_SHADOW_H

#include "base/error.h"
#include "model/shadow.h"

/* Writes the header of each into the directory, from templates/shadow.h. */
int klp_render_shadows(struct klp_arena *arena, const struct klp_shadows *shadows, const char *dir,
		       struct klp_error *err);

#endif
