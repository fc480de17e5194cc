/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report on one screen of a terminal: can the fix be livepatched, what gets patched and
 * why, what a human must decide, where the module is. report.json has everything.
 */
#ifndef KLP_TOOLS_SUMMARY_H
#define KLP_TOOLS_SUMMARY_H

#include <stdbool.h>
#include <stdio.h>

#include "model/report.h"

struct summary_opts {
	bool colour;
	bool timing; /* of each stage, too */
};

/* What happens to each function when one livepatch takes another's place. */
void summary_upgrade(FILE *out, const struct klp_upgrade *upgrade);

void summary_print(FILE *out, const struct klp_report *report, const struct summary_opts *opts);

#endif
