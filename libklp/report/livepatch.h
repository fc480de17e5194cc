/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Livepatch modules and what was found of them, as JSON: what `klp-verify --json` prints. */
#ifndef KLP_REPORT_LIVEPATCH_H
#define KLP_REPORT_LIVEPATCH_H

#include "base/arena.h"
#include "model/tables.h"
#include "model/upgrade.h"

/*
 * {"version": 1, "modules": [{"file", "name", "replace", "objects": [{"name", "functions": [...],
 * "callbacks": {...}}], "changed_by", "states": [...], "references": [...], "findings": [...]}],
 * "together": [findings], "upgrades": [{"from", "to", "functions": [{"object", "symbol", "sympos",
 * "what"}], "copied": [...]}]}, ending in a newline. Objects, states and replace are null where the
 * tables can't be read.
 */
char *klp_livepatches_json(struct klp_arena *arena, const struct klp_livepatches *modules,
			   const struct klp_findings *together,
			   const struct klp_upgrades *upgrades);

#endif
