/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside detect/ only: members that a fix adds to a struct, and what shadow variables in their
 * place would be like.
 */
#ifndef KLP_DETECT_SHADOW_H
#define KLP_DETECT_SHADOW_H

#include "detect/detect.h"

/*
 * Each KLP-TYPE-CHANGED among the findings that is about added members gets a hint that names
 * them. For those that opts->shadows asks for, ret is filled in, and findings say who uses the
 * member and where objects come from and go (KLP-SHADOW-USE, KLP-SHADOW-OBJECT), or why there can
 * be none (KLP-SHADOW).
 */
int klp_detect__shadows(struct klp_arena *arena, const struct klp_detect_opts *opts,
			const struct klp_views *views, struct klp_shadows *ret,
			struct klp_findings *findings, struct klp_error *err);

#endif
