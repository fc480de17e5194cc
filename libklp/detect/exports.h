/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside detect/ only: EXPORT_SYMBOL() as it looks behind the preprocessor. */
#ifndef KLP_DETECT_EXPORTS_H
#define KLP_DETECT_EXPORTS_H

#include "base/map.h"
#include "tu/view.h"

/* The symbols that a view exports: name -> its struct klp_cdecl. */
void klp_detect__exports(struct klp_arena *arena, const struct klp_view *view, struct klp_map *ret);

/* The declaration is a part of the export of one of them. */
bool klp_detect__is_export(struct klp_arena *arena, const struct klp_view *view,
			   const struct klp_cdecl *d, const struct klp_map *exports);

#endif
