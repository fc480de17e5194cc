/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The undefined symbols of the plain module that the plan doesn't turn into livepatch
 * references: each must be one that the module loader resolves. Inside convert/ only.
 */
#ifndef KLP_CONVERT_UNDEFINED_H
#define KLP_CONVERT_UNDEFINED_H

#include "base/error.h"
#include "base/map.h"
#include "elf/image.h"
#include "model/plan.h"

/* refs: by symbol index, not NULL for what is converted. */
int klp_convert__undefined(struct klp_arena *arena, const struct klp_image *image,
			   const struct klp_plan *plan, const struct klp_symref *const *refs,
			   const struct klp_map *exports, struct klp_error *err);

#endif
