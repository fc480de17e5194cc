/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The comparison of two objects as JSON: what `klp-objdiff --json` prints. */
#ifndef KLP_REPORT_COMPARE_H
#define KLP_REPORT_COMPARE_H

#include "base/arena.h"
#include "model/compare.h"

/*
 * {"changed": [names], "only_a": [names], "only_b": [names], "identical": N, ...}, ending in
 * a newline. A name is the symbol in A where it is there, else the one in B; `reasons` says
 * what each was called in both, and why it stands there.
 */
char *klp_compare_json(struct klp_arena *arena, const struct klp_compare *compare);

#endif
