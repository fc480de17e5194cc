/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stage 3: can each symbol of the patch set be redirected? It must exist in the running
 * object, be a function outside init sections, and have a traceable entry. Fills sympos,
 * address and size of each patch entry; what can't be patched becomes a finding. Hosts that
 * live only in init sections are dropped with a note (their code is gone on a running
 * machine). One that the fix edits is an error when there is nothing else to patch; else it is
 * dropped with a warning. And would a function that the fix adds stand in for one that the kernel
 * has from elsewhere? Then it is an error: unpatched code calls that one.
 */
#ifndef KLP_CHECK_CHECK_H
#define KLP_CHECK_CHECK_H

#include "base/error.h"
#include "elf/symtab.h"
#include "elf/symtabs.h"
#include "model/change.h"
#include "model/closure.h"
#include "model/finding.h"
#include "tree/tree.h"

int klp_check(struct klp_arena *arena, struct klp_tree *tree, const struct klp_changes *changes,
	      struct klp_symtabs *symtabs, struct klp_closure *closure,
	      struct klp_findings *findings, struct klp_error *err);

#endif
