/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside cc/ only: one run of the recorded compiler. */
#ifndef KLP_CC_RUN_H
#define KLP_CC_RUN_H

#include "cc/cc.h"

/*
 * The job, as it stands. macros: NULL, or a file with the macros that there are before the source
 * begins, those of headers that the command line would include among them.
 */
int klp_cc__run_one(struct klp_arena *arena, const struct klp_cc_job *job, const char *macros,
		    struct klp_proc_result *ret, struct klp_error *err);

#endif
