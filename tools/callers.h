/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who must be patched, as a picture: from each changed function down to the symbols that
 * contain or rely on its code. Text for a terminal, or Graphviz.
 */
#ifndef KLP_TOOLS_CALLERS_H
#define KLP_TOOLS_CALLERS_H

#include <stdbool.h>
#include <stdio.h>

#include "model/report.h"

void callers_print(FILE *out, const struct klp_report *report, bool colour);
void callers_dot(FILE *out, const struct klp_report *report);

#endif
