/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A livepatch that takes the place of another: what changes for each function, and what the
 * older one leaves behind. Of finished modules, whichever tool made them; no build is needed.
 * Whether the kernel allows it at all is klp_verify_together()'s question.
 */
#ifndef KLP_VERIFY_UPGRADE_H
#define KLP_VERIFY_UPGRADE_H

#include "base/error.h"
#include "model/finding.h"
#include "model/tables.h"
#include "model/upgrade.h"

/*
 * For each livepatch that replaces, those that are still there of the ones loaded before it;
 * modules are in the order of loading. Nothing for one whose tables can't be read; of
 * one without a path (of which only the tables are known) no code is compared. Findings:
 * KLP-V-RETURNS, a function goes back to the original; KLP-V-HANDOVER, something was set up that
 * nobody takes back.
 */
int klp_verify_upgrades(struct klp_arena *arena, const struct klp_livepatches *modules,
			struct klp_upgrades *ret, struct klp_findings *findings,
			struct klp_error *err);

#endif
