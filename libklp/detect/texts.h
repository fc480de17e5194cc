/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The source of functions in both versions, for a human to read: where each begins and ends is
 * what the recorded compiler says, the lines are those that it read.
 */
#ifndef KLP_DETECT_TEXTS_H
#define KLP_DETECT_TEXTS_H

#include "detect/detect.h"
#include "model/closure.h"
#include "model/review.h"

/*
 * Of those that the fix changes, and of those in `patch`: to review->texts, and the names of the
 * rest, whose unit wasn't viewed, to review->textless. While the stage's private directory is
 * there. A file that can't be read is no error.
 */
void klp_detect_texts(struct klp_arena *arena, const struct klp_detect_result *detected,
		      const struct klp_patched_vec *patch, struct klp_review *review);

#endif
